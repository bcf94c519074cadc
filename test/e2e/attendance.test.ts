import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { call, dataOf, get, post, refused, withoutIssues } from "./http";
import {
  endSession,
  enrol,
  newClass,
  type Person,
  recordOf,
  type School,
  school,
  startSession,
  student,
} from "./people";
import { connect, marked } from "./plain-client";
import { startServer } from "./server";

setDefaultTimeout(60_000);
const server = await startServer();
afterAll(() => server.dispose());

const noSession = refused(400, "No active attendance session");
const badSchema = refused(400, "Invalid request schema");

/** Marks over a socket of the teacher's and returns once the broadcast is seen. */
async function mark(teacher: Person, classId: string, studentId: string, status: string): Promise<void> {
  const socket = await connect(server, teacher);
  socket.send("ATTENDANCE_MARKED", { classId, studentId, status });
  expect(await socket.next()).toEqual(marked(studentId, status));
  await socket.close();
}

/** Another class of the same teacher with the same students. */
async function secondClass({ teacher, students }: School): Promise<School> {
  const classId = await newClass(server, teacher);
  await Promise.all(students.map((one) => enrol(server, teacher, classId, one)));
  return { teacher, students, classId };
}

test("H17 a start answers the class, its session, its room and its own time in ISO form", async () => {
  const { teacher, classId } = await school(server, 0);
  const started = await startSession(server, teacher, classId);
  expect(started.classId).toBe(classId);
  expect(new Date(started.startedAt).toISOString()).toBe(started.startedAt);
  expect([started.roomId, started.sessionId]).not.toContain("");
});

test("H17 a start without a class id, or with one that is no text, is an invalid schema", async () => {
  const { teacher } = await school(server, 0);
  for (const body of [{}, { classId: 5 }, { classId: null }, { classId: ["a"] }, [], "{", "null", ""]) {
    expect(withoutIssues(await post(server, "/attendance/start", body, teacher.token))).toEqual(badSchema);
  }
});

test("H18 a start of what runs answers the running session and drops no mark", async () => {
  const physics = await school(server, 2);
  const { teacher, classId } = physics;
  const first = await startSession(server, teacher, classId);
  await mark(teacher, classId, student(physics, 0).id, "present");
  expect(await startSession(server, teacher, classId)).toEqual(first);
  expect(await endSession(server, teacher, classId)).toMatchObject({ present: 1, absent: 1, total: 2 });
});

test("H18 simultaneous starts of one class give one session", async () => {
  const { teacher, classId } = await school(server, 0);
  const started = await Promise.all(Array.from({ length: 8 }, () => startSession(server, teacher, classId)));
  expect(new Set(started.map(({ sessionId }) => sessionId)).size).toBe(1);
  expect(new Set(started.map((one) => JSON.stringify(one))).size).toBe(1);
});

test("H18 a start after the end is a new session", async () => {
  const { teacher, classId } = await school(server, 1);
  const first = await startSession(server, teacher, classId);
  await endSession(server, teacher, classId);
  const second = await startSession(server, teacher, classId);
  expect(second.sessionId).not.toBe(first.sessionId);
  expect(await endSession(server, teacher, classId)).toMatchObject({ present: 0, absent: 1, total: 1 });
});

test("H19 classes of one and of several teachers run at once and do not touch each other", async () => {
  const [physics, chemistry] = await Promise.all([school(server, 2), school(server, 1)]);
  const maths = await secondClass(physics);
  const all = [physics, maths, chemistry];
  const started = await Promise.all(all.map((one) => startSession(server, one.teacher, one.classId)));
  expect(new Set(started.map(({ sessionId }) => sessionId)).size).toBe(3);
  expect(new Set(started.map(({ roomId }) => roomId)).size).toBe(3);
  await mark(physics.teacher, physics.classId, student(physics, 0).id, "present");
  await mark(physics.teacher, maths.classId, student(physics, 1).id, "present");
  await mark(chemistry.teacher, chemistry.classId, student(chemistry, 0).id, "present");
  await endSession(server, physics.teacher, physics.classId);
  await endSession(server, chemistry.teacher, chemistry.classId);
  expect(await recordOf(server, student(physics, 1), maths.classId)).toBeNull();
  await endSession(server, maths.teacher, maths.classId);
  const records = all.flatMap(({ students, classId }) =>
    students.map((one) => recordOf(server, one, classId)),
  );
  expect(await Promise.all(records)).toEqual(["present", "absent", "absent", "present", "present"]);
});

