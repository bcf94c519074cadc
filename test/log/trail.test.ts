import { expect, test } from "bun:test";
import { searchTrailInput } from "../../protocol/accounts.ts";
import { AuditLog } from "../../src/log/audit.ts";
import { anchorTrail, Trail } from "../../src/log/trail.ts";
import { type VerifiedStore, verify } from "../../src/log/verify.ts";
import type { Store } from "../../src/ports/store.ts";
import { DEEDS, type TrailEntry, type TrailStore } from "../../src/ports/trail.ts";
import { createMemoryStore } from "../../src/store/memory/index.ts";
import { NOON, userId } from "../contracts/batches.ts";

const [ada, ben] = [userId(1), userId(2)];
const signedIn = { deed: "signed-in", actor: ada, subject: ada } as const;

function setup(store: Store = createMemoryStore(), trailStore: TrailStore = store.trail) {
  const clock = { at: NOON, now: () => clock.at++ };
  const troubles: string[] = [];
  const trail = new Trail({
    store: trailStore,
    clock,
    troubled: (what) => troubles.push(what),
    failuresMax: 3,
  });
  const audit = new AuditLog(store.audit, clock);
  return { store, clock, troubles, trail, audit };
}

/** A trail of five entries whose end the audit chain knows. */
async function written() {
  const made = setup();
  for (let n = 0; n < 5; n++) await made.trail.record(signedIn, { address: `192.0.2.${n}` });
  await anchorTrail(made.store.trail, made.audit);
  return made;
}

/** What verify finds where somebody changed the trail. */
async function faultsWith(store: Store, change: (entries: TrailEntry[]) => TrailEntry[]): Promise<string> {
  const read: TrailStore["read"] = async (after, limit) =>
    change(await store.trail.read(0, 1000))
      .filter(({ number }) => number > after)
      .slice(0, limit);
  const changed: VerifiedStore = { ...store, trail: { read } };
  return (await verify(changed)).faults.join("\n");
}

test("AU1 deeds told at once are written in their order, and the place stands outside of what is hashed", async () => {
  const { store, trail } = setup();
  await Promise.all(
    [ada, ben, ada].map((actor) => trail.record({ ...signedIn, actor }, { address: "192.0.2.7" })),
  );
  const entries = await store.trail.read(0, 10);
  expect(entries.map(({ actor }) => actor)).toEqual([ada, ben, ada]);
  for (const { body } of entries) expect(body).not.toContain("192.0.2.7");
  expect(await verify(store)).toMatchObject({ trailEntries: 3, faults: [] });
});

test("AU1 two writers of one trail lose nothing", async () => {
  const store = createMemoryStore();
  const [one, other] = [setup(store).trail, setup(store).trail];
  await Promise.all(Array.from({ length: 20 }, (_, n) => (n % 2 ? one : other).record(signedIn)));
  expect(await verify(store)).toMatchObject({ trailEntries: 20, faults: [] });
});

test("AU1 the documents know the deeds that there are", () => {
  expect(searchTrailInput.shape.deed.unwrap().options).toEqual([...DEEDS]);
});

test("AU3 failures are counted, and written once: some by themselves, the others in one sum", async () => {
  const { store, trail } = setup();
  for (let n = 0; n < 50; n++) trail.failed(ada, "192.0.2.1");
  trail.failed(null, "192.0.2.1");
  trail.failed(ben, "192.0.2.2");
  for (let n = 0; n < 1000; n++) trail.failed(userId(100 + n), "192.0.2.3");
  expect(await store.trail.last()).toBeNull();
  await trail.flushFailures();
  const entries = await store.trail.read(0, 10);
  const told = entries.map(({ body, subject, details }) => [
    subject,
    JSON.parse(body).fact.times,
    details?.address,
  ]);
  expect(told).toEqual([
    [ada, 50, "192.0.2.1"],
    [null, 1, "192.0.2.1"],
    [ben, 1, "192.0.2.2"],
    [null, 1000, undefined],
  ]);
  await trail.flushFailures();
  expect(await store.trail.read(0, 10)).toHaveLength(4);
});

test("AU4 a whole trail has no faults, also where what stands beside it was erased", async () => {
  const { store } = await written();
  await store.trail.eraseDetails(ada);
  expect(await verify(store)).toMatchObject({ trailEntries: 5, faults: [] });
});

test("AU4 a changed, removed, swapped or re-labelled entry is named", async () => {
  const { store } = await written();
  const change =
    (at: number, changes: (entry: TrailEntry) => Partial<TrailEntry>) => (entries: TrailEntry[]) =>
      entries.map((entry) => (entry.number === at ? { ...entry, ...changes(entry) } : entry));
  const lie = ({ body }: TrailEntry) => ({ body: body.replace("signed-in", "signed-out") });
  expect(await faultsWith(store, change(3, lie))).toContain("trail entry 3: the body is not the one");
  expect(
    await faultsWith(
      store,
      change(3, () => ({ actor: ben })),
    ),
  ).toContain("entry 3: it is searched by other words");
  const hidden = change(3, ({ at }) => ({ at: at - 86_400_000 }));
  expect(await faultsWith(store, hidden)).toContain("entry 3: it is searched by other words");
  const gone = (entries: TrailEntry[]) => entries.filter(({ number }) => number !== 3);
  expect(await faultsWith(store, gone)).toContain("trail entry 4");
});

test("AU4 a cut end of which the audit chain knows is named", async () => {
  const { store } = await written();
  expect(await faultsWith(store, (entries) => entries.slice(0, 4))).toContain(
    "trail entry 5: the audit chain names it",
  );
  expect(await faultsWith(store, () => [])).toContain("trail entry 5: the audit chain names it");
});

test("AU4 a beginning may be cut off where the audit chain says so, and nowhere else", async () => {
  const { store, audit } = await written();
  const [, second] = await store.trail.read(0, 10);
  if (!second) throw new Error("no entry");
  await store.trail.cut(2);
  expect((await verify(store)).faults.join("\n")).toContain("trail entry 3");
  await audit.recordOf({ kind: "trail-cut", number: 2, hash: second.hash });
  expect(await verify(store)).toMatchObject({ trailEntries: 3, faults: [] });
  await store.trail.cut(3);
  expect((await verify(store)).faults.join("\n")).toContain("trail entry 4");
});

test("AU5 what cannot be written is told to the operator, and later deeds are written", async () => {
  const store = createMemoryStore();
  const disk = { full: true };
  const append: TrailStore["append"] = async (entries) => {
    if (disk.full) throw new Error("the disk is full");
    return store.trail.append(entries);
  };
  const { trail, troubles } = setup(store, { ...store.trail, append });
  await trail.note(signedIn);
  expect(trail.record(signedIn)).rejects.toThrow("full");
  expect(troubles).toHaveLength(1);
  disk.full = false;
  await trail.note(signedIn);
  expect(await verify(store)).toMatchObject({ trailEntries: 1, faults: [] });
});
