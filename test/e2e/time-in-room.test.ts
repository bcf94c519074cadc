import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { historyAnswer, sessionAnswer } from "../../protocol/http.ts";
import { patch } from "./class-verbs.ts";
import { call, dataOf, get, type Json, refused } from "./http.ts";
import { IoClient, webSocket } from "./io-client.ts";
import { type Lesson, lesson, seat } from "./lesson.ts";
import { endSession, join, type Person, recordOf, startSession } from "./people.ts";
import { connect } from "./plain-client.ts";
import { startServer } from "./server.ts";
import { enterRoom, ownPresenceOf, presenceOf, presenceOfStudent, until } from "./time-in-room.ts";
import { V1Socket } from "./v1-socket.ts";

setDefaultTimeout(60_000);
const server = await startServer();
afterAll(() => server.dispose());

const change = (classId: string, body: Json, by: Person) =>
  call(server, "PATCH", `/class/${classId}`, { token: by.token, body });

/** The running session of the lesson. */
const sessionOf = async ({ teacher, classId }: Lesson) =>
  (await startSession(server, teacher, classId)).sessionId;

const near = (one: string | null | undefined, other: number): boolean =>
  Math.abs(Date.parse(one ?? "") - other) < 2000;

test("PR14 who is in the room, since when and how long is told to the teacher, and to a student of themselves", async () => {
  const physics = await lesson(server, 2);
  const { teacher, classId } = physics;
  const sessionId = await sessionOf(physics);
  const [ada, ben] = [seat(physics, 0), seat(physics, 1)];
  expect(await ownPresenceOf(server, ada.person, classId)).toMatchObject({ here: false, inRoomMs: 0 });
  const entered = Date.now();
  await enterRoom(ada.socket, classId);
  const here = await presenceOfStudent(server, teacher, sessionId, ada.person);
  expect(here).toMatchObject({ here: true, name: ada.person.name, status: null, proposal: null });
  expect(near(here.since, entered)).toBe(true);
  const own = await ownPresenceOf(server, ada.person, classId);
  expect(own).toMatchObject({ sessionId, here: true, since: here.since });
  expect(own?.intervals).toEqual(here.intervals);
  expect(await ownPresenceOf(server, ben.person, classId)).toMatchObject({ here: false, intervals: [] });
  ada.socket.send("LEAVE_ROOM");
  await ada.socket.heard();
  const gone = await presenceOfStudent(server, teacher, sessionId, ada.person);
  expect(gone).toMatchObject({ here: false, since: null, intervals: [{ fromBy: "socket", toBy: "socket" }] });
  const page = await presenceOf(server, teacher, sessionId, "?limit=1");
  expect([page.students.length, page.students[0]?._id]).toEqual([1, page.next ?? undefined]);
  const rest = await presenceOf(server, teacher, sessionId, `?after=${page.next}`);
  const both = [...page.students, ...rest.students].map(({ _id }) => `${_id}`);
  expect(both.toSorted()).toEqual([ada.person.id, ben.person.id].toSorted());
});

test("PR14 nobody else is told: no student of the list, no other teacher or class, nobody of another's minutes", async () => {
  const [physics, chemistry] = await Promise.all([lesson(server, 1), lesson(server, 1)]);
  const sessionId = await sessionOf(physics);
  const route = `/sessions/${sessionId}/presence`;
  expect(await get(server, route)).toEqual(refused(401, "Unauthorized, token missing or invalid"));
  for (const who of [seat(physics, 0).person, seat(chemistry, 0).person])
    expect(await get(server, route, who.token)).toEqual(refused(403, "Forbidden, teacher access required"));
  expect(await get(server, route, chemistry.teacher.token)).toEqual(
    refused(403, "Forbidden, not class teacher"),
  );
  const mine = `/class/${physics.classId}/my-presence`;
  expect(await get(server, mine, physics.teacher.token)).toEqual(
    refused(403, "Forbidden, student access required"),
  );
  expect(await get(server, mine, seat(chemistry, 0).person.token)).toEqual(
    refused(403, "Forbidden, not enrolled in class"),
  );
  expect(await get(server, `/sessions/${"0".repeat(24)}/presence`, physics.teacher.token)).toEqual(
    refused(404, "Session not found"),
  );
});

