import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { z } from "zod";
import { historyAnswer, personAnswer, sessionAnswer, sessionsAnswer } from "../../protocol/http.ts";
import { archive, withdraw } from "./class-verbs.ts";
import { call, dataOf, get, type Json, post, refused, withoutIssues } from "./http.ts";
import { endSession, enrol, join, newClass, type Person, school, startSession, student } from "./people.ts";
import { connect } from "./plain-client.ts";
import { startServer } from "./server.ts";
import { V1Socket } from "./v1-socket.ts";

setDefaultTimeout(60_000);
const server = await startServer({ PAGE_SIZE_MAX: "3" });
afterAll(() => server.dispose());

const nobody = "0123456789abcdef01234567";
const listOf = async (path: string, who: Person) =>
  sessionsAnswer.parse(dataOf(await get(server, path, who.token)));
const shown = async (id: string, who: Person, query = "") =>
  sessionAnswer.parse(dataOf(await get(server, `/sessions/${id}${query}`, who.token)));
const historyOf = async (classId: string, who: Person, query = "") =>
  historyAnswer.parse(dataOf(await get(server, `/class/${classId}/my-history${query}`, who.token)));

let commands = 0;
/** A v1 socket of the teacher that gives commands and waits for their answers. */
async function desk(teacher: Person) {
  const socket = await V1Socket.ready(server, { token: teacher.token });
  return {
    async give(command: object) {
      const id = `c${++commands}`;
      socket.send({ id, ...command });
      return socket.answer(id);
    },
    close: () => socket.close(),
  };
}

/** Holds a whole session in which the first student was marked. */
async function hold(teacher: Person, classId: string, first: Person) {
  const { sessionId } = await startSession(server, teacher, classId);
  const { give, close } = await desk(teacher);
  await give({ type: "mark", session: sessionId, student: first.id, status: "present" });
  await endSession(server, teacher, classId);
  close();
  return sessionId;
}

test("HI1 a class's sessions come in pages, the last started first, running ones with what is marked so far", async () => {
  const lesson = await school(server, 2);
  const { teacher, classId } = lesson;
  const path = `/class/${classId}/sessions`;
  expect(await listOf(path, teacher)).toEqual({ sessions: [], next: null });
  const ids: string[] = [];
  for (let count = 0; count < 4; count++) ids.push(await hold(teacher, classId, student(lesson, 0)));
  const { sessionId } = await startSession(server, teacher, classId);
  const all = [sessionId, ...ids.toReversed()];
  const first = await listOf(path, teacher);
  expect(first.sessions.map((one) => `${one.sessionId}`)).toEqual(all.slice(0, 3));
  expect(first.sessions[0]).toMatchObject({ endedAt: null, present: 0, absent: 0, total: 2, classId });
  expect(first.sessions[1]).toMatchObject({ present: 1, absent: 1, total: 2, endedAt: expect.any(String) });
  const second = await listOf(`${path}?before=${first.next}&limit=1`, teacher);
  expect(second.sessions.map((one) => `${one.sessionId}`)).toEqual(all.slice(3, 4));
  expect(await listOf(`${path}?before=${second.next}`, teacher)).toMatchObject({
    sessions: [{ sessionId: all[4] }],
    next: null,
  });
  expect(await listOf(`${path}?before=${nobody}`, teacher)).toEqual({ sessions: [], next: null });
  // All of the teacher's, of whichever class, an archived one too.
  const other = await newClass(server, teacher);
  const { sessionId: elsewhere } = await startSession(server, teacher, other);
  await archive(server, other, teacher);
  expect((await listOf("/sessions?limit=2", teacher)).sessions.map((one) => `${one.sessionId}`)).toEqual([
    elsewhere,
    sessionId,
  ]);
  expect(await listOf("/sessions", await join(server, "teacher"))).toEqual({ sessions: [], next: null });
});

