import { expect, test } from "bun:test";
import { AuditLog } from "../../src/log/audit.ts";
import { removeOld } from "../../src/log/retention.ts";
import { anchorTrail, Trail } from "../../src/log/trail.ts";
import { verify } from "../../src/log/verify.ts";
import { createMemoryStore } from "../../src/store/memory/index.ts";
import { user } from "../core/arbitrary.ts";
import { addClass, author, Node } from "../faults/node.ts";

const YEAR_MS = 365.25 * 86_400_000;
/** When Node's sessions are held. */
const THEN = 1_700_000_000_000;
const [ada, ben] = [user(1), user(2)];
const signedIn = { deed: "signed-in", actor: ada, subject: ada } as const;

/** Two ended sessions and one that runs, and a trail of three from the same time. */
async function school() {
  const store = createMemoryStore();
  const clock = { at: THEN, now: () => clock.at };
  const audit = new AuditLog(store.audit, clock);
  const trail = new Trail({ store: store.trail, clock, troubled: () => undefined, failuresMax: 1 });
  const cls = await addClass(store, [ada, ben]);
  const node = new Node(store);
  for (let held = 0; held < 2; held++) {
    await node.sessions.start(cls, author);
    await node.mark(ada);
    await node.end([ada, ben]);
  }
  await node.sessions.start(cls, author);
  for (let n = 0; n < 3; n++) await trail.record(signedIn);
  await anchorTrail(store.trail, audit);
  const remove = (years: number) => removeOld({ store, audit, trail, clock, years });
  const sessions = async () => (await store.sessions.pageByStart(null, 10)).length;
  return { store, clock, trail, remove, sessions };
}

test("PV3 what is not old enough stays", async () => {
  const { store, clock, remove, sessions } = await school();
  clock.at = THEN + 2 * YEAR_MS;
  expect(await remove(2)).toBe(0);
  expect(await sessions()).toBe(3);
  expect(await store.trail.read(0, 10)).toHaveLength(3);
  expect((await verify(store)).faults).toEqual([]);
});

test("PV3 old sessions go whole, one that runs stays, and verify finds nothing wrong", async () => {
  const { store, clock, remove, sessions } = await school();
  clock.at = THEN + 2 * YEAR_MS + 1;
  expect(await remove(2)).toBe(2);
  expect(await sessions()).toBe(1);
  const found = await verify(store);
  expect(found).toMatchObject({ sessions: 1, faults: [] });
  const left = await store.trail.read(0, 10);
  expect(left.map(({ deed, number }) => [deed, number])).toEqual([["sessions-removed", 4]]);
  expect(await remove(2)).toBe(0);
  expect((await verify(store)).faults).toEqual([]);
});

test("PV3 a removal cut short is gone on with", async () => {
  const { store, clock, trail, remove } = await school();
  clock.at = THEN + 2 * YEAR_MS + 1;
  const audit = new AuditLog(store.audit, clock);
  const sessions = { ...store.sessions, remove: () => Promise.reject(new Error("power cut")) };
  const parts = { store: { ...store, sessions }, audit, trail, clock, years: 2 };
  expect(removeOld(parts)).rejects.toThrow("power cut");
  await Bun.sleep(0);
  expect((await verify(store)).faults).toEqual([]);
  expect(await remove(2)).toBe(2);
  expect((await verify(store)).faults).toEqual([]);
});

test("PV3 a session that is gone without a word of it is still missed", async () => {
  const { store } = await school();
  const [first] = await store.sessions.pageByStart(null, 1);
  if (!first) throw new Error("no session");
  await store.sessions.remove(first.id);
  expect((await verify(store)).faults.join()).toContain("it is gone");
});
