import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { everyone, lesson, seat } from "./lesson";
import { join, school, startSession, student } from "./people";
import { connect, connectAll, error, marked, type PlainClient } from "./plain-client";
import { startServer } from "./server";

setDefaultTimeout(60_000);
const server = await startServer();
afterAll(() => server.dispose());

const badFormat = error("Invalid message format");
const frameLimit = 64 * 1024;
const deep = 10_000;

const running = await lesson(server, 3);
const { person: pupil, socket: hostile } = seat(running, 0);

/** The class works: a mark is heard by everyone who did not just misbehave, and nothing else is. */
async function unharmed(others: PlainClient[] = everyone(running)) {
  running.desk.send("ATTENDANCE_MARKED", { studentId: pupil.id, status: "present" });
  for (const socket of others) expect(await socket.next()).toEqual(marked(pupil.id, "present"));
  for (const socket of others) expect(await socket.heard()).toEqual([]);
}

/** A PING frame of exactly this many bytes. */
function pingOf(bytes: number): string {
  const frame = (pad: string) => JSON.stringify({ event: "PING", data: { pad } });
  return frame("x".repeat(bytes - frame("").length));
}

test.each([
  ["10,000 lists deep", "[".repeat(deep) + "]".repeat(deep)],
  ["10,000 open lists", "[".repeat(deep)],
  ["10,000 objects deep", `${'{"a":'.repeat(deep)}1${"}".repeat(deep)}`],
  ["an event 10,000 lists deep", `{"event":${"[".repeat(deep)}${"]".repeat(deep)}}`],
  ["__proto__ with an event", '{"__proto__":{"event":"PING"}}'],
  ["constructor with an event", '{"constructor":{"prototype":{"event":"PING"}}}'],
  ["a number beyond all bounds", "1e999999"],
  ["control characters", "\u0000\u0001\u0002"],
  ["half a surrogate pair as the event's type", '{"event":{"\\ud800":1}}'],
])("P15 a frame of %s is answered with an error to its sender alone", async (_what, text) => {
  for (const socket of everyone(running)) {
    socket.sendRaw(text);
    expect(await socket.next()).toEqual(badFormat);
    expect(await socket.heard()).toEqual([]);
  }
  await unharmed();
});

test.each([
  ["10,000 levels deep", `${'{"a":'.repeat(deep)}1${"}".repeat(deep)}`],
  ["with its fields under __proto__", `{"__proto__":{"studentId":"${pupil.id}","status":"absent"}}`],
  ["with its fields under constructor", `{"constructor":{"studentId":"${pupil.id}","status":"absent"}}`],
  ["with a deep studentId", `{"studentId":${"[".repeat(deep)}${"]".repeat(deep)},"status":"absent"}`],
])("P15 a mark %s is answered with an error to its sender alone", async (_what, data) => {
  running.desk.sendRaw(`{"event":"ATTENDANCE_MARKED","data":${data}}`);
  expect(await running.desk.next()).toEqual(badFormat);
  await unharmed();
});

test("P15 __proto__ beside good fields changes nothing", async () => {
  const data = `{"studentId":"${pupil.id}","status":"present","__proto__":{"status":"absent"},"constructor":1}`;
  running.desk.sendRaw(`{"event":"ATTENDANCE_MARKED","data":${data},"__proto__":{"event":"DONE"}}`);
  for (const socket of everyone(running)) expect(await socket.next()).toEqual(marked(pupil.id, "present"));
  await unharmed();
});

test.each([
  ["random bytes", crypto.getRandomValues(new Uint8Array(512))],
  ["nothing", new Uint8Array(0)],
  ["a PING", new TextEncoder().encode('{"event":"PING"}')],
])("P15 a binary frame of %s is answered with an error to its sender alone", async (_what, bytes) => {
  for (const socket of everyone(running)) {
    socket.sendRaw(bytes);
    expect(await socket.next()).toEqual(badFormat);
    expect(await socket.heard()).toEqual([]);
  }
  await unharmed();
});

test("P15 a hundred bad frames get a hundred errors and close nothing", async () => {
  for (let sent = 0; sent < 100; sent += 1) hostile.sendRaw(sent % 2 ? "{" : '{"event":"NOPE"}');
  const errors = await hostile.nextOf(100);
  expect(errors.filter((_, at) => at % 2)).toEqual(Array.from({ length: 50 }, () => badFormat));
  expect(errors.filter((_, at) => at % 2 === 0)).toEqual(
    Array.from({ length: 50 }, () => error("Unknown event")),
  );
  await unharmed();
});

