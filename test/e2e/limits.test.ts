import { afterAll, beforeAll, expect, test } from "bun:test";
import { post, refused } from "./http";
import { lesson, seat } from "./lesson";
import { join, school } from "./people";
import { connect, error } from "./plain-client";
import { startServer, type TestServer } from "./server";

let server: TestServer;

beforeAll(async () => {
  server = await startServer({
    CLASS_SIZE_MAX: "2",
    SOCKETS_MAX: "6",
    PASSWORD_HASHES_AT_ONCE: "1",
    PASSWORD_HASHES_WAITING_MAX: "4",
    TEACHER_FRAMES_PER_S: "1",
    TEACHER_FRAMES_BURST: "50",
    BODY_BYTES_MAX: "2048",
    FRAME_BYTES_MAX: "1024",
  });
});
afterAll(() => server.dispose());

test("O50 a class takes no more students than CLASS_SIZE_MAX, and says what to do", async () => {
  const { teacher, classId, students } = await school(server, 2);
  const third = await join(server, "student");
  const full = refused(
    400,
    "This class has reached its size limit, ask the operator to raise CLASS_SIZE_MAX",
  );
  const add = (studentId: string) =>
    post(server, `/class/${classId}/add-student`, { studentId }, teacher.token);
  expect(await add(third.id)).toEqual(full);
  expect(await add(students[0]?.id ?? "")).toMatchObject({ status: 200 });
});

test("O51 sign-ups beyond those that may wait get 503 with Retry-After, and later ones pass", async () => {
  const signup = (n: number) =>
    fetch(`${server.url}/auth/signup`, {
      method: "POST",
      body: JSON.stringify({ name: "N", email: `busy${n}@school.test`, password: "123456", role: "student" }),
    });
  const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => signup(n)));
  const statuses = new Set(answers.map(({ status }) => status));
  expect(statuses).toEqual(new Set([201, 503]));
  const busy = answers.find(({ status }) => status === 503);
  expect(busy?.headers.get("retry-after")).toMatch(/^\d+$/);
  expect(await busy?.json()).toEqual({
    success: false,
    error: "The server is busy, try again in a few seconds",
  });
  expect((await signup(99)).status).toBe(201);
});

test("O52 a teacher who floods is closed with 1008 and nobody else notices", async () => {
  const held = await lesson(server, 1);
  const other = await connect(server, held.teacher);
  for (let n = 0; n < 60; n++) other.send("PING");
  expect(await other.closed()).toBe(1008);
  expect(await seat(held, 0).socket.heard()).toEqual([]);
  await Promise.all([held.desk.close(), seat(held, 0).socket.close()]);
});

test("O53 sockets beyond SOCKETS_MAX get 503 with Retry-After, and one that closes makes room", async () => {
  const { students } = await school(server, 1);
  const [who] = students;
  if (!who) throw new Error("no student");
  const six = await Promise.all(Array.from({ length: 6 }, () => connect(server, who)));
  const headers = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
  };
  const refusedOne = await fetch(`${server.url}/ws?token=${who.token}`, { headers });
  expect(refusedOne.status).toBe(503);
  expect(refusedOne.headers.get("retry-after")).toMatch(/^\d+$/);
  await six[0]?.close();
  const again = await connect(server, who);
  expect(await again.heard()).toEqual([]);
  await Promise.all([again, ...six.slice(1)].map((socket) => socket.close()));
});

test("O54 bodies and frames beyond their settings are 413 and 1009", async () => {
  const long = "x".repeat(3000);
  const answer = await post(server, "/auth/login", { email: long, password: "123456" });
  expect(answer.status).toBe(413);
  const { students } = await school(server, 1);
  const socket = await connect(server, students[0] ?? { token: "" });
  socket.send(long);
  expect(await socket.closed()).toBe(1009);
});

test("P24 a socket's answers come in the order of its questions", async () => {
  const { teacher, desk, seats, students } = await lesson(server, 1);
  const [pupil, id] = [seats[0], students[0]?.id ?? ""];
  pupil?.send("MY_ATTENDANCE");
  pupil?.send("PING");
  pupil?.sendRaw("{");
  pupil?.send("TODAY_SUMMARY");
  pupil?.send("MY_ATTENDANCE");
  const unmarked = { event: "MY_ATTENDANCE", data: { status: "not yet updated" } };
  expect(await pupil?.nextOf(5)).toEqual([
    unmarked,
    { event: "PONG" },
    error("Invalid message format"),
    error("Forbidden, teacher event only"),
    unmarked,
  ]);
  desk.send("ATTENDANCE_MARKED", { studentId: id, status: "present" });
  desk.send("ATTENDANCE_MARKED", { studentId: teacher.id, status: "present" });
  desk.send("PING");
  expect((await desk.nextOf(3)).slice(1)).toEqual([
    error("Student not enrolled in class"),
    { event: "PONG" },
  ]);
  await Promise.all([desk, ...seats].map((socket) => socket.close()));
});
