import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { SealedBatch } from "../../src/core/batch.ts";
import type { Store } from "../../src/ports/store.ts";
import { openMongoStore } from "../../src/store/mongo/index.ts";
import { marksAfter } from "../contracts/batches.ts";
import { appended, classOne, classTwo, exactly, logOf, started } from "../contracts/checks.ts";
import { startMongo, type TestMongo } from "../services/mongo.ts";
import { mongoOptions } from "../services/mongo-store.ts";
import type { Service } from "../services/service.ts";

setDefaultTimeout(120_000);

let mongo: TestMongo;
beforeAll(async () => {
  mongo = await startMongo({ members: 3, electionMs: 3000 });
});
afterAll(() => mongo.remove());

/** Appends batch after batch until told to stop; a refused one is followed by whatever the log says. */
function writing(store: Store, first: SealedBatch) {
  let stopped = false;
  const acknowledged = [first];
  let refused = 0;
  const known = new Map([[first.hash, first]]);
  async function run() {
    let last = first;
    while (!stopped) {
      const next = marksAfter(last);
      known.set(next.hash, next);
      const [outcome] = await appended(store, next).catch(() => ["refused"]);
      if (outcome === "ok") acknowledged.push(next);
      else refused++;
      last = outcome === "ok" ? next : await lastOf(store, first, known);
    }
  }
  const done = run();
  const stop = async () => {
    stopped = true;
    await done;
    return { acknowledged, refused };
  };
  return { acknowledged, stop };
}

/** The last batch of the log; one that was refused may have landed after all. */
async function lastOf(store: Store, first: SealedBatch, known: ReadonlyMap<string, SealedBatch>) {
  for (;;) {
    const log = await store.sessions.read(first.sessionId, 0).catch(() => []);
    const last = known.get(log.at(-1)?.hash ?? "");
    if (last) return last;
  }
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await Bun.sleep(5);
}

/** The log has no gap, no fork and nothing twice, and all that was acknowledged. */
async function proves(store: Store, first: SealedBatch, acknowledged: readonly SealedBatch[]) {
  const log = await store.sessions.read(first.sessionId, 0);
  expect(log.map(({ number }) => number)).toEqual(log.map((_, index) => index + 1));
  const there = new Set(log.map(({ hash }) => hash));
  expect(there.size).toBe(log.length);
  expect(acknowledged.filter(({ hash }) => !there.has(hash)).map(({ number }) => number)).toEqual([]);
}

test("MG8 through a kill -9 of the primary nothing acknowledged is lost, doubled or left out, and writing goes on", async () => {
  const store = await openMongoStore(mongoOptions(mongo));
  const [one, two] = [await started(store, 1, classOne), await started(store, 2, classTwo)];
  const writers = [writing(store, one.first), writing(store, two.first)];
  const each = (more: number) => writers.map(({ acknowledged }) => acknowledged.length + more);
  const enough = (wanted: number[]) =>
    until(() => writers.every(({ acknowledged }, n) => acknowledged.length >= (wanted[n] ?? 0)));
  await enough(each(20));
  const primary = await mongo.primary();
  await primary.kill9();
  await enough(each(20));
  await primary.start();
  await enough(each(5));
  for (const [n, { first }] of [one, two].entries()) {
    const { acknowledged } = (await writers[n]?.stop()) ?? { acknowledged: [] };
    await proves(store, first, acknowledged);
  }
  await store.close();
});

test("MG9 without a majority marks are refused within the time that the settings give; with one they go on by themselves", async () => {
  const store = await openMongoStore({ ...mongoOptions(mongo), timeoutMs: 1500 });
  const { first } = await started(store);
  const second = marksAfter(first);
  expect(await appended(store, second)).toEqual(["ok"]);
  const others = await secondaries();
  for (const member of others) member.signal("SIGSTOP");
  const third = marksAfter(second);
  await expect(appended(store, third)).rejects.toThrow();
  await expect(store.probe()).rejects.toThrow();
  for (const member of others) member.signal("SIGCONT");
  // What was refused may have landed: whoever writes next sees it first.
  for (;;) {
    const [outcome] = await appended(store, marksAfter(third)).catch(() => []);
    if (outcome === "ok") break;
    const [again] = await appended(store, third).catch(() => []);
    if (again === "ok") continue;
  }
  expect(await logOf(store, first)).toEqual(exactly(first, second, third, marksAfter(third)));
  await store.probe();
  await store.close();
});

async function secondaries() {
  const primary = await mongo.primary();
  return mongo.members.filter((member) => member !== primary);
}

/** All that was written so far is on a majority. */
async function caughtUp(primary: Service): Promise<void> {
  await using client = mongo.direct(primary);
  await client
    .db("other")
    .collection("other")
    .insertOne({}, { writeConcern: { w: "majority" } });
}

test("MG10 an acknowledgement by the primary alone is caught: it is lost with the primary", async () => {
  const options = { ...mongoOptions(mongo), durability: { w: 1 } };
  const store = await openMongoStore(options);
  const { first } = await started(store);
  const primary = await mongo.primary();
  await caughtUp(primary);
  const others = await secondaries();
  await Promise.all(others.map((member) => member.kill9()));
  expect(await appended(store, marksAfter(first))).toEqual(["ok"]);
  await primary.kill9();
  await Promise.all(others.map((member) => member.start()));
  await mongo.primary();
  const after = await openMongoStore(options);
  expect(await logOf(after, first)).toEqual(exactly(first));
  await Promise.all([store.close(), after.close()]);
});
