import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { sessionIdSchema, userIdSchema } from "../../protocol/ids.ts";
import { type ClientFrame, SUBPROTOCOL, serverFrame } from "../../protocol/v1.ts";
import { call, dataOf } from "./http";
import { Ended, enter, type IoClient, ioLesson, leave, poll, seatOf, webSocket } from "./io-client";
import { enrol, join, type School, school, startSession, student } from "./people";
import { connect, error, type Frame, marked, type PlainClient } from "./plain-client";
import { startServer, type TestServer } from "./server";
import { V1Watcher } from "./v1-watcher";

setDefaultTimeout(60_000);
let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.dispose());

/** A session of a class whose teacher and first two students each have a client of every dialect. */
async function mixed() {
  const held = await school(server, 2);
  const { sessionId } = await startSession(server, held.teacher, held.classId);
  const people = [held.teacher, ...held.students];
  const [plain, io, v1] = await Promise.all([
    Promise.all(people.map((who) => connect(server, who))),
    Promise.all(people.map((who, n) => enter(server, who, n === 1 ? poll : webSocket))),
    Promise.all(people.map((who) => V1Watcher.open(server, who))),
  ]);
  const byHand = await v1ByHand(held.teacher);
  const session = sessionIdSchema.parse(sessionId);
  return {
    ...held,
    session,
    plain,
    io,
    v1,
    byHand,
    pupil: userIdSchema.parse(student(held, 0).id),
    other: student(held, 1).id,
  };
}

/** A rollcall.v1 socket that only speaks; what it says is heard by the others. */
async function v1ByHand({ token }: { token: string }): Promise<WebSocket> {
  const socket = new WebSocket(server.wsUrl, SUBPROTOCOL);
  const ready = Promise.withResolvers<void>();
  socket.onopen = () => socket.send(JSON.stringify({ type: "hello", token }));
  socket.onmessage = ({ data }) => {
    if (serverFrame.parse(JSON.parse(String(data))).type === "ready") ready.resolve();
  };
  socket.onclose = ({ code }) => ready.reject(new Error(`closed with ${code}`));
  await ready.promise;
  return socket;
}

type Mixed = Awaited<ReturnType<typeof mixed>>;

const desks = ({ plain: [plain], io: [io], byHand }: Mixed) => {
  if (!plain || !io) throw new Error("nobody at the desk");
  const v1 = (frame: ClientFrame) => byHand.send(JSON.stringify(frame));
  return { plain, io, v1 };
};

/** Everyone hears exactly these marks, v1 as events of the log, and nothing else. */
async function heardByAll(of: Mixed, marks: [string, string][]): Promise<void> {
  const frames = marks.map(([who, status]) => marked(who, status));
  for (const client of [...of.plain, ...of.io]) {
    expect(await client.nextOf(frames.length)).toEqual(frames);
    expect(await client.heard()).toEqual([]);
  }
  for (const watcher of of.v1) {
    await watcher.heard();
    const told = watcher.events.flatMap((event) =>
      event.type === "marked" ? [[event.student, event.status]] : [],
    );
    expect(told.slice(-marks.length).map(String)).toEqual(marks.map(String));
  }
}

test("SI8 a mark made in any dialect is seen in all, each in its own words", async () => {
  const of = await mixed();
  const { plain, io, v1 } = desks(of);
  plain.send("ATTENDANCE_MARKED", { studentId: of.pupil, status: "present" });
  await heardByAll(of, [[of.pupil, "present"]]);
  io.send("MARK_ATTENDANCE", { studentId: of.other });
  await heardByAll(of, [[of.other, "present"]]);
  v1({ type: "mark", id: "a", session: of.session, student: of.pupil, status: "absent" });
  await heardByAll(of, [[of.pupil, "absent"]]);
  v1({ type: "markMany", id: "b", session: of.session, whom: "all", status: "present" });
  const all = [...of.plain, ...of.io];
  for (const client of all) {
    expect(new Set(await client.nextOf(2))).toEqual(
      new Set([marked(of.pupil, "present"), marked(of.other, "present")]),
    );
  }
  leaveAll(of);
});

test("SI8 a summary stays in the dialect that asked", async () => {
  const of = await mixed();
  const { plain, io } = desks(of);
  io.send("GET_TODAY_SUMMARY");
  expect(await io.next()).toEqual({
    event: "TODAY_SUMMARY",
    data: { presentCount: 0, presentStudentIds: [] },
  });
  for (const client of [...of.plain, ...of.io]) expect(await client.heard()).toEqual([]);
  plain.send("TODAY_SUMMARY");
  const figures = { present: 0, absent: 0, total: 0 };
  for (const client of of.plain)
    expect(await client.next()).toEqual({ event: "TODAY_SUMMARY", data: figures });
  for (const client of [...of.plain, ...of.io]) expect(await client.heard()).toEqual([]);
  leaveAll(of);
});

