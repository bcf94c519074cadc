import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Json } from "./http";
import { everyone, lesson, seat } from "./lesson";
import { enrol, join, newClass, school, startSession, student } from "./people";
import { connect, error, marked, type PlainClient } from "./plain-client";
import { startServer } from "./server";

setDefaultTimeout(60_000);
const server = await startServer();
afterAll(() => server.dispose());

const noSession = error("No active attendance session");
const badFormat = error("Invalid message format");

const running = await lesson(server, 2);
const pupil = seat(running, 0);
const idle = await school(server, 1);
const idleDesk = await connect(server, idle.teacher);
const idlePupil = await connect(server, student(idle, 0));

/** The one frame that the socket gets for this, and the proof that it got no second one. */
async function answer(socket: PlainClient, event: string, data?: Json) {
  socket.send(event, data);
  const frame = await socket.next();
  expect(await socket.heard()).toEqual([]);
  return frame;
}

/** Nobody of the lesson has heard anything. */
async function silence() {
  for (const socket of everyone(running)) expect(await socket.heard()).toEqual([]);
}

test.each(["ATTENDANCE_MARKED", "TODAY_SUMMARY", "DONE"])(
  "P8 %s from a student is a teacher event only",
  async (event) => {
    const teacherOnly = error("Forbidden, teacher event only");
    for (const socket of [pupil.socket, idlePupil]) {
      expect(await answer(socket, event)).toEqual(teacherOnly);
      expect(await answer(socket, event, { studentId: pupil.person.id, status: "present" })).toEqual(
        teacherOnly,
      );
    }
    await silence();
  },
);

test("P8 MY_ATTENDANCE from a teacher is a student event only", async () => {
  for (const socket of [running.desk, idleDesk]) {
    expect(await answer(socket, "MY_ATTENDANCE")).toEqual(error("Forbidden, student event only"));
  }
  await silence();
});

test("P9 where no session of the user's runs, every event that needs one says so", async () => {
  const mark = { studentId: student(idle, 0).id, status: "present" };
  expect(await answer(idleDesk, "ATTENDANCE_MARKED", mark)).toEqual(noSession);
  expect(await answer(idleDesk, "ATTENDANCE_MARKED", { ...mark, classId: idle.classId })).toEqual(noSession);
  for (const event of ["TODAY_SUMMARY", "DONE"]) {
    expect(await answer(idleDesk, event)).toEqual(noSession);
    expect(await answer(idleDesk, event, { classId: idle.classId })).toEqual(noSession);
  }
  expect(await answer(idlePupil, "MY_ATTENDANCE")).toEqual(noSession);
  expect(await answer(idlePupil, "MY_ATTENDANCE", { classId: idle.classId })).toEqual(noSession);
  for (const socket of [idleDesk, idlePupil]) {
    expect(await answer(socket, "JOIN_ROOM", { classId: idle.classId })).toEqual(noSession);
    expect(await answer(socket, "LEAVE_ROOM")).toEqual(noSession);
  }
});

test("P9 after DONE there is no session any more", async () => {
  const ended = await lesson(server, 1);
  ended.desk.send("DONE");
  for (const socket of everyone(ended)) await socket.until("DONE");
  for (const event of ["TODAY_SUMMARY", "DONE"]) expect(await answer(ended.desk, event)).toEqual(noSession);
  expect(await answer(seat(ended, 0).socket, "MY_ATTENDANCE")).toEqual(noSession);
});

test.each([
  "NOPE",
  "attendance_marked",
  "ERROR",
  "PONG",
  "PEER_JOINED",
  "MARK_ATTENDANCE",
  " DONE",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
])("P10 %p is an unknown event for everyone", async (event) => {
  for (const socket of [running.desk, pupil.socket, idleDesk, idlePupil]) {
    expect(await answer(socket, event, { studentId: 5 })).toEqual(error("Unknown event"));
  }
  await silence();
});

test.each([
  "",
  "{",
  "hello",
  "null",
  "true",
  "5",
  '"PING"',
  "[]",
  '[{"event":"PING"}]',
  "{}",
  '{"data":{}}',
  '{"event":5}',
  '{"event":null}',
  '{"event":["DONE"]}',
  '{"event":{"a":1}}',
  '{"Event":"PING"}',
  "{'event':'PING'}",
  '{"event":"PING"}}',
])("P11 the frame %p is no JSON object with an event name", async (text) => {
  for (const socket of [running.desk, pupil.socket, idlePupil]) {
    socket.sendRaw(text);
    expect(await socket.heard()).toEqual([badFormat]);
  }
  await silence();
});

