import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Document, MongoClient } from "mongodb";
import { openMongoStore } from "../../src/store/mongo/index.ts";
import { beginning, endAfter, marksAfter, NOON } from "../contracts/batches.ts";
import { appended, classOne, classTwo, exactly, logOf, started } from "../contracts/checks.ts";
import { startMongo, type TestMongo } from "../services/mongo.ts";
import { mongoOptions } from "../services/mongo-store.ts";

setDefaultTimeout(60_000);

let mongo: TestMongo;
let server: MongoClient;
beforeAll(async () => {
  mongo = await startMongo();
  server = mongo.direct(await mongo.primary());
});
afterEach(() => server.db("admin").command({ configureFailPoint: "failCommand", mode: "off" }));
afterAll(async () => {
  await server.close();
  await mongo.remove();
});

/** The server breaks the next so many commands of these names. */
const breaking = (failCommands: readonly string[], times: number, how: Document) =>
  server
    .db("admin")
    .command({ configureFailPoint: "failCommand", mode: { times }, data: { failCommands, ...how } });

/** The write is done, and the answer says that a majority did not confirm it in time. */
const UNCONFIRMED = { writeConcernError: { code: 64, errmsg: "waiting for replication timed out" } };
/** The connection is cut before the write is done; the driver's own second try meets the same. */
const CUT = { closeConnection: true };

async function opened() {
  const store = await openMongoStore(mongoOptions(mongo));
  return { store, [Symbol.asyncDispose]: () => store.close() };
}

test("MG6 a batch that landed without a confirmation is ok, and is there once", async () => {
  await using here = await opened();
  const { first } = await started(here.store);
  const second = marksAfter(first);
  await breaking(["insert"], 1, UNCONFIRMED);
  expect(await appended(here.store, second)).toEqual(["ok"]);
  const third = marksAfter(second);
  expect(await appended(here.store, third)).toEqual(["ok"]);
  expect(await logOf(here.store, first)).toEqual(exactly(first, second, third));
});

test("MG6 a batch that was cut off on its way is sent again, and is there once", async () => {
  await using here = await opened();
  const { first } = await started(here.store);
  const second = marksAfter(first);
  await breaking(["insert"], 5, CUT);
  expect(await appended(here.store, second)).toEqual(["ok"]);
  expect(await logOf(here.store, first)).toEqual(exactly(first, second));
});

test("MG6 a batch that the server refused outright is refused, and is not there", async () => {
  await using here = await opened();
  const { first } = await started(here.store);
  const second = marksAfter(first);
  await breaking(["insert"], 9, { errorCode: 2 });
  await expect(appended(here.store, second)).rejects.toThrow();
  await server.db("admin").command({ configureFailPoint: "failCommand", mode: "off" });
  expect(await logOf(here.store, first)).toEqual(exactly(first));
  expect(await appended(here.store, second)).toEqual(["ok"]);
});

test("MG6 of batches sent together each finds out what became of it", async () => {
  await using here = await opened();
  const [one, two] = [await started(here.store, 1, classOne), await started(here.store, 2, classTwo)];
  const [a, b] = [marksAfter(one.first), marksAfter(two.first)];
  await breaking(["insert"], 1, UNCONFIRMED);
  expect(await appended(here.store, a, b)).toEqual(["ok", "ok"]);
  const rival = marksAfter(a, 2);
  await breaking(["insert"], 2, CUT);
  expect(await appended(here.store, rival, marksAfter(b, 1, { prev: "f".repeat(64) }))).toEqual([
    "ok",
    "conflict",
  ]);
  expect(await logOf(here.store, one.first)).toEqual(exactly(one.first, a, rival));
  expect(await logOf(here.store, two.first)).toEqual(exactly(two.first, b));
});

test("MG6 a batch whose number another writer has is a conflict, also where its own outcome was not known", async () => {
  const options = mongoOptions(mongo);
  const [here, there] = [await openMongoStore(options), await openMongoStore(options)];
  try {
    const { first } = await started(here);
    const [mine, theirs] = [marksAfter(first), marksAfter(first, 2, { writer: "two" })];
    const next = marksAfter(mine);
    expect(await appended(here, mine)).toEqual(["ok"]);
    // The other one believes that the log is as it was.
    await breaking(["insert"], 2, CUT);
    expect(await appended(there, theirs)).toEqual(["conflict"]);
    expect(await appended(there, next)).toEqual(["ok"]);
    expect(await appended(here, marksAfter(mine, 3))).toEqual(["conflict"]);
    expect(await logOf(here, first)).toEqual(exactly(first, mine, next));
  } finally {
    await here.close();
    await there.close();
  }
});

test("MG6 a start and an audit entry find out too", async () => {
  await using here = await opened();
  for (const how of [UNCONFIRMED, CUT]) {
    const { head, first } = beginning(how === CUT ? 1 : 2, how === CUT ? classOne : classTwo);
    await breaking(["insert"], how === CUT ? 5 : 1, how);
    expect(await here.store.sessions.start(head, first)).toBe("ok");
    expect(
      await here.store.sessions.start(beginning(9, head.classId).head, beginning(9, head.classId).first),
    ).toBe("running");
    expect(await logOf(here.store, first)).toEqual(exactly(first));
    const number = how === CUT ? 2 : 1;
    await breaking(["insert"], how === CUT ? 5 : 1, how);
    expect(await here.store.audit.append({ number, body: "{}", hash: "a" })).toBe("ok");
    expect((await here.store.audit.last())?.number).toBe(number);
  }
});

test("MG7 an end whose head row was not written stands: the session is over, and its class is free", async () => {
  await using here = await opened();
  const { head, first } = await started(here.store);
  const end = endAfter(first, NOON + 5);
  // Its announcement is written, the batch is written, and then nothing more is.
  await server.db("admin").command({
    configureFailPoint: "failCommand",
    mode: { skip: 1 },
    data: { failCommands: ["update"], errorCode: 2 },
  });
  expect(await appended(here.store, end)).toEqual(["ok"]);
  await server.db("admin").command({ configureFailPoint: "failCommand", mode: "off" });
  const ended = { ...head, headSeq: 2, endedAt: NOON + 5 };
  expect(await here.store.sessions.head(head.id)).toEqual(ended);
  expect(await here.store.sessions.runningOf(classOne)).toBeNull();
  expect(await here.store.sessions.running()).toEqual([]);
  expect(await here.store.sessions.unprojected()).toEqual([ended]);
  const next = beginning(2, classOne);
  expect(await here.store.sessions.start(next.head, next.first)).toBe("ok");
  expect((await here.store.sessions.running()).map(({ id }) => id)).toEqual([next.head.id]);
});
