import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { archive, listed, patch, withdraw } from "./class-verbs";
import { type Answer, call, dataOf, get, type Json, post, refused, withoutIssues } from "./http";
import { everyone, lesson, seat } from "./lesson";
import { endSession, enrol, join, newClass, recordOf, school, startSession } from "./people";
import { connect, error, marked } from "./plain-client";
import { startServer } from "./server";
import { V1Watcher } from "./v1-watcher";

setDefaultTimeout(60_000);
const server = await startServer();
afterAll(() => server.dispose());

const [outsider, stranger] = await Promise.all([join(server, "teacher"), join(server, "student")]);
const nobody = "0123456789abcdef01234567";
const notFound = refused(404, "Class not found");

test("K1 a teacher lists the own classes, a student those enrolled in, oldest first", async () => {
  const { teacher, students, classId } = await school(server, 2);
  const [first, second] = students;
  if (!first || !second) throw new Error("two students");
  const later = await newClass(server, teacher);
  await enrol(server, teacher, later, second);
  const className = `class of ${teacher.name}`;
  const one = { _id: classId, className, teacherId: teacher.id };
  const two = { _id: later, className, teacherId: teacher.id, studentIds: [second.id] };
  const [early, late] = await listed(server, teacher);
  expect(early).toMatchObject(one);
  expect(early?.studentIds.toSorted()).toEqual([first.id, second.id].toSorted());
  expect(late).toEqual(two);
  expect((await listed(server, first)).map(({ _id }) => _id)).toEqual([classId]);
  expect((await listed(server, second)).map(({ _id }) => _id)).toEqual([classId, later]);
  expect(await listed(server, stranger)).toEqual([]);
});

test("K2 a class gets another name, and nobody's socket hears of it", async () => {
  const physics = await lesson(server, 1);
  const { teacher, classId } = physics;
  const answer = dataOf(await patch(server, classId, { className: "  Physics 10a " }, teacher));
  const shown = { _id: classId, className: "Physics 10a", teacherId: teacher.id };
  expect(answer).toEqual({ ...shown, studentIds: [seat(physics, 0).person.id] });
  expect(dataOf(await get(server, `/class/${classId}`, teacher.token))).toMatchObject(shown);
  for (const socket of everyone(physics)) expect(await socket.heard()).toEqual([]);
  for (const body of [{}, { className: "" }, { className: 5 }, [], "{"]) {
    expect(withoutIssues(await patch(server, classId, body, teacher))).toEqual(
      refused(400, "Invalid request schema"),
    );
  }
  expect(dataOf(await get(server, `/class/${classId}`, teacher.token))).toMatchObject(shown);
});

test("K3 archiving ends the running session as DONE does, and the record is there", async () => {
  const physics = await lesson(server, 2);
  const { teacher, classId, desk } = physics;
  const [here, away] = [seat(physics, 0), seat(physics, 1)];
  const watcher = await V1Watcher.open(server, teacher);
  desk.send("ATTENDANCE_MARKED", { studentId: here.person.id, status: "present" });
  for (const socket of everyone(physics)) await socket.next();
  expect(dataOf(await archive(server, classId, teacher))).toMatchObject({
    _id: classId,
    teacherId: teacher.id,
  });
  const done = { message: "Attendance persisted", present: 1, absent: 1, total: 2 };
  for (const socket of everyone(physics))
    expect(await socket.heard()).toEqual([{ event: "DONE", data: done }]);
  expect(await recordOf(server, here.person, classId)).toBe("present");
  expect(await recordOf(server, away.person, classId)).toBe("absent");
  const told = await watcher.heard();
  expect(told.at(-2)).toMatchObject({ type: "events", events: [{ type: "ended" }] });
  expect(told.at(-1)).toMatchObject({ type: "member", class: classId, joined: false });
});

test("K3 an archived class is not found, in no list, and its records can still be read", async () => {
  const physics = await lesson(server, 1);
  const { teacher, classId, desk } = physics;
  const { person } = seat(physics, 0);
  const { token } = teacher;
  await endSession(server, teacher, classId);
  await desk.until("DONE");
  dataOf(await archive(server, classId, teacher));
  const gone: Answer[] = await Promise.all([
    get(server, `/class/${classId}`, token),
    get(server, `/class/${classId}`, person.token),
    get(server, `/class/${classId}/room`, token),
    post(server, `/class/${classId}/add-student`, { studentId: stranger.id }, token),
    post(server, "/attendance/start", { classId }, token),
    post(server, "/attendance/end", { classId }, token),
    patch(server, classId, { className: "Again" }, teacher),
    withdraw(server, classId, person.id, teacher),
    archive(server, classId, teacher),
  ]);
  expect(gone).toEqual(gone.map(() => notFound));
  expect([...(await listed(server, teacher)), ...(await listed(server, person))]).toEqual([]);
  desk.send("TODAY_SUMMARY", { classId });
  expect(await desk.heard()).toEqual([error("No active attendance session")]);
  for (const path of [`/class/${classId}`, `/attendance/${classId}`, `/attendance/class/${classId}`]) {
    const record = dataOf(await get(server, `${path}/my-attendance`, person.token));
    expect(record).toEqual({ classId, status: "absent" });
    expect(await get(server, `${path}/my-attendance`, stranger.token)).toEqual(
      refused(403, "Forbidden, not enrolled in class"),
    );
  }
});

