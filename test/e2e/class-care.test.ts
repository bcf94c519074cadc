import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { z } from "zod";
import { type Answer, call, dataOf, get, type Json, post, refused, withoutIssues } from "./http";
import { everyone, lesson, seat } from "./lesson";
import { endSession, enrol, join, newClass, type Person, recordOf, school, startSession } from "./people";
import { connect, error, marked } from "./plain-client";
import { startServer } from "./server";
import { V1Watcher } from "./v1-watcher";

setDefaultTimeout(60_000);
const server = await startServer();
afterAll(() => server.dispose());

const [outsider, stranger] = await Promise.all([join(server, "teacher"), join(server, "student")]);
const nobody = "0123456789abcdef01234567";
const notFound = refused(404, "Class not found");

const patch = (id: string, body: Json, { token }: Person) =>
  call(server, "PATCH", `/class/${id}`, { token, body });
const archive = (id: string, { token }: Person) => call(server, "DELETE", `/class/${id}`, { token });
const withdraw = (id: string, studentId: string, { token }: Person) =>
  call(server, "DELETE", `/class/${id}/students/${studentId}`, { token });

const Listed = z.array(
  z.object({
    _id: z.string(),
    className: z.string(),
    teacherId: z.string(),
    studentIds: z.array(z.string()),
  }),
);
const listed = async (who: Person) => Listed.parse(dataOf(await get(server, "/class", who.token)));

test("K1 a teacher lists the own classes, a student those enrolled in, oldest first", async () => {
  const { teacher, students, classId } = await school(server, 2);
  const [first, second] = students;
  if (!first || !second) throw new Error("two students");
  const later = await newClass(server, teacher);
  await enrol(server, teacher, later, second);
  const className = `class of ${teacher.name}`;
  const one = { _id: classId, className, teacherId: teacher.id };
  const two = { _id: later, className, teacherId: teacher.id, studentIds: [second.id] };
  const [early, late] = await listed(teacher);
  expect(early).toMatchObject(one);
  expect(early?.studentIds.toSorted()).toEqual([first.id, second.id].toSorted());
  expect(late).toEqual(two);
  expect((await listed(first)).map(({ _id }) => _id)).toEqual([classId]);
  expect((await listed(second)).map(({ _id }) => _id)).toEqual([classId, later]);
  expect(await listed(stranger)).toEqual([]);
});