test.each(["plain", "io"] as const)("SI8 an end from %s is told in all", async (by) => {
  const of = await mixed();
  desks(of)[by].send("DONE");
  const done = {
    event: "DONE",
    data: { message: "Attendance persisted", present: 0, absent: 2, total: 2 },
  };
  for (const client of of.plain) expect(await client.next()).toEqual(done);
  for (const client of of.io) {
    const { data } = Ended.parse(await client.next());
    expect(data).toMatchObject({ classId: of.classId, totalStudents: 2, presentCount: 0 });
  }
  for (const watcher of of.v1) {
    await watcher.heard();
    expect(watcher.events.at(-1)).toMatchObject({ type: "ended", present: 0, absent: 2 });
  }
  for (const client of [...of.plain, ...of.io]) expect(await client.heard()).toEqual([]);
  leaveAll(of);
});

test("SI9 nobody outside the class hears of it, and it hears of no other", async () => {
  const [physics, other] = await Promise.all([ioLesson(server, 1, poll), ioLesson(server, 1, webSocket)]);
  const strangers = await Promise.all([
    enter(server, await join(server, "teacher"), poll),
    enter(server, await join(server, "student"), webSocket),
  ]);
  physics.desk.send("MARK_ATTENDANCE", { studentId: student(physics, 0).id });
  physics.desk.send("DONE");
  for (const client of physics.all) expect(await client.until("SESSION_ENDED")).toHaveLength(2);
  for (const client of [...other.all, ...strangers]) expect(await client.heard()).toEqual([]);
  leave(...physics.all, ...other.all, ...strangers);
});

test.each([poll, webSocket])(
  "SI9 who is enrolled hears the class, and who is withdrawn nothing after (%o)",
  async (way) => {
    const held = await ioLesson(server, 1, webSocket);
    const newcomer = await join(server, "student");
    const client = await enter(server, newcomer, way);
    await enrol(server, held.teacher, held.classId, newcomer);
    held.desk.send("MARK_ATTENDANCE", { studentId: newcomer.id });
    expect(await client.next()).toEqual(marked(newcomer.id, "present"));
    const path = `/class/${held.classId}/students/${newcomer.id}`;
    dataOf(await call(server, "DELETE", path, { token: held.teacher.token }));
    held.desk.send("MARK_ATTENDANCE", { studentId: student(held, 0).id });
    expect(await seatOf(held, 0).nextOf(2)).toHaveLength(2);
    expect(await client.heard()).toEqual([]);
    client.send("CHECK_MY_STATUS", { classId: held.classId });
    expect(await client.next()).toEqual(error("Forbidden, not enrolled in class"));
    leave(...held.all, client);
  },
);

test.each([
  [poll, webSocket],
  [webSocket, poll],
])("SI11 a room may hold clients of several dialects, each told in its own (%o, %o)", async (way, other) => {
  const held = await school(server, 2);
  await startSession(server, held.teacher, held.classId);
  const [ada, ben] = [student(held, 0), student(held, 1)];
  const desk = await connect(server, held.teacher);
  const seats = await Promise.all([enter(server, ada, way), enter(server, ben, other)]);
  const clients = [desk, ...seats] as const;
  const members = [held.teacher, ada, ben];
  for (const [n, client] of clients.entries()) {
    client.send("JOIN_ROOM", { classId: held.classId });
    expect(await client.heard()).toEqual([]);
    const { id, role, name } = members[n] ?? ada;
    const joined = { event: "PEER_JOINED", data: { userId: id, role, name } };
    for (const before of clients.slice(0, n)) expect(await before.next()).toEqual(joined);
  }
  await signalsPass(held, desk, ...seats);
  seats[0].close();
  for (const client of [desk, seats[1]])
    expect(await client.next()).toEqual({ event: "PEER_LEFT", data: { userId: ada.id } });
  desk.send("LEAVE_ROOM");
  expect(await seats[1].next()).toEqual({ event: "PEER_LEFT", data: { userId: held.teacher.id } });
  expect(await seats[1].heard()).toEqual([]);
  leave(seats[1]);
  await desk.close();
});

/** Signals between every two of the room arrive as sent, their sender added by the server. */
async function signalsPass(held: School, desk: PlainClient, ada: IoClient, ben: IoClient): Promise<void> {
  const [one, two] = [student(held, 0), student(held, 1)];
  const offer = { sdp: "v=0\r\n", list: [1, { a: null }], fromId: "forged" };
  const sent = (from: { id: string; role: string }, targetId: string): Frame => ({
    event: "WEBRTC_OFFER",
    data: { ...offer, targetId, fromId: from.id, fromRole: from.role },
  });
  desk.send("WEBRTC_OFFER", { ...offer, targetId: one.id });
  expect(await ada.next()).toEqual(sent(held.teacher, one.id));
  ada.send("WEBRTC_OFFER", { ...offer, targetId: held.teacher.id });
  expect(await desk.next()).toEqual(sent(one, held.teacher.id));
  ben.send("WEBRTC_OFFER", { ...offer, targetId: one.id });
  expect(await ada.next()).toEqual(sent(two, one.id));
  for (const client of [desk, ada, ben]) expect(await client.heard()).toEqual([]);
}

function leaveAll(of: Mixed): void {
  leave(...of.io);
  for (const client of of.plain) void client.close();
  of.byHand.close();
}
