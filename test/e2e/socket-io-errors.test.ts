import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { enter, type IoClient, type IoLesson, ioLesson, leave, poll, seatOf, webSocket } from "./io-client";
import { join, newClass, recordOf, school, student } from "./people";
import { error, type Frame, marked } from "./plain-client";
import { startServer, type TestServer } from "./server";

setDefaultTimeout(60_000);
let server: TestServer;
let held: IoLesson;
beforeAll(async () => {
  server = await startServer();
  held = await ioLesson(server, 2, poll);
});
afterAll(() => server.dispose());

const badFormat = error("Invalid message format");
const noSession = error("No active attendance session");

/** The answer to one event, and nothing else of it is heard by anybody. */
async function answerTo(client: IoClient, event: string, ...data: unknown[]): Promise<Frame[]> {
  client.send(event, ...data);
  const answer = await client.heard();
  for (const other of held.all) if (other !== client) expect(await other.heard()).toEqual([]);
  return answer;
}

test("SI7 an event of the other role is refused", async () => {
  const pupil = seatOf(held, 0);
  const data = { studentId: student(held, 0).id, status: "present" };
  for (const event of [
    "MARK_ATTENDANCE",
    "ATTENDANCE_MARKED",
    "GET_TODAY_SUMMARY",
    "TODAY_SUMMARY",
    "DONE",
  ]) {
    expect(await answerTo(pupil, event, data)).toEqual([error("Forbidden, teacher event only")]);
  }
  for (const event of ["CHECK_MY_STATUS", "MY_ATTENDANCE"]) {
    expect(await answerTo(held.desk, event)).toEqual([error("Forbidden, student event only")]);
  }
});

test("SI7 without a session of one's own there is no active session", async () => {
  const [teacher, pupil] = await Promise.all([join(server, "teacher"), join(server, "student")]);
  await newClass(server, teacher);
  const [desk, seat] = await Promise.all([enter(server, teacher), enter(server, pupil)]);
  for (const event of ["MARK_ATTENDANCE", "GET_TODAY_SUMMARY", "DONE", "JOIN_ROOM"]) {
    expect(await answerTo(desk, event, { studentId: pupil.id })).toEqual([noSession]);
  }
  expect(await answerTo(seat, "CHECK_MY_STATUS")).toEqual([noSession]);
  leave(desk, seat);
});

test("SI7 events that are not of the dialect are unknown, names of objects and of the library too", async () => {
  for (const event of ["NOPE", "mark_attendance", "toString", "__proto__", "error", "message", ""]) {
    expect(await answerTo(held.desk, event, { studentId: student(held, 0).id })).toEqual([
      error("Unknown event"),
    ]);
  }
});

const badData: [string, unknown[]][] = [
  ["nothing", []],
  ["null", [null]],
  ["a text", ["student"]],
  ["a list", [[{ studentId: "a" }]]],
  ["a number for a student", [{ studentId: 7 }]],
  ["an empty student", [{ studentId: "" }]],
  ["a status that is none", [{ studentId: "a", status: "late" }]],
  ["a null status", [{ studentId: "a", status: null }]],
  ["a class that cannot be one", [{ studentId: "a", classId: "x" }]],
  ["bytes", [Buffer.from("abc")]],
  ["bytes inside", [{ studentId: "a", more: [{ deep: new Uint8Array(3) }] }]],
];
test.each(badData)("SI7 a mark of %s is Invalid message format", async (_, data) => {
  expect(await answerTo(held.desk, "MARK_ATTENDANCE", ...data)).toEqual([badFormat]);
});

test("SI7 what is checked first decides: name, event, role, session, data", async () => {
  const [pupil, stranger] = [seatOf(held, 0), await enter(server, await join(server, "teacher"))];
  const bytes = Buffer.from("x");
  expect(await answerTo(pupil, "NOPE", bytes)).toEqual([badFormat]);
  expect(await answerTo(pupil, "NOPE", 7)).toEqual([error("Unknown event")]);
  expect(await answerTo(pupil, "MARK_ATTENDANCE", 7)).toEqual([error("Forbidden, teacher event only")]);
  expect(await answerTo(stranger, "MARK_ATTENDANCE", 7)).toEqual([noSession]);
  expect(await answerTo(held.desk, "MARK_ATTENDANCE", 7)).toEqual([badFormat]);
  expect(await answerTo(held.desk, "MARK_ATTENDANCE", { studentId: stranger.socket.id })).toEqual([
    error("Student not enrolled in class"),
  ]);
  leave(stranger);
});

test("SI7 a class of somebody else's is refused by its own text", async () => {
  const other = await school(server, 1);
  const { classId } = other;
  const data = { studentId: student(other, 0).id, classId };
  expect(await answerTo(held.desk, "MARK_ATTENDANCE", data)).toEqual([error("Forbidden, not class teacher")]);
  expect(await answerTo(seatOf(held, 0), "CHECK_MY_STATUS", { classId })).toEqual([
    error("Forbidden, not enrolled in class"),
  ]);
});

test("SI7 signals need a target, and one that is there", async () => {
  for (const event of ["WEBRTC_OFFER", "WEBRTC_ANSWER", "WEBRTC_ICE_CANDIDATE"]) {
    expect(await answerTo(held.desk, event)).toEqual([error("missing targetId in WebRTC message")]);
    expect(await answerTo(held.desk, event, { targetId: student(held, 0).id })).toEqual([
      error("target peer not connected"),
    ]);
    expect(await answerTo(held.desk, event, { targetId: "a", sdp: Buffer.from("x") })).toEqual([badFormat]);
  }
});

test("SI7 answers come in the order of the questions, an acknowledgement asked for or not", async () => {
  const own = await ioLesson(server, 1, webSocket);
  const { id } = student(own, 0);
  own.desk.send("MARK_ATTENDANCE", { studentId: id }, () => undefined);
  own.desk.send("NOPE", () => undefined);
  own.desk.send("GET_TODAY_SUMMARY", () => undefined);
  own.desk.send("PING", () => undefined);
  expect(await own.desk.nextOf(4)).toEqual([
    marked(id, "present"),
    error("Unknown event"),
    { event: "TODAY_SUMMARY", data: { presentCount: 1, presentStudentIds: [id] } },
    { event: "PONG" },
  ]);
  leave(...own.all);
});

test("SI7 nothing that was refused had an effect", async () => {
  held.desk.send("GET_TODAY_SUMMARY");
  const data = { presentCount: 0, presentStudentIds: [] };
  expect(await held.desk.next()).toEqual({ event: "TODAY_SUMMARY", data });
  expect(await recordOf(server, student(held, 0), held.classId)).toBeNull();
});
