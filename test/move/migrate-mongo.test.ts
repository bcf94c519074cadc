import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { openMongoStore } from "../../src/store/mongo/index.ts";
import { rollcall } from "../cli/run.ts";
import { login, recordOf, school, startSession, student } from "../e2e/people.ts";
import { startServer } from "../e2e/server.ts";
import { V1Socket } from "../e2e/v1-socket.ts";
import { startMongo, type TestMongo } from "../services/mongo.ts";
import {
  databaseIn,
  dataFolder,
  expectRefused,
  filled,
  held,
  killedOnce,
  migrate,
  removeFolders,
} from "./migrating.ts";

setDefaultTimeout(120_000);
let mongo: TestMongo;
beforeAll(async () => {
  mongo = await startMongo();
});
afterAll(() => mongo.remove());
afterEach(removeFolders);

const digest = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");

let databases = 0;
/** The URL of a database that nobody used. */
const fresh = (): string => mongo.uri.replace("/?", `/school${++databases}?`);

test("MI9 from SQLite to MongoDB and back, killed with kill -9 on both ways, everything is as it was, the old file to the byte", async () => {
  const [from, url, back] = [await filled(67), fresh(), dataFolder()];
  const before = digest(databaseIn(from));
  for (const told of ["users", "classes", "200 sessions"]) {
    await killedOnce(`sqlite:${from}`, url, told);
    expectRefused(await rollcall(["serve"], { MONGO_URI: url }), "run rollcall migrate --from sqlite:");
  }
  const there = await migrate(`sqlite:${from}`, url);
  expect(there).toMatchObject({ code: 0, err: "" });
  expect(digest(databaseIn(from))).toBe(before);
  expect(there.out).toContain("sessions: 202 there, 202 here");
  expect((await rollcall(["verify"], { MONGO_URI: url })).code).toBe(0);
  for (const told of ["users", "200 sessions"]) await killedOnce(url, `sqlite:${back}`, told);
  expect(await migrate(url, `sqlite:${back}`)).toMatchObject({ code: 0, err: "" });
  expect(await held(back)).toEqual(await held(from));
});

test("MI10 a MongoDB that a server lives on is neither moved nor moved into", async () => {
  const [from, url] = [await filled(1), fresh()];
  const store = await openMongoStore({ uri: url, database: null, timeoutMs: 5000, connectionsMax: 5 });
  const secret = { salt: "salt", print: "print" };
  await store.nodes.beat(
    { id: "one", host: "machine-7", secret, news: "redis" },
    { carries: true, unsaid: 0 },
  );
  expectRefused(await migrate(`sqlite:${from}`, url), "A server on machine-7 serves mongodb://");
  expectRefused(await migrate(url, `sqlite:${dataFolder()}`), "A server on machine-7 serves mongodb://");
  await store.nodes.leave("one");
  expect(await store.users.count()).toBe(0);
  await store.close();
  expect((await migrate(`sqlite:${from}`, url)).code).toBe(0);
});

test("MI11 after the move to MongoDB people log in, sessions run on, records stand, and what is sent again is harmless", async () => {
  const JWT_SECRET = "the secret of both, which is long enough for anybody";
  const old = await startServer({ JWT_SECRET });
  const physics = await school(old, 2);
  const person = student(physics, 0);
  const { sessionId: session } = await startSession(old, physics.teacher, physics.classId);
  const socket = await V1Socket.ready(old, { token: physics.teacher.token });
  const command = { type: "mark", id: "mine", session, student: person.id, status: "present" };
  socket.send(command);
  const first = await socket.answer("mine");
  expect(first.type).toBe("ack");
  await old.stop();
  const url = fresh();
  expect((await migrate(`sqlite:${old.dataDir}`, url)).code).toBe(0);
  const now = await startServer({ JWT_SECRET, MONGO_URI: url });
  const again = await V1Socket.ready(now, { token: physics.teacher.token });
  again.send(command);
  expect(await again.answer("mine")).toEqual(first);
  const token = await login(now, person.email, person.password);
  again.send({ type: "end", id: "over", session });
  expect((await again.answer("over")).type).toBe("ack");
  expect(await recordOf(now, { ...person, token }, physics.classId)).toBe("present");
  for (const server of [old, now]) await server.dispose();
});