test("P16 a frame of 64 KiB passes", async () => {
  for (const socket of [hostile, running.desk]) {
    socket.sendRaw(pingOf(frameLimit));
    expect(await socket.until("PONG")).toHaveLength(1);
  }
  await unharmed();
});

test.each([frameLimit + 1, 1024 * 1024])(
  "P16 a frame of %i bytes closes its socket with 1009",
  async (bytes) => {
    const victims = await connectAll(server, [pupil, running.teacher]);
    for (const socket of victims) {
      socket.sendRaw(pingOf(bytes));
      expect(await socket.closed()).toBe(1009);
      expect(socket.received).toEqual([]);
    }
    await unharmed();
  },
);

test("P17 four hundred frames of a student at once are no flood", async () => {
  const socket = await connect(server, pupil);
  for (let sent = 0; sent < 400; sent += 1) socket.send("PING");
  const frames = await socket.nextOf(400);
  expect(frames.every((frame) => JSON.stringify(frame).includes("PONG"))).toBe(true);
  await socket.close();
});

test("P17 a thousand marks of a teacher at once are no flood", async () => {
  const maths = await lesson(server, 1);
  const { person, socket } = seat(maths, 0);
  for (let sent = 0; sent < 1000; sent += 1) {
    maths.desk.send("ATTENDANCE_MARKED", { studentId: person.id, status: sent % 2 ? "absent" : "present" });
  }
  const expected = Array.from({ length: 1000 }, (_, at) => marked(person.id, at % 2 ? "absent" : "present"));
  expect(await maths.desk.nextOf(1000)).toEqual(expected);
  expect(await socket.nextOf(1000)).toEqual(expected);
});

test("P17 a student who floods is closed with 1008, and nobody else notices", async () => {
  const flooding = await connect(server, pupil);
  for (let sent = 0; sent < 5000; sent += 1) flooding.sendRaw(sent % 3 ? '{"event":"PING"}' : "{");
  expect(await flooding.closed()).toBe(1008);
  await unharmed();
  const again = await connect(server, pupil);
  expect(await again.heard()).toEqual([]);
  await again.close();
});

test("P48 a student who floods again and again may in the end send nothing, and nobody else notices", async () => {
  const { students } = await school(server, 1);
  const [stubborn] = students;
  if (!stubborn) throw new Error("nobody to flood");
  const floods = async () => {
    const socket = await connect(server, stubborn);
    // Fewer than one socket alone may send.
    for (let sent = 0; sent < 450; sent += 1) socket.send("PING");
    return Promise.race([socket.closed(), socket.nextOf(450).then(() => 0)]);
  };
  const codes: number[] = [];
  while (codes.length < 20 && codes.at(-1) !== 1008) codes.push(await floods());
  expect(codes.slice(0, 2)).toEqual([0, 0]);
  expect(codes.at(-1)).toBe(1008);
  await unharmed();
});

test("P18 the twenty-first socket of a user is closed with 1013, and the other twenty work", async () => {
  const physics = await school(server, 1);
  await startSession(server, physics.teacher, physics.classId);
  for (const who of [physics.teacher, student(physics, 0)]) {
    const sockets = await connectAll(
      server,
      Array.from({ length: 20 }, () => who),
    );
    const beyond = await connect(server, who);
    expect(await beyond.closed()).toBe(1013);
    for (const socket of sockets) expect(await socket.heard()).toEqual([]);
    await sockets[0]?.close();
    await sockets[1]?.close();
    const instead = await connect(server, who);
    expect(await instead.heard()).toEqual([]);
    await Promise.all([...sockets, instead].map((socket) => socket.close()));
  }
});

test("P18 sockets of others are not counted", async () => {
  const pupils = await Promise.all(Array.from({ length: 8 }, () => join(server, "student")));
  const sockets = await connectAll(
    server,
    pupils.flatMap((one) => [one, one, one]),
  );
  for (const socket of sockets) expect(await socket.heard()).toEqual([]);
  await Promise.all(sockets.map((socket) => socket.close()));
});
