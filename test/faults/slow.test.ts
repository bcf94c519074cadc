import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { type Lesson, lesson, seat } from "../e2e/lesson.ts";
import { marked } from "../e2e/plain-client.ts";
import { startServer, type TestServer } from "../e2e/server.ts";
import { RawSocket } from "./raw-socket.ts";

setDefaultTimeout(120_000);

const servers: TestServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.stop("SIGKILL"))));

async function serverWith(env: Record<string, string>): Promise<TestServer> {
  const server = await startServer(env);
  servers.push(server);
  return server;
}

const rawSocket = (server: TestServer, { token }: { token: string }) =>
  RawSocket.open(`${server.wsUrl}?token=${token}`);

/** How many sockets the server counts as open. */
async function connections(server: TestServer): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(/^rollcall_connections\{dialect="plain"\} (\d+)/m.exec(text)?.[1]);
}

/** Marks the student so often, each acknowledged before the next lot; gives the statuses in order. */
async function markTimes(of: Lesson, studentId: string, times: number): Promise<string[]> {
  const statuses = Array.from({ length: times }, (_, n) => (n % 2 ? "absent" : "present"));
  for (const status of statuses) of.desk.send("ATTENDANCE_MARKED", { studentId, status });
  const expected = statuses.map((status) => marked(studentId, status));
  expect(await of.desk.nextOf(times)).toEqual(expected);
  return statuses;
}

/** Marks in lots until only `left` sockets are open; the readers among them hear every mark in order. */
async function markUntilCut(server: TestServer, of: Lesson, studentId: string, left: number): Promise<void> {
  const told: string[] = [];
  // The kernel holds some 4 MB for each end before the server's own buffer grows: 400,000 marks are 36 MB.
  for (let lot = 0; lot < 800 && (await connections(server)) > left; lot++)
    told.push(...(await markTimes(of, studentId, 500)));
  expect(await connections(server)).toBe(left);
  const expected = told.map((status) => marked(studentId, status));
  for (const socket of of.seats) expect(await socket.nextOf(told.length)).toEqual(expected);
}

test("D30 a reader that never reads is cut off, and everyone else gets every frame", async () => {
  const server = await serverWith({ OUT_BUFFER_BYTES_MAX: "65536" });
  const maths = await lesson(server, 2);
  const { person } = seat(maths, 0);
  const stalled = await rawSocket(server, person);
  stalled.stopReading();
  expect(await connections(server)).toBe(4);
  await markUntilCut(server, maths, person.id, 3);
  stalled.readAgain();
  await stalled.closed();
  expect(stalled.opcodes).not.toContain(8);
  expect(await markTimes(maths, person.id, 1)).toHaveLength(1);
});

test("D31 a socket that stops answering pings is cut off even while it is sent to, and those that answer stay", async () => {
  const server = await serverWith({ PING_AFTER_MS: "200", SILENCE_MAX_MS: "800" });
  const maths = await lesson(server, 2);
  const { person } = seat(maths, 0);
  const mute = await rawSocket(server, person);
  const deaf = await rawSocket(server, seat(maths, 1).person);
  deaf.stopReading();
  expect(await connections(server)).toBe(5);
  for (let mark = 0; mark < 500 && (await connections(server)) > 3; mark++) {
    await markTimes(maths, person.id, 1);
    await Bun.sleep(20);
  }
  expect(await connections(server)).toBe(3);
  await mute.closed();
  expect(mute.opcodes).toContain(9);
  expect(mute.opcodes).toContain(1);
  expect(mute.opcodes).not.toContain(8);
  deaf.readAgain();
  await deaf.closed();
  for (const socket of [maths.desk, ...maths.seats]) expect(socket.closeCode).toBeUndefined();
});