test("H20 an end with a classId ends that session and answers the figures of DONE, which it broadcasts", async () => {
  const physics = await school(server, 3);
  const { teacher, students, classId } = physics;
  const sockets = [await connect(server, teacher), await connect(server, student(physics, 0))];
  await startSession(server, teacher, classId);
  for (const [at, status] of ["present", "absent"].entries()) {
    await mark(teacher, classId, student(physics, at).id, status);
  }
  const figures = { present: 1, absent: 2, total: 3 };
  const answer = await post(server, "/attendance/end", { classId }, teacher.token);
  expect(dataOf(answer)).toMatchObject(figures);
  for (const socket of sockets) {
    const done = { event: "DONE", data: { message: "Attendance persisted", ...figures } };
    expect((await socket.until("DONE")).at(-1)).toEqual(done);
    expect(await socket.heard()).toEqual([]);
  }
  const records = await Promise.all(students.map((one) => recordOf(server, one, classId)));
  expect(records).toEqual(["present", "absent", "absent"]);
});

test("H20 an end without a classId ends the most recently started session, with or without a body", async () => {
  const physics = await school(server, 1);
  const { teacher } = physics;
  const [maths, music] = [await secondClass(physics), await secondClass(physics)];
  for (const { classId } of [maths, physics, music]) await startSession(server, teacher, classId);
  const running = async () => {
    const rooms = [maths, physics, music].map(({ classId }) =>
      get(server, `/class/${classId}/room`, teacher.token),
    );
    return (await Promise.all(rooms)).map((room) => JSON.stringify(dataOf(room)).includes('"isActive":true'));
  };
  dataOf(await post(server, "/attendance/end", {}, teacher.token));
  expect(await running()).toEqual([true, true, false]);
  dataOf(await call(server, "POST", "/attendance/end", { token: teacher.token }));
  expect(await running()).toEqual([true, false, false]);
  const headers = { "content-type": "application/json" };
  dataOf(await call(server, "POST", "/attendance/end", { token: teacher.token, headers }));
  expect(await running()).toEqual([false, false, false]);
  expect(await post(server, "/attendance/end", {}, teacher.token)).toEqual(noSession);
});

test("H20 where nothing runs there is nothing to end", async () => {
  const { teacher, classId } = await school(server, 0);
  expect(await post(server, "/attendance/end", { classId }, teacher.token)).toEqual(noSession);
  expect(await post(server, "/attendance/end", {}, teacher.token)).toEqual(noSession);
  await startSession(server, teacher, classId);
  await endSession(server, teacher, classId);
  expect(await post(server, "/attendance/end", { classId }, teacher.token)).toEqual(noSession);
});

test("H20 simultaneous ends end the session once: one DONE, one set of figures", async () => {
  const { teacher, classId } = await school(server, 2);
  await startSession(server, teacher, classId);
  const socket = await connect(server, teacher);
  const end = () => post(server, "/attendance/end", { classId }, teacher.token);
  const answers = await Promise.all([end(), end(), end(), end()]);
  const ended = answers.filter(({ status }) => status === 200);
  expect(ended).not.toEqual([]);
  for (const answer of ended) expect(dataOf(answer)).toMatchObject({ present: 0, absent: 2, total: 2 });
  for (const answer of answers.filter(({ status }) => status !== 200)) expect(answer).toEqual(noSession);
  expect(await socket.until("DONE")).toHaveLength(1);
  expect(await socket.heard()).toEqual([]);
});

test("H20 an end with a body that is wrong is an invalid schema and ends nothing", async () => {
  const { teacher, classId } = await school(server, 0);
  await startSession(server, teacher, classId);
  for (const body of [{ classId: 5 }, { classId: {} }, [], "{", "5"]) {
    expect(withoutIssues(await post(server, "/attendance/end", body, teacher.token))).toEqual(badSchema);
  }
  await endSession(server, teacher, classId);
});

test("H21 my-attendance has three names and is null until something is persisted", async () => {
  const physics = await school(server, 2);
  const { teacher, classId } = physics;
  const answers = async (who: Person) => {
    const names = [`/class/${classId}`, `/attendance/${classId}`, `/attendance/class/${classId}`];
    return Promise.all(
      names.map(async (name) => dataOf(await get(server, `${name}/my-attendance`, who.token))),
    );
  };
  const shown = (status: string | null) =>
    Array.from({ length: 3 }, () => expect.objectContaining({ classId, status }));
  expect(await answers(student(physics, 0))).toEqual(shown(null));
  await startSession(server, teacher, classId);
  await mark(teacher, classId, student(physics, 0).id, "present");
  expect(await answers(student(physics, 0))).toEqual(shown(null));
  await endSession(server, teacher, classId);
  expect(await answers(student(physics, 0))).toEqual(shown("present"));
  expect(await answers(student(physics, 1))).toEqual(shown("absent"));
});

test("H21 a later session's record replaces the earlier one", async () => {
  const physics = await school(server, 2);
  const { teacher, students, classId } = physics;
  for (const at of [0, 1]) {
    await startSession(server, teacher, classId);
    await mark(teacher, classId, student(physics, at).id, "present");
    await endSession(server, teacher, classId);
  }
  const records = await Promise.all(students.map((one) => recordOf(server, one, classId)));
  expect(records).toEqual(["absent", "present"]);
});