test("K3 of a start and an archiving at once, no session is left running", async () => {
  for (let round = 0; round < 20; round += 1) {
    const teacher = outsider;
    const classId = await newClass(server, teacher);
    const start = () => post(server, "/attendance/start", { classId }, teacher.token);
    const [archived] = await Promise.all([archive(server, classId, teacher), start(), start()]);
    expect(archived.status).toBe(200);
    expect(await start()).toEqual(notFound);
    const end = await post(server, "/attendance/end", {}, teacher.token);
    expect(end).toEqual(refused(400, "No active attendance session"));
  }
});

test("K3 archiving one class leaves the teacher's other session and its sockets alone", async () => {
  const physics = await lesson(server, 1);
  const { teacher } = physics;
  const { person } = seat(physics, 0);
  const other = await newClass(server, teacher);
  await enrol(server, teacher, other, person);
  await startSession(server, teacher, other);
  dataOf(await archive(server, other, teacher));
  for (const socket of everyone(physics)) await socket.until("DONE");
  physics.desk.send("ATTENDANCE_MARKED", { studentId: person.id, status: "present" });
  for (const socket of everyone(physics)) expect(await socket.next()).toEqual(marked(person.id, "present"));
});

test("K7 renaming, archiving and withdrawing outlive a restart", async () => {
  const own = await startServer();
  try {
    const { teacher, students, classId } = await school(own, 1);
    const gone = await newClass(own, teacher);
    const { token } = teacher;
    await call(own, "PATCH", `/class/${classId}`, { token, body: { className: "Renamed" } });
    await call(own, "DELETE", `/class/${gone}`, { token });
    await call(own, "DELETE", `/class/${classId}/students/${students[0]?.id}`, { token });
    await own.kill9();
    await own.start();
    const classes = await listed(own, teacher);
    expect(classes).toEqual([{ _id: classId, className: "Renamed", teacherId: teacher.id, studentIds: [] }]);
  } finally {
    await own.dispose();
  }
});

test("A7 class care refuses every role and relation that it is not for, and nothing happens", async () => {
  const { teacher, students, classId } = await school(server, 1);
  const pupil = students[0];
  if (!pupil) throw new Error("one student");
  const teacherOnly = refused(403, "Forbidden, teacher access required");
  const notTeacher = refused(403, "Forbidden, not class teacher");
  const unauthorized = refused(401, "Unauthorized, token missing or invalid");
  const routes: [string, string, Json?][] = [
    ["PATCH", `/class/${classId}`, { className: "Never" }],
    ["DELETE", `/class/${classId}`],
    ["DELETE", `/class/${classId}/students/${pupil.id}`],
  ];
  for (const [method, path, body] of routes) {
    const ask = (token?: string) =>
      call(server, method, path, { ...(token && { token }), ...(body !== undefined && { body }) });
    expect(await ask()).toEqual(unauthorized);
    expect(await ask("forged")).toEqual(unauthorized);
    for (const { token } of [pupil, stranger]) expect(await ask(token)).toEqual(teacherOnly);
    expect(await ask(outsider.token)).toEqual(notTeacher);
    const other = (id: string) => path.replace(classId, id);
    const at = (path: string, token: string) =>
      call(server, method, path, { token, ...(body !== undefined && { body }) });
    expect(await at(other("xyz"), teacher.token)).toEqual(refused(400, "Invalid class ID"));
    expect(await at(other(nobody), teacher.token)).toEqual(notFound);
    expect(await at(other("xyz"), pupil.token)).toEqual(teacherOnly);
  }
  expect(await get(server, "/class")).toEqual(unauthorized);
  const shown = dataOf(await get(server, `/class/${classId}`, teacher.token));
  expect(shown).toMatchObject({ className: `class of ${teacher.name}`, studentIds: [pupil.id] });
});

test("A1 what a class cares for reaches nobody outside it", async () => {
  const [physics, chemistry] = [await lesson(server, 2), await lesson(server, 1)];
  const away = await connect(server, outsider);
  dataOf(await withdraw(server, physics.classId, seat(physics, 0).person.id, physics.teacher));
  dataOf(await archive(server, physics.classId, physics.teacher));
  for (const socket of [...everyone(chemistry), away, seat(physics, 0).socket])
    expect(await socket.heard()).toEqual([]);
  expect(await seat(physics, 1).socket.heard()).toHaveLength(1);
});