test("HI1 what is no page is refused with what is wrong", async () => {
  const { teacher, classId } = await school(server, 0);
  for (const query of ["limit=0", "limit=x", "limit=1.5", "limit=1001", "before=x"])
    for (const path of [`/class/${classId}/sessions`, "/sessions"])
      expect(withoutIssues(await get(server, `${path}?${query}`, teacher.token))).toEqual(
        refused(400, "Invalid request schema"),
      );
  const notFound = refused(404, "Session not found");
  expect(await get(server, `/sessions/${nobody}`, teacher.token)).toEqual(notFound);
  expect(await get(server, `/sessions/${nobody}/attendance.csv`, teacher.token)).toEqual(notFound);
  expect(withoutIssues(await get(server, "/sessions/xyz", teacher.token))).toEqual(
    refused(400, "Invalid request schema"),
  );
});

test("HI2 a session is shown with every change of each student's status: when, by whom, by which way", async () => {
  const lesson = await school(server, 3);
  const { teacher, classId } = lesson;
  const [ada, ben, cleo] = [0, 1, 2].map((n) => student(lesson, n));
  if (!ada || !ben || !cleo) throw new Error("three students");
  const { sessionId } = await startSession(server, teacher, classId);
  const { give, close } = await desk(teacher);
  const mine = { session: sessionId };
  await give({ type: "markMany", ...mine, whom: [ada.id, ben.id], status: "absent" });
  await give({ type: "mark", ...mine, student: ada.id, status: "present" });
  await give({ type: "undo", ...mine, seq: 2 });
  const plain = await connect(server, teacher);
  plain.send("ATTENDANCE_MARKED", { studentId: cleo.id, status: "present" });
  await plain.until("ATTENDANCE_MARKED");
  await withdraw(server, classId, cleo.id, teacher);
  const by = { _id: teacher.id, name: teacher.name };
  const running = await shown(sessionId, teacher);
  expect(running).toMatchObject({ classId, endedAt: null, className: `class of ${teacher.name}` });
  const of = ({ students }: typeof running, { id }: Person) => students.find(({ _id }) => _id === id);
  expect(of(running, ben)).toMatchObject({ status: null, name: ben.name, email: ben.email });
  await endSession(server, teacher, classId);
  const ended = await shown(sessionId, teacher);
  expect(ended).toMatchObject({ present: 2, absent: 1, total: 3, endedAt: expect.any(String), next: null });
  expect(of(ended, ada)).toMatchObject({
    status: "present",
    history: [
      { event: "markedMany", status: "absent", by, via: "v1", seq: 2 },
      { event: "marked", status: "present", by, via: "v1", seq: 3 },
    ],
  });
  expect(of(ended, ben)).toMatchObject({
    status: "absent",
    history: [
      { event: "markedMany", status: "absent" },
      { event: "undone", status: null, by, via: "v1" },
      { event: "ended", status: "absent", by, via: "http", at: ended.endedAt },
    ],
  });
  expect(of(ended, cleo)).toMatchObject({
    status: "present",
    history: [{ event: "marked", via: "plain", by }],
  });
  const page = await shown(sessionId, teacher, "?limit=2");
  expect(page.students.length).toBe(2);
  const rest = await shown(sessionId, teacher, `?after=${page.next}`);
  expect([...page.students, ...rest.students]).toEqual(ended.students);
  expect((await shown(sessionId, teacher, `?after=${nobody}`)).students).toEqual([]);
  await archive(server, classId, teacher);
  expect(await shown(sessionId, teacher)).toEqual(ended);
  close();
  await plain.close();
});

test("HI3 the list is a file for spreadsheets, without formulas", async () => {
  const teacher = await join(server, "teacher");
  const classId = await newClass(server, teacher);
  const body = { name: '=cmd|"x", y', email: "+a@school.test", password: "secret-1", role: "student" };
  const signed = dataOf(await post(server, "/auth/signup", body), 201);
  const [evil, late] = [sessionPerson(signed), await join(server, "student")];
  for (const one of [evil, late]) await enrol(server, teacher, classId, one);
  const sessionId = await hold(teacher, classId, evil);
  const response = await fetch(`${server.url}/sessions/${sessionId}/attendance.csv`, {
    headers: { authorization: `Bearer ${teacher.token}` },
  });
  expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  const day = new Date().toISOString().slice(0, 10);
  expect(response.headers.get("content-disposition")).toBe(
    `attachment; filename="attendance-${day}-${sessionId}.csv"`,
  );
  const bytes = new Uint8Array(await response.arrayBuffer());
  expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const rows = new TextDecoder().decode(bytes).split("\r\n");
  expect(rows[0]).toBe(
    "Name,Email,Status,Since,Marked by,By way of,Student ID,Minutes in room,First in room,Last in room,Times in room,Short gaps counted,By the rule",
  );
  const session = await shown(sessionId, teacher);
  expect(rows[1]).toBe(
    `"'=cmd|""x"", y",'+a@school.test,present,${session.students[0]?.history[0]?.at},${teacher.name},v1,${evil.id},,,,,,`,
  );
  expect(rows[2]).toBe(`${late.name},${late.email},absent,${session.endedAt},system,system,${late.id},,,,,,`);
  expect(rows.slice(3)).toEqual([""]);
});

