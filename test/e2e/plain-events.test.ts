import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { everyone, lesson, seat, seated } from "./lesson";
import { endSession, enrol, join, newClass, recordOf, school, startSession, student } from "./people";
import { connect, connectAll, error, type Frame, marked, PlainClient } from "./plain-client";
import { startServer } from "./server";

setDefaultTimeout(60_000);
const server = await startServer();
afterAll(() => server.dispose());

const pongs: Frame[] = [{ event: "PONG" }, { event: "PONG", data: {} }];
const summary = (present: number, absent: number) => ({
  event: "TODAY_SUMMARY",
  data: { present, absent, total: present + absent },
});
const done = (present: number, absent: number) => ({
  event: "DONE",
  data: { message: "Attendance persisted", present, absent, total: present + absent },
});

test("P1 the server says nothing on connecting, whether a session runs or not", async () => {
  const physics = await school(server, 1);
  for (const running of [false, true]) {
    if (running) await startSession(server, physics.teacher, physics.classId);
    const { desk, seats } = await seated(server, physics);
    for (const socket of [desk, ...seats]) expect(await socket.heard()).toEqual([]);
  }
});

test.each([
  ["no token", ""],
  ["an empty token", "?token="],
  ["a token that is none", "?token=nonsense"],
  ["a token in three parts that is none", "?token=a.b.c"],
  ["a very long token", `?token=${"x".repeat(4000)}`],
])("P2 a socket with %s is upgraded, told so and closed", async (_what, query) => {
  const socket = await PlainClient.open(server.wsUrl + query);
  expect(await socket.closed()).not.toBe(1006);
  expect(socket.received).toEqual([error("Unauthorized or invalid token")]);
});

test("P2 what a socket with a bad token sends has no effect", async () => {
  const { teacher, desk, students, seats } = await lesson(server, 1);
  const forged = await PlainClient.open(`${server.wsUrl}?token=${teacher.token}x`);
  forged.send("ATTENDANCE_MARKED", { studentId: students[0]?.id ?? "", status: "present" });
  forged.send("DONE");
  await forged.closed();
  expect(forged.received).toEqual([error("Unauthorized or invalid token")]);
  for (const socket of [desk, ...seats]) expect(await socket.heard()).toEqual([]);
});

test("P3 a mark is broadcast to every socket of the class exactly as it counts", async () => {
  const physics = await lesson(server, 2);
  const second = await connect(server, physics.teacher);
  for (const status of ["present", "absent", "present"]) {
    const { id } = seat(physics, 0).person;
    physics.desk.send("ATTENDANCE_MARKED", { studentId: id, status });
    for (const socket of [...everyone(physics), second])
      expect(await socket.next()).toEqual(marked(id, status));
  }
  for (const socket of [...everyone(physics), second]) expect(await socket.heard()).toEqual([]);
});

test("P3 nothing that a client adds to a mark is broadcast", async () => {
  const physics = await lesson(server, 1);
  const { id } = seat(physics, 0).person;
  const added = { classId: physics.classId, by: "me", total: 9, constructor: { prototype: {} } };
  physics.desk.send("ATTENDANCE_MARKED", { studentId: id, status: "present", ...added });
  for (const socket of everyone(physics)) expect(await socket.next()).toEqual(marked(id, "present"));
});

test("P4 a summary is broadcast and counts those marked so far", async () => {
  const physics = await lesson(server, 3);
  const expected = [summary(0, 0), summary(1, 0), summary(1, 1), summary(2, 0)];
  const marks = [
    [0, "present"],
    [1, "absent"],
    [1, "present"],
  ] as const;
  for (const [at, frame] of expected.entries()) {
    physics.desk.send("TODAY_SUMMARY");
    for (const socket of everyone(physics)) expect(await socket.next()).toEqual(frame);
    const [who, status] = marks[at] ?? [];
    if (who === undefined || status === undefined) continue;
    physics.desk.send("ATTENDANCE_MARKED", { studentId: seat(physics, who).person.id, status });
    for (const socket of everyone(physics)) await socket.next();
  }
});

test("P5 a student asks for the own status and is the only one to hear it", async () => {
  const physics = await lesson(server, 2);
  const { person, socket } = seat(physics, 0);
  const ask = async () => {
    socket.send("MY_ATTENDANCE");
    return socket.next();
  };
  expect(await ask()).toEqual({ event: "MY_ATTENDANCE", data: { status: "not yet updated" } });
  for (const status of ["present", "absent"]) {
    physics.desk.send("ATTENDANCE_MARKED", { studentId: person.id, status });
    for (const hearing of everyone(physics)) await hearing.until("ATTENDANCE_MARKED");
    expect(await ask()).toEqual({ event: "MY_ATTENDANCE", data: { status } });
  }
  for (const hearing of everyone(physics)) expect(await hearing.heard()).toEqual([]);
});

