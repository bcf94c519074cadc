import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { z } from "zod";
import { listed, withdraw } from "./class-verbs";
import { dataOf, get, refused } from "./http";
import { everyone, lesson, seat } from "./lesson";
import { endSession, enrol, join, newClass, recordOf } from "./people";
import { error, marked } from "./plain-client";
import { startServer } from "./server";
import { V1Watcher } from "./v1-watcher";

setDefaultTimeout(60_000);
const server = await startServer();
afterAll(() => server.dispose());

const stranger = await join(server, "student");
const nobody = "0123456789abcdef01234567";

test("K4 a withdrawn student is off the roll, hears nothing more, and the others are told nothing", async () => {
  const physics = await lesson(server, 3);
  const { teacher, classId, desk } = physics;
  const [leaving, staying] = [seat(physics, 0), seat(physics, 1)];
  const watcher = await V1Watcher.open(server, teacher);
  const leaver = await V1Watcher.open(server, leaving.person);
  desk.send("ATTENDANCE_MARKED", { studentId: leaving.person.id, status: "present" });
  for (const socket of everyone(physics)) await socket.next();
  const answer = dataOf(await withdraw(server, classId, leaving.person.id, teacher));
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
  for (const { id } of [markedOne, unmarked]) dataOf(await withdraw(server, classId, id, teacher));
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
  dataOf(await withdraw(server, physics.classId, person.id, physics.teacher));
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
  dataOf(await withdraw(server, classId, person.id, teacher));
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
  dataOf(await withdraw(server, other, person.id, physics.teacher));
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
  const withdrawing = withdraw(server, classId, leaving.person.id, teacher);
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
  const answer = dataOf(await withdraw(server, classId, stranger.id, teacher));
  expect(answer).toMatchObject({ _id: classId, studentIds: [seat(physics, 0).person.id] });
  for (const id of [nobody, "no one at all", teacher.id, classId, "%00"]) {
    expect(await withdraw(server, classId, encodeURIComponent(id), teacher)).toEqual(
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
      () => withdraw(server, classId, person.id, teacher),
    ];
    await Promise.all([remove(), add(), remove(), add()]);
    const roll = (await listed(server, teacher))[0]?.studentIds;
    desk.send("ATTENDANCE_MARKED", { studentId: person.id, status: "present" });
    const mark = marked(person.id, "present");
    const isOnRoll = roll?.includes(person.id);
    expect(await desk.next()).toEqual(isOnRoll ? mark : error("Student not enrolled in class"));
    if (isOnRoll) expect(await socket.next()).toEqual(mark);
    expect(await socket.heard()).toEqual([]);
  }
});