test("PR10 a stay is written down whichever dialect its socket speaks", async () => {
  const physics = await lesson(server, 3);
  const { teacher, classId } = physics;
  const sessionId = await sessionOf(physics);
  const [plain, v1, io] = physics.students;
  if (!plain || !v1 || !io) throw new Error("three students");
  await enterRoom(seat(physics, 0).socket, classId);
  const page = await V1Socket.ready(server, { token: v1.token });
  page.send({ type: "enter", class: classId });
  await page.next("room");
  const client = await IoClient.open(server, { auth: { token: io.token } }, webSocket);
  client.send("JOIN_ROOM", { classId });
  const asked = () => presenceOf(server, teacher, sessionId);
  const isHere = (wanted: boolean) => (told: Awaited<ReturnType<typeof asked>>) =>
    told.students.every(({ here }) => here === wanted);
  await until("three there", asked, isHere(true));
  await seat(physics, 0).socket.close();
  page.close();
  client.close();
  const { students } = await until("three gone", asked, isHere(false));
  for (const { intervals } of students)
    expect(intervals).toMatchObject([{ fromBy: "socket", toBy: "socket" }]);
});

test("PR1 several devices of one student count once, from the first in to the last out", async () => {
  const physics = await lesson(server, 1);
  const sessionId = await sessionOf(physics);
  const { person, socket } = seat(physics, 0);
  const tab = await connect(server, person);
  await enterRoom(socket, physics.classId);
  await enterRoom(tab, physics.classId);
  await socket.close();
  const both = await presenceOfStudent(server, physics.teacher, sessionId, person);
  expect(both).toMatchObject({ here: true, intervals: [{ to: null, bridged: [] }] });
  await tab.close();
  const [interval, more] = (await presenceOfStudent(server, physics.teacher, sessionId, person)).intervals;
  expect([interval?.from, more]).toEqual([both.intervals[0]?.from, undefined]);
  expect(interval?.to).not.toBeNull();
});

test("PR8 the rule is the class teacher's alone to change, and it changes nothing else", async () => {
  const { teacher, classId, students } = await lesson(server, 1);
  const shown = async () => dataOf(await get(server, `/class/${classId}`, teacher.token));
  const before = await shown();
  expect(before).not.toHaveProperty("presence");
  const presence = { kind: "share", percent: 75, apply: "set" };
  const other = await join(server, "teacher");
  expect(await change(classId, { presence }, other)).toEqual(refused(403, "Forbidden, not class teacher"));
  expect(await change(classId, { presence }, students[0] ?? teacher)).toEqual(
    refused(403, "Forbidden, teacher access required"),
  );
  for (const wrong of [
    { kind: "share", percent: 0, apply: "set" },
    { kind: "share", percent: 101, apply: "set" },
    { kind: "minutes", minutes: 0.5, apply: "set" },
    { kind: "minutes", minutes: 5 },
    { kind: "hours", hours: 1, apply: "set" },
    "on",
  ])
    expect((await change(classId, { presence: wrong }, teacher)).status).toBe(400);
  expect(await shown()).toEqual(before);
  dataOf(await change(classId, { presence }, teacher));
  expect(await shown()).toEqual({ ...Object(before), presence });
  dataOf(await change(classId, { className: "Another name" }, teacher));
  expect(await shown()).toMatchObject({ className: "Another name", presence });
  dataOf(await change(classId, { presence: null }, teacher));
  expect(await shown()).not.toHaveProperty("presence");
});