const sessionPerson = (data: Json): Person => {
  const { _id } = sessionAnswer.shape.students.element.pick({ _id: true }).parse(data);
  return { id: _id, name: "", email: "", password: "", role: "student", token: "" };
};

test("HI4 a student sees the own statuses of a class: since when, by whom, and nobody else's", async () => {
  const lesson = await school(server, 2);
  const { teacher, classId } = lesson;
  const [ada, ben] = [student(lesson, 0), student(lesson, 1)];
  expect(await historyOf(classId, ada)).toEqual({ sessions: [], next: null });
  const ids: string[] = [];
  for (let count = 0; count < 2; count++) ids.push(await hold(teacher, classId, ada));
  await startSession(server, teacher, classId);
  const [last, first] = (await listOf(`/class/${classId}/sessions`, teacher)).sessions.slice(1);
  if (!last?.endedAt || !first?.endedAt) throw new Error("two ended sessions");
  const { students } = await shown(`${last.sessionId}`, teacher);
  const since = students.find(({ _id }) => _id === ada.id)?.history[0]?.at ?? "";
  const times = { sessionId: last.sessionId, startedAt: last.startedAt, endedAt: last.endedAt };
  const own = await historyOf(classId, ada, "?limit=1");
  expect(own).toEqual({
    sessions: [{ ...times, status: "present", since, by: "teacher", inRoomMs: 0, intervals: [] }],
    next: last.sessionId,
  });
  expect(await historyOf(classId, ada, `?before=${own.next}`)).toMatchObject({
    sessions: [{ sessionId: ids[0], status: "present" }],
    next: null,
  });
  expect((await historyOf(classId, ben)).sessions[0]).toEqual({
    ...times,
    status: "absent",
    since: last.endedAt,
    by: "system",
    inRoomMs: 0,
    intervals: [],
  });
  await archive(server, classId, teacher);
  expect((await historyOf(classId, ada)).sessions).toHaveLength(3);
});

test("HI5 students are found by a part of name or email; without one everyone is listed", async () => {
  const teacher = await join(server, "teacher");
  const tag = crypto.randomUUID();
  for (const name of [`Élodie ${tag}`, `ben ${tag}`, `Zoe ${tag}`, `Adam ${tag}`]) {
    const email = `${name.slice(0, 1).toLowerCase().replace("é", "e")}.${tag}@school.test`;
    dataOf(await post(server, "/auth/signup", { name, email, password: "secret-1", role: "student" }), 201);
  }
  const found = async (query: string) =>
    z
      .array(personAnswer)
      .parse(dataOf(await call(server, "GET", `/students?${query}`, { token: teacher.token })));
  const names = async (query: string) => (await found(query)).map(({ name }) => name);
  expect(await names(`q=${encodeURIComponent(`élodie ${tag}`.toUpperCase())}`)).toEqual([`Élodie ${tag}`]);
  expect(await names(`q=Z.${tag}@`)).toEqual([`Zoe ${tag}`]);
  // PAGE_SIZE_MAX is 3 here.
  expect(await names(`q=${tag}&limit=9`)).toEqual([`Adam ${tag}`, `ben ${tag}`, `Zoe ${tag}`]);
  expect(await names(`q=${tag}&limit=1`)).toEqual([`Adam ${tag}`]);
  expect((await found("")).length).toBeGreaterThan(3);
  expect(await found("q=%20%20")).toEqual(await found(""));
  expect(await found(`q=${tag}x`)).toEqual([]);
});
