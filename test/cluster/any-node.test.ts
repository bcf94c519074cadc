import { afterAll, beforeAll, expect, test } from "bun:test";
import { noBus } from "../../src/bus/none.ts";
import { dataOf, get, post, refused } from "../e2e/http.ts";
import {
  endSession,
  enrol,
  join,
  newClass,
  type Person,
  recordOf,
  type School,
  school,
  startSession,
  student,
} from "../e2e/people.ts";
import { connect, marked, type PlainClient } from "../e2e/plain-client.ts";
import { V1Socket } from "../e2e/v1-socket.ts";
import { V1Watcher } from "../e2e/v1-watcher.ts";
import { TestNodes } from "./nodes.ts";

let nodes: TestNodes;
beforeAll(async () => {
  nodes = await TestNodes.start();
});
afterAll(() => nodes.end());

/** A school whose people sit on all three nodes: the teacher on the first, students on the second and third. */
async function spread(size = 2): Promise<School & { desk: PlainClient; seats: PlainClient[] }> {
  const built = await school(nodes.node(0), size);
  const desk = await connect(nodes.node(0), built.teacher);
  const seats = await Promise.all(built.students.map((who, n) => connect(nodes.node(1 + (n % 2)), who)));
  return { ...built, desk, seats };
}

const roomOf = async (node: number, { classId, teacher }: { classId: string; teacher: Person }) =>
  dataOf(await get(nodes.node(node), `/class/${classId}/room`, teacher.token));

test("CL4 a mark on one node is seen on every other, and DONE too, once the record stands", async () => {
  const lesson = await spread();
  const [ada, ben] = [student(lesson, 0), student(lesson, 1)];
  await startSession(nodes.node(2), lesson.teacher, lesson.classId);
  lesson.desk.send("ATTENDANCE_MARKED", { studentId: ada.id, status: "present" });
  for (const socket of [lesson.desk, ...lesson.seats])
    expect(await socket.next()).toEqual(marked(ada.id, "present"));
  lesson.desk.send("DONE");
  const done = { message: "Attendance persisted", present: 1, absent: 1, total: 2 };
  for (const socket of [lesson.desk, ...lesson.seats])
    expect(await socket.next()).toEqual({ event: "DONE", data: done });
  expect(await recordOf(nodes.node(1), ada, lesson.classId)).toBe("present");
  expect(await recordOf(nodes.node(2), ben, lesson.classId)).toBe("absent");
});

test("CL5 a session started on one node is marked, read and ended on others at once", async () => {
  const lesson = await spread();
  for (let round = 0; round < 5; round++) {
    await startSession(nodes.node(round % 3), lesson.teacher, lesson.classId);
    lesson.desk.send("ATTENDANCE_MARKED", { studentId: student(lesson, 0).id, status: "present" });
    expect(await lesson.desk.next()).toEqual(marked(student(lesson, 0).id, "present"));
    for (const node of [0, 1, 2]) expect(await roomOf(node, lesson)).toMatchObject({ isActive: true });
    expect(await endSession(nodes.node((round + 1) % 3), lesson.teacher, lesson.classId)).toMatchObject({
      present: 1,
      absent: 1,
    });
    for (const node of [0, 1, 2]) expect(await roomOf(node, lesson)).toMatchObject({ isActive: false });
    expect(await lesson.desk.next()).toMatchObject({ event: "DONE" });
  }
});

test("CL5 a second start on another node gives the session that runs, and starts at once are one", async () => {
  const { teacher, classId } = await school(nodes.node(0), 1);
  const started = await Promise.all([0, 1, 2].map((n) => startSession(nodes.node(n), teacher, classId)));
  expect(new Set(started.map(({ sessionId }) => sessionId)).size).toBe(1);
  const again = await startSession(nodes.node(1), teacher, classId);
  expect(again.sessionId).toBe(started[0]?.sessionId ?? "");
});

test("CL5 without a class it is the session started last, on whichever node", async () => {
  const { teacher, classId, students } = await school(nodes.node(0), 1);
  const [only] = students;
  if (!only) throw new Error("no student");
  const other = await newClass(nodes.node(1), teacher);
  await enrol(nodes.node(2), teacher, other, only);
  const desk = await connect(nodes.node(0), teacher);
  const seat = await connect(nodes.node(1), only);
  await startSession(nodes.node(1), teacher, classId);
  const last = await startSession(nodes.node(2), teacher, other);
  desk.send("ATTENDANCE_MARKED", { studentId: only.id, status: "present" });
  expect(await seat.next()).toEqual(marked(only.id, "present"));
  expect(await endSession(nodes.node(2), teacher, other)).toMatchObject({
    present: 1,
    sessionId: last.sessionId,
  });
  expect((await nodes.store.sessions.runningIn([])).length).toBe(0);
});

test("CL5 rollcall.v1 resumes on another node what it was told on the first", async () => {
  const { teacher, classId, students } = await school(nodes.node(0), 3);
  const { sessionId } = await startSession(nodes.node(0), teacher, classId);
  const first = await V1Socket.ready(nodes.node(1), { token: teacher.token });
  for (const [n, { id }] of students.entries())
    first.send({ type: "mark", id: `m${n}`, session: sessionId, student: id, status: "present" });
  expect(await first.answer("m2")).toMatchObject({ type: "ack", seq: 4 });
  const second = await V1Socket.open(nodes.node(2));
  second.send({ type: "hello", token: teacher.token, after: { [sessionId]: 2 } });
  expect(await second.next("hello")).toMatchObject({ sessions: [{ session: sessionId, seq: 4 }] });
  expect(await second.next("events")).toMatchObject({ from: 3, to: 4 });
  await second.next("ready");
  // Sent again on another node it is the same command.
  second.send({
    type: "mark",
    id: "m1",
    session: sessionId,
    student: students[1]?.id ?? "",
    status: "present",
  });
  expect(await second.answer("m1")).toMatchObject({ type: "ack", seq: 3 });
  second.send({
    type: "mark",
    id: "m1",
    session: sessionId,
    student: students[0]?.id ?? "",
    status: "present",
  });
  expect(await second.answer("m1")).toMatchObject({ type: "refused", code: "id-reused" });
});