/** A lesson of three in which the first is in the room for more than half of it, and the second is for none. */
async function attended(presence: Json) {
  const physics = await lesson(server, 3);
  const sessionId = await sessionOf(physics);
  dataOf(await change(physics.classId, { presence }, physics.teacher));
  const ada = seat(physics, 0);
  await enterRoom(ada.socket, physics.classId);
  const told = await until(
    "a lesson mostly in the room",
    () => presenceOf(server, physics.teacher, sessionId),
    ({ students, sessionMs }) => students.some(({ inRoomMs }) => inRoomMs > 0.6 * sessionMs),
  );
  return { ...physics, sessionId, told, ada, people: physics.students };
}

test("PR15 the rule's proposals stand beside marks and minutes, and an end without them takes them for nothing", async () => {
  const rule = { kind: "share", percent: 50, apply: "propose" } as const;
  const { teacher, classId, told, desk, people } = await attended(rule);
  expect(told.rule).toMatchObject(rule);
  expect(told.rule?.neededMs).toBe(Math.ceil(told.sessionMs / 2));
  // The roll may be in another order than the people of the test.
  const inOrder = (students: typeof told.students) =>
    people.map(({ id }) => students.find(({ _id }) => `${_id}` === id));
  const proposals = (students: typeof told.students) => inOrder(students).map((one) => one?.proposal);
  expect(proposals(told.students)).toEqual(["present", "absent", "absent"]);
  expect(told.students.map(({ status }) => status)).toEqual([null, null, null]);
  desk.send("ATTENDANCE_MARKED", { studentId: people[1]?.id ?? "", status: "present" });
  await desk.heard();
  const marked = await presenceOf(server, teacher, told.sessionId);
  expect(inOrder(marked.students).map((one) => one?.status)).toEqual([null, "present", null]);
  expect(proposals(marked.students)).toEqual(["present", "absent", "absent"]);
  await endSession(server, teacher, classId);
  for (const [at, status] of ["absent", "present", "absent"].entries())
    expect(await recordOf(server, people[at] ?? teacher, classId)).toBe(status);
  const after = await presenceOf(server, teacher, told.sessionId);
  expect([after.rule, after.setBy]).toEqual([null, null]);
  expect(proposals(after.students)).toEqual(["present", "absent", "absent"]);
});

test("PR19 what the rule asked for and proposed at the end stands with the session, whatever the teacher made of it and the class's rule is by now", async () => {
  const { teacher, classId, told, ada } = await attended({ kind: "share", percent: 50, apply: "propose" });
  await endSession(server, teacher, classId);
  const none = { presence: { kind: "minutes", minutes: 500, apply: "propose" } } as const;
  dataOf(await patch(server, classId, none, teacher));
  const { proposedBy, sessionMs, students } = await presenceOf(server, teacher, told.sessionId);
  expect(proposedBy).toEqual({ kind: "share", percent: 50, sessionMs, neededMs: Math.ceil(sessionMs / 2) });
  const page = sessionAnswer.parse(dataOf(await get(server, `/sessions/${told.sessionId}`, teacher.token)));
  expect(page.proposedBy).toEqual(proposedBy ?? undefined);
  const shown = Object.fromEntries(
    page.students.map(({ _id, status, proposal }) => [_id, [status, proposal]]),
  );
  const before = Object.fromEntries(students.map(({ _id, status, proposal }) => [_id, [status, proposal]]));
  expect(shown).toEqual(before);
  expect(shown[ada.person.id]).toEqual(["absent", "present"]);
  const file = await get(server, `/sessions/${told.sessionId}/attendance.csv`, teacher.token);
  const rows = String(file.body).trim().split("\r\n");
  for (const path of [`/class/${classId}/my-history`, "/account/data"])
    expect(JSON.stringify(await get(server, path, ada.person.token))).not.toMatch(/propos/);
  const rowOf = (id: string) => rows.find((row) => row.includes(id));
  expect(rowOf(ada.person.id)).toEndWith(",,present");
  for (const { _id } of students.filter((one) => `${one._id}` !== ada.person.id))
    expect(rowOf(_id)).toEndWith(",,,,,absent");
});

