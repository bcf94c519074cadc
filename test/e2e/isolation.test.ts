import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Json } from "./http";
import { everyone, lesson, seat, seated } from "./lesson";
import { join, recordOf, school, startSession } from "./people";
import { connect, connectAll, error, marked, type PlainClient } from "./plain-client";
import { startServer } from "./server";

setDefaultTimeout(60_000);
const server = await startServer();
afterAll(() => server.dispose());

const [physics, chemistry, idle, teacherOfNone, notEnrolled] = await Promise.all([
  lesson(server, 2),
  lesson(server, 2),
  school(server, 1).then((enrolled) => seated(server, enrolled)),
  join(server, "teacher"),
  join(server, "student"),
]);
const [outsider, stranger] = await Promise.all([
  connect(server, teacherOfNone),
  connect(server, notEnrolled),
]);
const foreign = [...everyone(chemistry), ...everyone(idle), outsider, stranger];

async function silence(sockets: PlainClient[]): Promise<void> {
  for (const socket of sockets) expect(await socket.heard()).toEqual([]);
}

async function answer(socket: PlainClient, event: string, data: Json) {
  socket.send(event, data);
  const frame = await socket.next();
  expect(await socket.heard()).toEqual([]);
  return frame;
}

test("A1 marks and summaries of a class reach nobody outside it", async () => {
  const { id } = seat(physics, 0).person;
  physics.desk.send("ATTENDANCE_MARKED", { studentId: id, status: "present" });
  for (const socket of everyone(physics)) expect(await socket.next()).toEqual(marked(id, "present"));
  physics.desk.send("TODAY_SUMMARY");
  for (const socket of everyone(physics))
    expect(await socket.next()).toMatchObject({ event: "TODAY_SUMMARY" });
  await silence(foreign);
});

test("A1 two classes that are marked at once each hear their own", async () => {
  for (let at = 0; at < 50; at += 1) {
    for (const one of [physics, chemistry]) {
      one.desk.send("ATTENDANCE_MARKED", { studentId: seat(one, at % 2).person.id, status: "present" });
    }
  }
  for (const one of [physics, chemistry]) {
    const own = Array.from({ length: 50 }, (_, at) => marked(seat(one, at % 2).person.id, "present"));
    for (const socket of everyone(one)) expect(await socket.nextOf(50)).toEqual(own);
  }
  await silence([...everyone(physics), ...foreign]);
});

test("A1 the room's comings, goings and signals reach nobody outside it", async () => {
  const { person, socket } = seat(physics, 0);
  for (const joining of [physics.desk, socket]) joining.send("JOIN_ROOM", { classId: physics.classId });
  await Promise.all([physics.desk.heard(), socket.heard()]);
  socket.send("WEBRTC_OFFER", { targetId: physics.teacher.id });
  await physics.desk.until("WEBRTC_OFFER");
  socket.send("LEAVE_ROOM");
  expect((await physics.desk.until("PEER_LEFT")).at(-1)).toEqual({
    event: "PEER_LEFT",
    data: { userId: person.id },
  });
  await silence([...everyone(physics), ...foreign]);
});

const teacherEvents = ["ATTENDANCE_MARKED", "TODAY_SUMMARY", "DONE", "JOIN_ROOM"];

test.each(teacherEvents)(
  "A2 %s of another teacher's class is forbidden, whether the own runs or not",
  async (event) => {
    const data = { classId: physics.classId, studentId: seat(physics, 0).person.id, status: "absent" };
    for (const socket of [chemistry.desk, idle.desk, outsider]) {
      expect(await answer(socket, event, data)).toEqual(error("Forbidden, not class teacher"));
    }
    await silence([...everyone(physics), ...foreign]);
  },
);

test("A2 the students of another class are not on the roll of the own", async () => {
  const data = { studentId: seat(physics, 0).person.id, status: "absent" };
  expect(await answer(chemistry.desk, "ATTENDANCE_MARKED", data)).toEqual(
    error("Student not enrolled in class"),
  );
  await silence([...everyone(physics), ...foreign]);
});

test.each(["MY_ATTENDANCE", "JOIN_ROOM"])(
  "A3 %s of a class that the student is not enrolled in is forbidden",
  async (event) => {
    for (const socket of [seat(chemistry, 0).socket, seat(idle, 0).socket, stranger]) {
      const frame = await answer(socket, event, { classId: physics.classId });
      expect(frame).toEqual(error("Forbidden, not enrolled in class"));
    }
    await silence([...everyone(physics), ...foreign]);
  },
);

test("A4 a stranger's running session changes nothing for those who have none", async () => {
  const none = error("No active attendance session");
  // V8: a signal is about a room, and whoever is in none has no peers there.
  const noPeer = error("target peer not connected");
  const mark = { studentId: seat(physics, 0).person.id, status: "absent" };
  for (const socket of [idle.desk, outsider]) {
    expect(await answer(socket, "ATTENDANCE_MARKED", mark)).toEqual(none);
    for (const event of ["TODAY_SUMMARY", "DONE"]) expect(await answer(socket, event, {})).toEqual(none);
  }
  for (const socket of [seat(idle, 0).socket, stranger]) {
    expect(await answer(socket, "MY_ATTENDANCE", {})).toEqual(none);
    expect(await answer(socket, "WEBRTC_OFFER", { targetId: physics.teacher.id })).toEqual(noPeer);
  }
  await silence([...everyone(physics), ...foreign]);
});

test("A5 the end of one session leaves the other running and its records unwritten", async () => {
  const [ending, going] = await Promise.all([lesson(server, 1), lesson(server, 1)]);
  going.desk.send("ATTENDANCE_MARKED", { studentId: seat(going, 0).person.id, status: "present" });
  for (const socket of everyone(going)) await socket.next();
  ending.desk.send("DONE");
  for (const socket of everyone(ending)) expect(await socket.next()).toMatchObject({ event: "DONE" });
  await silence([...everyone(going), ...foreign]);
  expect(await recordOf(server, seat(going, 0).person, going.classId)).toBeNull();
  expect(await recordOf(server, seat(ending, 0).person, ending.classId)).toBe("absent");
  const own = { event: "MY_ATTENDANCE", data: { status: "present" } };
  expect(await answer(seat(going, 0).socket, "MY_ATTENDANCE", {})).toEqual(own);
});

test("A6 a start by a teacher of the same student leaves the running session's sockets alone", async () => {
  const two = await lesson(server, 1);
  const other = await school(server, 0);
  const [watching] = await connectAll(server, [other.teacher]);
  await startSession(server, other.teacher, other.classId);
  two.desk.send("ATTENDANCE_MARKED", { studentId: seat(two, 0).person.id, status: "present" });
  for (const socket of everyone(two))
    expect(await socket.next()).toMatchObject({ event: "ATTENDANCE_MARKED" });
  expect(await watching?.heard()).toEqual([]);
});
