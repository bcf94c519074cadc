import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { forgeries, signedAgain } from "./forged";
import { type Answer, call, dataOf, get, type Json, refused } from "./http";
import { join, recordOf, school, startSession, student } from "./people";
import { error, PlainClient } from "./plain-client";
import { startServer } from "./server";

setDefaultTimeout(60_000);
const secret = "a secret of the tests, long enough for any rule: 0123456789";
const server = await startServer({ JWT_SECRET: secret });
afterAll(() => server.dispose());

const [physics, outsider, stranger] = await Promise.all([
  school(server, 1),
  join(server, "teacher"),
  join(server, "student"),
]);
const { teacher, classId } = physics;
const pupil = student(physics, 0);
const { sessionId } = await startSession(server, teacher, classId);

const actors = { teacher, outsider, pupil, stranger };
type Refusals = { [actor in keyof typeof actors]?: Answer };

const unauthorized = refused(401, "Unauthorized, token missing or invalid");
const teacherOnly = refused(403, "Forbidden, teacher access required");
const studentOnly = refused(403, "Forbidden, student access required");
const notTeacher = refused(403, "Forbidden, not class teacher");
const notEnrolled = refused(403, "Forbidden, not enrolled in class");
const notOfClass = refused(403, "Forbidden, not authorized for this class");

const studentsRefused = { pupil: teacherOnly, stranger: teacherOnly };
const ofItsTeacher = { ...studentsRefused, outsider: notTeacher };
const ofItsStudents = { teacher: studentOnly, outsider: studentOnly, stranger: notEnrolled };

/** Every protected route and whom it refuses with what. */
const matrix: [string, string, Json | undefined, Refusals][] = [
  ["GET", "/auth/me", undefined, {}],
  ["GET", "/me", undefined, {}],
  ["POST", "/class", { className: "Never" }, studentsRefused],
  ["POST", `/class/${classId}/add-student`, { studentId: stranger.id }, ofItsTeacher],
  ["GET", `/class/${classId}`, undefined, { outsider: notTeacher, stranger: notTeacher }],
  ["GET", `/class/${classId}/room`, undefined, { outsider: notOfClass, stranger: notOfClass }],
  ["GET", `/video/ice?classId=${classId}`, undefined, { outsider: notOfClass, stranger: notOfClass }],
  [
    "POST",
    "/video/token",
    { classId, peer: "9d3f6a1c4e8b70251bdf" },
    { outsider: notOfClass, stranger: notOfClass },
  ],
  ["GET", "/students", undefined, studentsRefused],
  ["POST", "/attendance/start", { classId }, ofItsTeacher],
  ["POST", "/attendance/end", { classId }, ofItsTeacher],
  [
    "POST",
    "/attendance/end",
    {},
    { ...studentsRefused, outsider: refused(400, "No active attendance session") },
  ],
  ["GET", `/class/${classId}/my-attendance`, undefined, ofItsStudents],
  ["GET", `/attendance/${classId}/my-attendance`, undefined, ofItsStudents],
  ["GET", `/attendance/class/${classId}/my-attendance`, undefined, ofItsStudents],
  ["GET", `/class/${classId}/my-history`, undefined, ofItsStudents],
  ["GET", `/class/${classId}/sessions`, undefined, ofItsTeacher],
  ["GET", "/sessions", undefined, studentsRefused],
  ["GET", `/sessions/${sessionId}`, undefined, ofItsTeacher],
  ["GET", `/sessions/${sessionId}/attendance.csv`, undefined, ofItsTeacher],
  ["GET", `/sessions/${sessionId}/chat`, undefined, ofItsTeacher],
  ["GET", `/sessions/${sessionId}/chat.csv`, undefined, ofItsTeacher],
];

const sent = (body: Json | undefined) => (body === undefined ? {} : { body });

test.each(matrix)("A7 %s %s (%j) refuses whom it is not for", async (method, path, body, refusals) => {
  for (const actor of ["teacher", "outsider", "pupil", "stranger"] as const) {
    const expected = refusals[actor];
    if (!expected) continue;
    const { token } = actors[actor];
    expect({ actor, ...(await call(server, method, path, { token, ...sent(body) })) }).toEqual({
      actor,
      ...expected,
    });
  }
});

test("A8 a token of JWT_SECRET by HS256 that has not expired is good", async () => {
  for (const one of [teacher, pupil]) {
    dataOf(await get(server, "/auth/me", await signedAgain(one.token, secret)));
  }
});

test.each(matrix)("A8 %s %s (%j) refuses whoever has no good token", async (method, path, body) => {
  expect(await call(server, method, path, sent(body))).toEqual(unauthorized);
  for (const authorization of [
    "Bearer",
    "Bearer ",
    "Basic dTpw",
    `Bearer ${teacher.token} x`,
    `Token ${teacher.token}`,
  ]) {
    const headers = { ...(body === undefined ? {} : { "content-type": "application/json" }), authorization };
    const answer = await call(server, method, path, { headers, ...sent(body) });
    expect({ authorization, ...answer }).toEqual({ authorization, ...unauthorized });
  }
  for (const good of [teacher.token, pupil.token]) {
    for (const [name, token] of await forgeries(good, secret)) {
      const answer = await call(server, method, path, { token, ...sent(body) });
      expect({ name, ...answer }).toEqual({ name, ...unauthorized });
    }
  }
});

test("A8 a forged token opens no socket", async () => {
  for (const good of [teacher.token, pupil.token]) {
    for (const [name, token] of await forgeries(good, secret)) {
      const socket = await PlainClient.open(`${server.wsUrl}?token=${token}`);
      await socket.closed();
      expect({ name, received: socket.received }).toEqual({
        name,
        received: [error("Unauthorized or invalid token")],
      });
    }
  }
});

test("A9 what was refused had no effect", async () => {
  const room = dataOf(await get(server, `/class/${classId}/room`, teacher.token));
  expect(room).toMatchObject({ isActive: true });
  const shown = dataOf(await get(server, `/class/${classId}`, teacher.token));
  expect(shown).toMatchObject({ studentIds: [pupil.id] });
  expect(await recordOf(server, pupil, classId)).toBeNull();
});