test("PR9 a class that lets its rule set marks has them at the end, but for those made by hand", async () => {
  const rule = { kind: "share", percent: 50, apply: "set" } as const;
  const { teacher, classId, told, desk, people } = await attended(rule);
  desk.send("ATTENDANCE_MARKED", { studentId: people[1]?.id ?? "", status: "present" });
  await desk.heard();
  expect(await endSession(server, teacher, classId)).toMatchObject({ present: 2, absent: 1, total: 3 });
  for (const [at, status] of ["present", "present", "absent"].entries())
    expect(await recordOf(server, people[at] ?? teacher, classId)).toBe(status);
  const { setBy } = await presenceOf(server, teacher, told.sessionId);
  expect(setBy).toMatchObject({ kind: "share", percent: 50 });
  const page = sessionAnswer.parse(dataOf(await get(server, `/sessions/${told.sessionId}`, teacher.token)));
  expect(page.setBy).toEqual(setBy ?? undefined);
  const history = async (who: Person) =>
    historyAnswer.parse(dataOf(await get(server, `/class/${classId}/my-history`, who.token))).sessions[0]?.by;
  expect(await history(people[0] ?? teacher)).toBe("system");
  expect(await history(people[1] ?? teacher)).toBe("teacher");
});

test("PR9 a student who was in the room is absent where the teacher said so", async () => {
  const { teacher, classId, desk, ada } = await attended({ kind: "share", percent: 50, apply: "set" });
  desk.send("ATTENDANCE_MARKED", { studentId: ada.person.id, status: "absent" });
  await desk.heard();
  await endSession(server, teacher, classId);
  expect(await recordOf(server, ada.person, classId)).toBe("absent");
});

test("PR16 the session's page, its file, the history and the own data hold the time in the room", async () => {
  const physics = await lesson(server, 2);
  const { teacher, classId } = physics;
  const sessionId = await sessionOf(physics);
  const { person, socket } = seat(physics, 0);
  const from = Date.now();
  await enterRoom(socket, classId);
  await endSession(server, teacher, classId);
  const session = sessionAnswer.parse(dataOf(await get(server, `/sessions/${sessionId}`, teacher.token)));
  const ada = session.students.find(({ _id }) => `${_id}` === person.id);
  const ben = session.students.find(({ _id }) => `${_id}` !== person.id);
  const [interval] = ada?.intervals ?? [];
  expect(interval).toMatchObject({ fromBy: "socket", toBy: "end", to: session.endedAt });
  expect(near(interval?.from, from)).toBe(true);
  expect(ada?.inRoomMs).toBe(Date.parse(interval?.to ?? "") - Date.parse(interval?.from ?? ""));
  expect(ben).toMatchObject({ inRoomMs: 0, intervals: [] });
  const time = { inRoomMs: ada?.inRoomMs, intervals: ada?.intervals };
  const history = dataOf(await get(server, `/class/${classId}/my-history`, person.token));
  expect(history).toMatchObject({ sessions: [time] });
  const data = dataOf(await get(server, "/account/data", person.token));
  expect(data).toMatchObject({ records: [time] });
  const file = await get(server, `/sessions/${sessionId}/attendance.csv`, teacher.token);
  const rows = String(file.body).trim().split("\r\n");
  expect(rows[0]).toEndWith(
    "Student ID,Minutes in room,First in room,Last in room,Times in room,Short gaps counted,By the rule",
  );
  const minutes = ((ada?.inRoomMs ?? 0) / 60_000).toFixed(2);
  const [own, others] = [true, false].map((is) =>
    rows.slice(1).find((row) => row.includes(person.id) === is),
  );
  expect(own).toEndWith(
    `${person.id},${minutes},${interval?.from},${interval?.to},${interval?.from}/${interval?.to},,`,
  );
  expect(others).toEndWith(",,,,,,");
});
