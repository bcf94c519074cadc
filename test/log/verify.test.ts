import { expect, test } from "bun:test";
import type { StoredBatch } from "../../src/core/batch.ts";
import { sha256 } from "../../src/log/seal.ts";
import { type VerifiedStore, verify } from "../../src/log/verify.ts";
import { createMemoryStore } from "../../src/store/memory/index.ts";
import { user } from "../core/arbitrary.ts";
import { addClass, Node } from "../faults/node.ts";

const [ada, ben] = [user(1), user(2)];

/** A store with one ended session of three marks, each in a batch of its own. */
async function held() {
  const store = createMemoryStore();
  const node = new Node(store);
  await node.sessions.start(await addClass(store, [ada, ben]), { by: user(9), via: "plain" });
  const { id } = node.live.session;
  await node.mark(ada);
  await node.mark(ben);
  await node.mark(ben, "absent");
  await node.end([ada, ben]);
  return { store, id };
}

/** The store as it would be read after somebody changed its batches. */
const withBatches = (
  store: VerifiedStore,
  change: (batches: StoredBatch[]) => StoredBatch[],
): VerifiedStore => ({
  ...store,
  sessions: {
    page: (after, limit) => store.sessions.page(after, limit),
    head: (id) => store.sessions.head(id),
    read: async (id, after) => change(await store.sessions.read(id, after)),
  },
});

test("L5 a whole store has no faults", async () => {
  const { store } = await held();
  expect(await verify(store)).toMatchObject({
    sessions: 1,
    batches: 5,
    events: 5,
    auditEntries: 1,
    faults: [],
  });
});

test("L5 a changed batch is named, whether or not its hash was made to fit", async () => {
  const { store } = await held();
  const lie = (batch: StoredBatch) => ({ ...batch, body: batch.body.replace('"absent"', '"present"') });
  const flipped = await verify(
    withBatches(store, (all) => all.map((one) => (one.number === 4 ? lie(one) : one))),
  );
  expect(flipped.faults.join("\n")).toContain("batch 4: the body is not the one that was hashed");
  const rehash = (batch: StoredBatch) => ({ ...lie(batch), hash: sha256(lie(batch).body) });
  const fitted = await verify(
    withBatches(store, (all) => all.map((one) => (one.number === 4 ? rehash(one) : one))),
  );
  expect(fitted.faults.join("\n")).toContain("batch 5: the chain is broken");
});

test("L5 a removed batch is named", async () => {
  const { store } = await held();
  const { faults } = await verify(withBatches(store, (all) => all.filter((one) => one.number !== 3)));
  expect(faults.join("\n")).toContain("batch 4: follows batch 2");
});

test("L5 a cut tail shows by the head that the audit chain knows", async () => {
  const { store, id } = await held();
  const { faults } = await verify(withBatches(store, (all) => all.slice(0, -1)));
  expect(faults).toEqual([
    `session ${id}: the audit chain names batch 5 with another hash, or that batch is gone`,
  ]);
});

test("L5 a session that is gone shows by the audit chain", async () => {
  const { store, id } = await held();
  const gone = { ...store, sessions: { ...store.sessions, page: async () => [], head: async () => null } };
  expect((await verify(gone)).faults).toEqual([`session ${id}: the audit chain names it, but it is gone`]);
});

test("L5 a changed audit entry is named", async () => {
  const { store } = await held();
  const read = async () =>
    (await store.audit.read(0, 10)).map((entry) => ({ ...entry, body: `${entry.body} ` }));
  const audit = { read: async (after: number) => (after === 0 ? read() : []) };
  const { faults } = await verify({ ...store, audit });
  expect(faults).toContain("audit entry 1: the body is not the one that was hashed");
});

test("L5 records that are not what the log says are named", async () => {
  const { store, id } = await held();
  const kept = await store.records.ofSession(id);
  const forged = kept.map((record) => ({ ...record, status: "present" as const }));
  await store.records.project(id, forged, 5);
  expect((await verify(store)).faults).toEqual([`session ${id}: its records are not what its log says`]);
});

test("L6 every end, and the clock for running sessions, puts the head's hash into the audit chain", async () => {
  const store = createMemoryStore();
  const node = new Node(store);
  await node.sessions.start(await addClass(store, [ada]), { by: user(9), via: "plain" });
  await node.sessions.auditHeads();
  await node.mark(ada);
  await node.sessions.auditHeads();
  await node.end([ada]);
  const facts = (await store.audit.read(0, 10)).map(({ body }) => JSON.parse(body).fact);
  const hashes = (await store.sessions.read(facts[0].session, 0)).map(({ hash }) => hash);
  expect(facts.map(({ kind, batch, hash }) => ({ kind, batch, hash }))).toEqual(
    [1, 2, 3].map((batch) => ({ kind: "head", batch, hash: hashes[batch - 1] })),
  );
});

test("L5 an end that the audit chain lacks is named", async () => {
  const { store, id } = await held();
  const { faults } = await verify({ ...store, audit: { read: async () => [] } });
  expect(faults).toEqual([`session ${id}: the audit chain lacks its end`]);
});