test.each<[Json | undefined]>([
  [undefined],
  [null],
  [5],
  ["present"],
  [[]],
  [{}],
  [{ studentId: pupil.person.id }],
  [{ status: "present" }],
  [{ studentId: pupil.person.id, status: "late" }],
  [{ studentId: pupil.person.id, status: "Present" }],
  [{ studentId: pupil.person.id, status: true }],
  [{ studentId: pupil.person.id, status: null }],
  [{ studentId: pupil.person.id, status: ["present"] }],
  [{ studentId: 5, status: "present" }],
  [{ studentId: null, status: "present" }],
  [{ studentId: { $ne: "" }, status: "present" }],
  [{ studentId: [pupil.person.id], status: "present" }],
])("P11 a mark with the data %j has an invalid format", async (data) => {
  expect(await answer(running.desk, "ATTENDANCE_MARKED", data)).toEqual(badFormat);
  await silence();
});

test("P12 a student who is not on the roll cannot be marked", async () => {
  const notEnrolled = error("Student not enrolled in class");
  const ids = [
    (await join(server, "student")).id,
    student(idle, 0).id,
    running.teacher.id,
    "0123456789abcdef01234567",
  ];
  for (const studentId of [...ids, "no id", "__proto__", "constructor"]) {
    expect(await answer(running.desk, "ATTENDANCE_MARKED", { studentId, status: "present" })).toEqual(
      notEnrolled,
    );
  }
  await silence();
});

test("P13 an event goes to the class it names, else to the teacher's most recently started session", async () => {
  const maths = await lesson(server, 1);
  const { person, socket } = seat(maths, 0);
  const later = await newClass(server, maths.teacher);
  await enrol(server, maths.teacher, later, person);
  await startSession(server, maths.teacher, later);
  const summary = (present: number, absent: number) => ({
    event: "TODAY_SUMMARY",
    data: { present, absent, total: present + absent },
  });
  const mine = (status: string) => ({ event: "MY_ATTENDANCE", data: { status } });
  maths.desk.send("ATTENDANCE_MARKED", { studentId: person.id, status: "present" });
  for (const hearing of everyone(maths)) expect(await hearing.next()).toEqual(marked(person.id, "present"));
  expect(await answer(maths.desk, "TODAY_SUMMARY")).toEqual(summary(1, 0));
  expect(await answer(maths.desk, "TODAY_SUMMARY", { classId: later })).toEqual(summary(1, 0));
  expect(await answer(maths.desk, "TODAY_SUMMARY", { classId: maths.classId })).toEqual(summary(0, 0));
  for (let heard = 0; heard < 3; heard += 1) await socket.until("TODAY_SUMMARY");
  expect(await answer(socket, "MY_ATTENDANCE")).toEqual(mine("present"));
  expect(await answer(socket, "MY_ATTENDANCE", { classId: maths.classId })).toEqual(mine("not yet updated"));
  expect(await answer(maths.desk, "DONE")).toMatchObject({ data: { present: 1, total: 1 } });
  expect(await answer(maths.desk, "DONE")).toMatchObject({ data: { absent: 1, total: 1 } });
  expect(await answer(maths.desk, "DONE")).toEqual(noSession);
});

test("P14 the checks come in order: format, event, role, session, data", async () => {
  const teacherOnly = error("Forbidden, teacher event only");
  const notTheirs = error("Forbidden, not class teacher");
  for (const data of [undefined, 5, { studentId: 5 }]) {
    expect(await answer(idlePupil, "NOPE", data)).toEqual(error("Unknown event"));
    expect(await answer(idlePupil, "ATTENDANCE_MARKED", data)).toEqual(teacherOnly);
    expect(await answer(idleDesk, "ATTENDANCE_MARKED", data)).toEqual(noSession);
    expect(await answer(running.desk, "ATTENDANCE_MARKED", data)).toEqual(badFormat);
  }
  const elsewhere = { classId: running.classId, studentId: 5, status: "late" };
  expect(await answer(idleDesk, "ATTENDANCE_MARKED", elsewhere)).toEqual(notTheirs);
  expect(await answer(idlePupil, "ATTENDANCE_MARKED", elsewhere)).toEqual(teacherOnly);
  await silence();
});