test("P6 DONE makes the unmarked absent and is broadcast over the whole roll", async () => {
  const physics = await lesson(server, 4);
  for (const [at, status] of ["present", "absent"].entries()) {
    physics.desk.send("ATTENDANCE_MARKED", { studentId: seat(physics, at).person.id, status });
  }
  physics.desk.send("DONE");
  for (const socket of everyone(physics)) expect((await socket.until("DONE")).at(-1)).toEqual(done(1, 3));
  const records = physics.students.map((one) => recordOf(server, one, physics.classId));
  expect(await Promise.all(records)).toEqual(["present", "absent", "absent", "absent"]);
});

test("P6 by the time anyone sees DONE the record can be read", async () => {
  for (let round = 0; round < 5; round += 1) {
    const physics = await lesson(server, 3);
    physics.desk.send("ATTENDANCE_MARKED", { studentId: seat(physics, 0).person.id, status: "present" });
    physics.desk.send("DONE");
    await physics.desk.until("DONE");
    const records = physics.students.map((one) => recordOf(server, one, physics.classId));
    expect(await Promise.all(records)).toEqual(["present", "absent", "absent"]);
  }
});

test("P7 PING is answered with PONG to the asker, session or not, teacher or student", async () => {
  const physics = await lesson(server, 1);
  const loner = await connect(server, await join(server, "student"));
  for (const socket of [...everyone(physics), loner]) {
    socket.send("PING");
    socket.send("PING", {});
    for (const frame of await socket.nextOf(2)) expect(pongs).toContainEqual(frame);
  }
  for (const socket of [...everyone(physics), loner]) expect(await socket.heard()).toEqual([]);
});

test("P21 sockets that were open before the start hear the class", async () => {
  const physics = await seated(server, await school(server, 2));
  await startSession(server, physics.teacher, physics.classId);
  for (const socket of everyone(physics)) expect(await socket.heard()).toEqual([]);
  const { id } = seat(physics, 1).person;
  physics.desk.send("ATTENDANCE_MARKED", { studentId: id, status: "present" });
  for (const socket of everyone(physics)) expect(await socket.next()).toEqual(marked(id, "present"));
});

test("P21 a student enrolled while the session runs hears it on a socket of before, and can be marked", async () => {
  const physics = await lesson(server, 1);
  const late = await join(server, "student");
  const socket = await connect(server, late);
  await enrol(server, physics.teacher, physics.classId, late);
  physics.desk.send("ATTENDANCE_MARKED", { studentId: late.id, status: "present" });
  for (const hearing of [...everyone(physics), socket]) {
    expect(await hearing.next()).toEqual(marked(late.id, "present"));
  }
  socket.send("MY_ATTENDANCE");
  expect(await socket.next()).toEqual({ event: "MY_ATTENDANCE", data: { status: "present" } });
  physics.desk.send("DONE");
  for (const hearing of [...everyone(physics), socket]) expect(await hearing.next()).toEqual(done(1, 1));
});

test("P22 after DONE the socket stays open, and hears the next session", async () => {
  const physics = await lesson(server, 1);
  physics.desk.send("DONE");
  for (const socket of everyone(physics)) expect(await socket.next()).toEqual(done(0, 1));
  for (const socket of everyone(physics)) expect(await socket.heard()).toEqual([]);
  await startSession(server, physics.teacher, physics.classId);
  physics.desk.send("TODAY_SUMMARY");
  for (const socket of everyone(physics)) expect(await socket.next()).toEqual(summary(0, 0));
});

test("P23 starting, enrolling, connecting and leaving put no frame on anybody's socket", async () => {
  const physics = await seated(server, await school(server, 1));
  const { teacher, classId } = physics;
  await startSession(server, teacher, classId);
  await startSession(server, teacher, classId);
  const [late, other] = [await join(server, "student"), await newClass(server, teacher)];
  await enrol(server, teacher, classId, late);
  await enrol(server, teacher, other, late);
  const [visiting] = await connectAll(server, [late]);
  await visiting?.close();
  for (const socket of everyone(physics)) expect(await socket.heard()).toEqual([]);
});

test("P23 a broadcast and its answer are one frame, also where a student has several sockets", async () => {
  const physics = await lesson(server, 1);
  const tabs = await connectAll(server, [student(physics, 0), student(physics, 0), physics.teacher]);
  const { id } = seat(physics, 0).person;
  physics.desk.send("ATTENDANCE_MARKED", { studentId: id, status: "absent" });
  for (const socket of [...everyone(physics), ...tabs])
    expect(await socket.next()).toEqual(marked(id, "absent"));
  expect(await endSession(server, physics.teacher, physics.classId)).toMatchObject({
    present: 0,
    absent: 1,
    total: 1,
  });
  for (const socket of [...everyone(physics), ...tabs]) expect(await socket.next()).toEqual(done(0, 1));
  for (const socket of [...everyone(physics), ...tabs]) expect(await socket.heard()).toEqual([]);
});