test("K2 a class gets another name, and nobody's socket hears of it", async () => {
  const physics = await lesson(server, 1);
  const { teacher, classId } = physics;
  const answer = dataOf(await patch(classId, { className: "  Physics 10a " }, teacher));
  const shown = { _id: classId, className: "Physics 10a", teacherId: teacher.id };
  expect(answer).toEqual({ ...shown, studentIds: [seat(physics, 0).person.id] });
  expect(dataOf(await get(server, `/class/${classId}`, teacher.token))).toMatchObject(shown);
  for (const socket of everyone(physics)) expect(await socket.heard()).toEqual([]);
  for (const body of [{}, { className: "" }, { className: 5 }, [], "{"]) {
    expect(withoutIssues(await patch(classId, body, teacher))).toEqual(
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
  expect(dataOf(await archive(classId, teacher))).toMatchObject({ _id: classId, teacherId: teacher.id });
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
  dataOf(await archive(classId, teacher));
  const gone: Answer[] = await Promise.all([
    get(server, `/class/${classId}`, token),
    get(server, `/class/${classId}`, person.token),
    get(server, `/class/${classId}/room`, token),
    post(server, `/class/${classId}/add-student`, { studentId: stranger.id }, token),
    post(server, "/attendance/start", { classId }, token),
    post(server, "/attendance/end", { classId }, token),
    patch(classId, { className: "Again" }, teacher),
    withdraw(classId, person.id, teacher),
    archive(classId, teacher),
  ]);
  expect(gone).toEqual(gone.map(() => notFound));
  expect([...(await listed(teacher)), ...(await listed(person))]).toEqual([]);
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
    const [archived] = await Promise.all([archive(classId, teacher), start(), start()]);
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
  dataOf(await archive(other, teacher));
  for (const socket of everyone(physics)) await socket.until("DONE");
  physics.desk.send("ATTENDANCE_MARKED", { studentId: person.id, status: "present" });
  for (const socket of everyone(physics)) expect(await socket.next()).toEqual(marked(person.id, "present"));
});

test("K4 a withdrawn student is off the roll, hears nothing more, and the others are told nothing", async () => {
  const physics = await lesson(server, 3);
  const { teacher, classId, desk } = physics;
  const [leaving, staying] = [seat(physics, 0), seat(physics, 1)];
  const watcher = await V1Watcher.open(server, teacher);
  const leaver = await V1Watcher.open(server, leaving.person);
  desk.send("ATTENDANCE_MARKED", { studentId: leaving.person.id, status: "present" });
  for (const socket of everyone(physics)) await socket.next();
  const answer = dataOf(await withdraw(classId, leaving.person.id, teacher));
  expect(answer).toMatchObject({ _id: classId, teacherId: teacher.id });
  const kept = physics.students.slice(1).map(({ id }) => id);
  expect(
    z
      .object({ studentIds: z.array(z.string()) })
      .parse(answer)
      .studentIds.toSorted(),
  ).toEqual(kept.toSorted());
  for (const socket of everyone(physics)) expect(await socket.heard()).toEqual([]);
  desk.send("ATTENDANCE_MARKED", { studentId: leaving.person.id, status: "absent" });
  expect(await desk.next()).toEqual(error("Student not enrolled in class"));
  desk.send("ATTENDANCE_MARKED", { studentId: staying.person.id, status: "present" });
  expect(await desk.next()).toEqual(marked(staying.person.id, "present"));
  expect(await staying.socket.next()).toEqual(marked(staying.person.id, "present"));
  expect(await leaving.socket.heard()).toEqual([]);
  leaving.socket.send("MY_ATTENDANCE");
  expect(await leaving.socket.next()).toEqual(error("No active attendance session"));
  expect(await get(server, `/class/${classId}`, leaving.person.token)).toEqual(
    refused(403, "Forbidden, not class teacher"),
  );
  await watcher.heard();
  expect(watcher.events.map(({ type }) => type)).toEqual(["marked", "withdrawn", "marked"]);
  expect(watcher.events[1]).toMatchObject({ student: leaving.person.id, by: teacher.id, via: "http" });
  const told = await leaver.heard();
  expect(told.at(-1)).toMatchObject({ type: "member", class: classId, joined: false });
  expect(leaver.events.map(({ type }) => type)).toEqual(["marked"]);
});

test("K4 marks made before the withdrawal stay, and who had none gets no status", async () => {
  const physics = await lesson(server, 3);
  const { teacher, classId, desk } = physics;
  const [markedOne, unmarked] = [seat(physics, 0).person, seat(physics, 1).person];
  desk.send("ATTENDANCE_MARKED", { studentId: markedOne.id, status: "present" });
  await desk.next();
  for (const { id } of [markedOne, unmarked]) dataOf(await withdraw(classId, id, teacher));
  expect(await endSession(server, teacher, classId)).toMatchObject({ present: 1, absent: 1, total: 2 });
  for (const one of [markedOne, unmarked]) await enrol(server, teacher, classId, one);
  expect(await recordOf(server, markedOne, classId)).toBe("present");
  expect(await recordOf(server, unmarked, classId)).toBeNull();
});

test("K4 a withdrawn student leaves the video room, whose others are told", async () => {
  const physics = await lesson(server, 1);
  const { person, socket } = seat(physics, 0);
  for (const joining of [physics.desk, socket]) {
    joining.send("JOIN_ROOM", { classId: physics.classId });
    await joining.heard();
  }
  dataOf(await withdraw(physics.classId, person.id, physics.teacher));
  expect((await physics.desk.heard()).at(-1)).toEqual({ event: "PEER_LEFT", data: { userId: person.id } });
  socket.send("WEBRTC_OFFER", { targetId: physics.teacher.id });
  expect(await socket.next()).toEqual(error("target peer not connected"));
});

test("K4 who is enrolled again hears the class again, and a v1 teacher sees both", async () => {
  const physics = await lesson(server, 1);
  const { teacher, classId, desk } = physics;
  const { person, socket } = seat(physics, 0);
  const watcher = await V1Watcher.open(server, teacher);
  const pupil = await V1Watcher.open(server, person);
  dataOf(await withdraw(classId, person.id, teacher));
  await enrol(server, teacher, classId, person);
  const [gone, back, whole] = (await pupil.heard()).slice(-3);
  expect(gone).toMatchObject({ type: "member", class: classId, joined: false });
  expect(back).toMatchObject({ type: "member", class: classId, joined: true });
  expect(whole).toMatchObject({ type: "snapshot", class: classId, seq: 3 });
  desk.send("ATTENDANCE_MARKED", { studentId: person.id, status: "present" });
  expect(await socket.next()).toEqual(marked(person.id, "present"));
  await watcher.heard();
  expect(watcher.events.map(({ type }) => type)).toEqual(["withdrawn", "enrolled", "marked"]);
  await pupil.heard();
  expect(pupil.events.map(({ seq }) => seq)).toEqual([4]);
});

test("K4 withdrawing from one class leaves the student's other classes alone", async () => {
  const physics = await lesson(server, 1);
  const { person, socket } = seat(physics, 0);
  const other = await newClass(server, physics.teacher);
  await enrol(server, physics.teacher, other, person);
  dataOf(await withdraw(other, person.id, physics.teacher));
  physics.desk.send("ATTENDANCE_MARKED", {
    studentId: person.id,
    status: "present",
    classId: physics.classId,
  });
  expect(await socket.next()).toEqual(marked(person.id, "present"));
});

test("K5 the withdrawn hear every mark that stands before it in the log, and none after", async () => {
  const physics = await lesson(server, 2);
  const { teacher, classId, desk } = physics;
  const [leaving, staying] = [seat(physics, 0), seat(physics, 1)];
  const watcher = await V1Watcher.open(server, teacher);
  const leaver = await V1Watcher.open(server, leaving.person);
  const burst = 300;
  const send = () => {
    for (let at = 0; at < burst; at += 1)
      desk.send("ATTENDANCE_MARKED", { studentId: staying.person.id, status: at % 2 ? "absent" : "present" });
  };
  send();
  const withdrawing = withdraw(classId, leaving.person.id, teacher);
  send();
  await withdrawing;
  send();
  await desk.nextOf(3 * burst);
  await watcher.heard();
  const at = watcher.events.findIndex(({ type }) => type === "withdrawn");
  const before = watcher.events
    .slice(0, at)
    .map((event) => (event.type === "marked" ? event.status : event.type));
  expect(watcher.events.length).toBe(3 * burst + 1);
  expect(await leaving.socket.heard()).toEqual(before.map((status) => marked(staying.person.id, status)));
  await leaver.heard();
  expect(leaver.events).toEqual(leaver.events.filter(({ type }) => type === "marked"));
  expect(leaver.events.length).toBe(before.length);
  expect((await staying.socket.heard()).length).toBe(3 * burst);
});

test("K6 withdrawing a student who is not on the roll changes nothing and answers the class", async () => {
  const physics = await lesson(server, 1);
  const { teacher, classId } = physics;
  const watcher = await V1Watcher.open(server, teacher);
  const answer = dataOf(await withdraw(classId, stranger.id, teacher));
  expect(answer).toMatchObject({ _id: classId, studentIds: [seat(physics, 0).person.id] });
  for (const id of [nobody, "no one at all", teacher.id, classId, "%00"]) {
    expect(await withdraw(classId, encodeURIComponent(id), teacher)).toEqual(
      refused(404, "Student not found"),
    );
  }
  for (const socket of everyone(physics)) expect(await socket.heard()).toEqual([]);
  await watcher.heard();
  expect(watcher.events).toEqual([]);
});

test("K6 of withdrawals and enrolments at once the class and its session agree in the end", async () => {
  const physics = await lesson(server, 1);
  const { teacher, classId, desk } = physics;
  const { person, socket } = seat(physics, 0);
  for (let round = 0; round < 20; round += 1) {
    const [add, remove] = [
      () => enrol(server, teacher, classId, person),
      () => withdraw(classId, person.id, teacher),
    ];
    await Promise.all([remove(), add(), remove(), add()]);
    const roll = Listed.parse([dataOf(await get(server, `/class/${classId}`, teacher.token))])[0]?.studentIds;
    desk.send("ATTENDANCE_MARKED", { studentId: person.id, status: "present" });
    const mark = marked(person.id, "present");
    const isOnRoll = roll?.includes(person.id);
    expect(await desk.next()).toEqual(isOnRoll ? mark : error("Student not enrolled in class"));
    if (isOnRoll) expect(await socket.next()).toEqual(mark);
    expect(await socket.heard()).toEqual([]);
  }
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
    const classes = Listed.parse(dataOf(await get(own, "/class", token)));
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
  dataOf(await withdraw(physics.classId, seat(physics, 0).person.id, physics.teacher));
  dataOf(await archive(physics.classId, physics.teacher));
  for (const socket of [...everyone(chemistry), away, seat(physics, 0).socket])
    expect(await socket.heard()).toEqual([]);
  expect(await seat(physics, 1).socket.heard()).toHaveLength(1);
});