test("CL5 sockets that came before the start hear the session from its first event, each range once", async () => {
  const { teacher, classId, students } = await school(nodes.node(0), 4);
  const watchers = await Promise.all([0, 1, 2].map((n) => V1Watcher.open(nodes.node(n), teacher)));
  const { sessionId } = await startSession(nodes.node(1), teacher, classId);
  const desk = await V1Socket.ready(nodes.node(2), { token: teacher.token });
  for (const [n, { id }] of students.entries())
    desk.send({ type: "mark", id: `s${n}`, session: sessionId, student: id, status: "absent" });
  for (const watcher of watchers) {
    await watcher.until("the last mark", (frame) => frame.type === "events" && frame.to === 5);
    const ranges = watcher.frames.flatMap((frame) =>
      frame.type === "events" ? [[frame.from, frame.to]] : [],
    );
    let next = 1;
    for (const [from = 0, to = 0] of ranges) {
      expect(from).toBe(next);
      next = to + 1;
    }
    expect(next).toBe(6);
  }
});

test("CL5 a second start on a node that has not heard of the session tells its sockets of it from the first event", async () => {
  // No news, and nobody looks: what the second node tells it knows by the start that it was asked for.
  const deaf = await TestNodes.start({ count: 2, openBus: noBus, env: { POLL_EVERY_MS: "60000" } });
  try {
    const built = await school(deaf.node(0), 1);
    const [token, only] = [built.teacher.token, student(built, 0)];
    const watcher = await V1Watcher.open(deaf.node(1), only);
    const desk = await V1Socket.ready(deaf.node(1), { token });
    const { sessionId: session } = await startSession(deaf.node(0), built.teacher, built.classId);
    expect(await startSession(deaf.node(1), built.teacher, built.classId)).toMatchObject({
      sessionId: session,
    });
    desk.send({ type: "mark", id: "m", session, student: only.id, status: "present" });
    await watcher.until("the mark", (frame) => frame.type === "events" && frame.to === 2);
    expect(watcher.frames.flatMap((frame) => (frame.type === "events" ? frame.from : []))).toEqual([1, 2]);
  } finally {
    await deaf.end();
  }
});

test("CL8 who is enrolled, withdrawn, given a class or rid of one on another node hears it there", async () => {
  const { teacher, classId } = await school(nodes.node(0), 0);
  const newcomer = await join(nodes.node(1), "student");
  const seat = await connect(nodes.node(2), newcomer);
  const desk = await connect(nodes.node(0), teacher);
  await startSession(nodes.node(0), teacher, classId);
  await enrol(nodes.node(1), teacher, classId, newcomer);
  // The news has no answer to wait for; the mark follows it on every channel.
  desk.send("ATTENDANCE_MARKED", { studentId: newcomer.id, status: "present" });
  expect(await seat.next()).toEqual(marked(newcomer.id, "present"));
  const gone = await fetch(`${nodes.node(1).url}/class/${classId}/students/${newcomer.id}`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${teacher.token}` },
  });
  expect(gone.status).toBe(200);
  desk.send("ATTENDANCE_MARKED", { studentId: newcomer.id, status: "absent" });
  await desk.until("ERROR");
  expect(await seat.heard()).toEqual([]);
  const other = await newClass(nodes.node(2), teacher);
  await enrol(nodes.node(2), teacher, other, newcomer);
  await startSession(nodes.node(1), teacher, other);
  desk.send("ATTENDANCE_MARKED", { studentId: newcomer.id, status: "absent", classId: other });
  expect(await seat.next()).toEqual(marked(newcomer.id, "absent"));
});

test("CL7 a summary is told on every node", async () => {
  const lesson = await spread();
  await startSession(nodes.node(1), lesson.teacher, lesson.classId);
  lesson.desk.send("ATTENDANCE_MARKED", { studentId: student(lesson, 0).id, status: "present" });
  lesson.desk.send("TODAY_SUMMARY");
  for (const socket of [lesson.desk, ...lesson.seats]) {
    await socket.next();
    expect(await socket.next()).toEqual({
      event: "TODAY_SUMMARY",
      data: { present: 1, absent: 0, total: 1 },
    });
  }
});

test("CL9 a DONE on two nodes at once ends the session once, for everyone", async () => {
  const lesson = await spread();
  await startSession(nodes.node(1), lesson.teacher, lesson.classId);
  const body = { classId: lesson.classId };
  const answers = await Promise.all(
    [0, 1, 2].map((n) => post(nodes.node(n), "/attendance/end", body, lesson.teacher.token)),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  for (const answer of answers.filter(({ status }) => status !== 200))
    expect(answer).toEqual(refused(400, "No active attendance session"));
  for (const socket of [lesson.desk, ...lesson.seats]) {
    expect(await socket.next()).toMatchObject({ event: "DONE", data: { absent: 2, total: 2 } });
    expect(await socket.heard()).toEqual([]);
  }
});

test("CL18 signing out everywhere on one node closes the sockets on every other", async () => {
  const { teacher } = await school(nodes.node(0), 0);
  const [there, elsewhere] = [await connect(nodes.node(1), teacher), await connect(nodes.node(2), teacher)];
  await post(nodes.node(0), "/auth/sign-out-everywhere", {}, teacher.token);
  expect([await there.closed(), await elsewhere.closed()]).toEqual([4401, 4401]);
});
