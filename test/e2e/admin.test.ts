import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { z } from "zod";
import { runningAnswer, settingsAnswer } from "../../protocol/administration.ts";
import { SETTINGS } from "../../src/config.ts";
import { ADMIN_ENV, adminOf, codeFrom, newTeacher } from "./admin";
import { call, dataOf, get, type Json, post, refused } from "./http";
import { endSession, join, login, newClass, type Person, school, startSession, student } from "./people";
import { connect } from "./plain-client";
import { startServer } from "./server";
import { V1Socket } from "./v1-socket";

setDefaultTimeout(60_000);
const { TEACHER_SIGNUP: _, ...byDefault } = ADMIN_ENV;
const server = await startServer(ADMIN_ENV);
afterAll(() => server.dispose());

const admin = await adminOf(server);
const unauthorized = refused(401, "Unauthorized, token missing or invalid");
const Page = z.object({ users: z.array(z.looseObject({ _id: z.string() })), next: z.string().nullable() });

const patchUser = (id: string, body: Json, by = admin) =>
  call(server, "PATCH", `/admin/users/${encodeURIComponent(id)}`, { token: by.token, body });
const find = async (query: string) =>
  Page.parse(dataOf(await get(server, `/admin/users?${query}`, admin.token)));

test("AD1 the admin of the settings is made at the first start, and a later start makes no other", async () => {
  expect(dataOf(await get(server, "/auth/me", admin.token))).toMatchObject({
    email: ADMIN_ENV.ROLLCALL_ADMIN_EMAIL,
    role: "admin",
  });
  const other = await startServer(ADMIN_ENV);
  await other.restart();
  const its = await adminOf(other);
  expect(Page.parse(dataOf(await get(other, "/admin/users", its.token))).users).toHaveLength(1);
  await other.dispose();
});

test("AD3 admins find users by a part of name or email, in pages", async () => {
  const tag = crypto.randomUUID().slice(0, 8);
  const people: Person[] = [];
  for (let n = 0; n < 5; n++) {
    const body = { ...newTeacher(), name: `Zora ${tag} ${n}` };
    const made = dataOf(await post(server, "/auth/signup", body), 201);
    people.push({
      ...body,
      ...z
        .object({ _id: z.string() })
        .transform(({ _id }) => ({ id: _id }))
        .parse(made),
      role: "teacher",
      token: "",
    });
  }
  const ids = people.map(({ id }) => id).toSorted();
  const seen: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page: z.output<typeof Page> = await find(`q=ZORA%20${tag}&limit=2${cursor && `&cursor=${cursor}`}`);
    seen.push(...page.users.map(({ _id }) => _id));
    cursor = page.next;
  }
  expect(seen).toEqual(ids);
  const [one] = people;
  expect((await find(`q=${encodeURIComponent(one?.email ?? "")}`)).users).toMatchObject([
    { _id: one?.id, role: "teacher", disabled: false, hasPassword: true, issuer: null },
  ]);
  expect(JSON.stringify(await find(`q=${tag}`))).not.toMatch(/argon2|passwordHash/i);
});

test("AD4 a disabled user's sockets close, and tokens, tickets and passwords count for nothing until they are enabled", async () => {
  const person = await join(server, "student");
  const [plain, v1] = [await connect(server, person), await V1Socket.ready(server, { token: person.token })];
  expect(dataOf(await patchUser(person.id, { disabled: true }))).toMatchObject({ disabled: true });
  expect([await plain.closed(), await v1.closed()]).toEqual([4401, 4401]);
  expect(await get(server, "/auth/me", person.token)).toEqual(unauthorized);
  const { email, password } = person;
  expect(await post(server, "/auth/login", { email, password })).toEqual(
    refused(400, "Invalid email or password"),
  );
  expect(dataOf(await patchUser(person.id, { disabled: false }))).toMatchObject({ disabled: false });
  expect(await get(server, "/auth/me", person.token)).toEqual(unauthorized);
  await login(server, email, password);
});

test("AD4 another role ends older tokens and sockets, and counts from then on", async () => {
  const person = await join(server, "student");
  const socket = await connect(server, person);
  expect(dataOf(await patchUser(person.id, { role: "teacher" }))).toMatchObject({ role: "teacher" });
  expect(await socket.closed()).toBe(4401);
  expect(await get(server, "/auth/me", person.token)).toEqual(unauthorized);
  const token = await login(server, person.email, person.password);
  expect((await post(server, "/class", { className: "Physics" }, token)).status).toBe(201);
});

test("AD4 what changes nothing ends nothing, and nobody else is touched", async () => {
  const [person, other] = [await join(server, "student"), await join(server, "student")];
  const [socket, others] = [await connect(server, person), await connect(server, other)];
  for (const body of [{}, { role: "student" }, { disabled: false }, { passwordHash: "x", tokensFrom: 5 }])
    expect(dataOf(await patchUser(person.id, body))).toMatchObject({ role: "student", disabled: false });
  expect(await socket.heard()).toEqual([]);
  await patchUser(person.id, { disabled: true });
  expect(await others.heard()).toEqual([]);
  expect((await get(server, "/auth/me", other.token)).status).toBe(200);
  await others.close();
});

test("AD4 of two changes at the same time neither undoes the other", async () => {
  for (let n = 0; n < 5; n++) {
    const person = await join(server, "student");
    const both = [patchUser(person.id, { disabled: true }), patchUser(person.id, { role: "teacher" })];
    expect((await Promise.all(both)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await find(`q=${encodeURIComponent(person.email)}`)).users).toMatchObject([
      { role: "teacher", disabled: true },
    ]);
  }
});

test("AD4 admins leave their own account alone, and an unknown user is not found", async () => {
  const own = refused(400, "This is your own account, ask another admin to change it");
  for (const body of [{ role: "student" }, { disabled: true }])
    expect(await patchUser(admin.id, body)).toEqual(own);
  expect(await patchUser("auth0|nobody", { disabled: true })).toEqual(refused(404, "User not found"));
  expect((await get(server, "/auth/me", admin.token)).status).toBe(200);
});

test("AD5 admins see every class, its students and its sessions, archived ones too, and change nothing there", async () => {
  const lesson = await school(server, 2);
  const { teacher, classId } = lesson;
  const { sessionId } = await startSession(server, teacher, classId);
  await endSession(server, teacher, classId);
  await call(server, "DELETE", `/class/${classId}`, { token: teacher.token });
  const all = dataOf(await get(server, "/admin/classes?limit=1000", admin.token));
  expect(all).toMatchObject({
    classes: expect.arrayContaining([
      expect.objectContaining({ _id: classId, teacherId: teacher.id, archivedAt: expect.any(String) }),
    ]),
  });
  const shown = dataOf(await get(server, `/admin/classes/${classId}`, admin.token));
  expect(shown).toMatchObject({ teacher: { _id: lesson.teacher.id, name: lesson.teacher.name } });
  expect(shown).toMatchObject({ students: [{ _id: student(lesson, 0).id }, { _id: student(lesson, 1).id }] });
  const held = dataOf(await get(server, `/admin/classes/${classId}/sessions`, admin.token));
  expect(held).toMatchObject({ sessions: [{ sessionId, absent: 2 }] });
  const session = dataOf(await get(server, `/admin/sessions/${sessionId}`, admin.token));
  expect(session).toMatchObject({ students: [{ status: "absent" }, { status: "absent" }] });
  const teacherOnly = refused(403, "Forbidden, teacher access required");
  for (const [method, path] of [
    ["GET", `/class/${classId}/sessions`],
    ["DELETE", `/class/${classId}`],
  ] as const)
    expect(await call(server, method, path, { token: admin.token })).toEqual(teacherOnly);
});

test("AD10 a former teacher who is a student now sees no roll of the class, nor does who was a student and teaches", async () => {
  const lesson = await school(server, 1);
  const { teacher, classId } = lesson;
  const pupil = student(lesson, 0);
  await patchUser(teacher.id, { role: "student" });
  await patchUser(pupil.id, { role: "teacher" });
  for (const { email, password } of [teacher, pupil]) {
    const token = await login(server, email, password);
    expect(await get(server, `/class/${classId}`, token)).toEqual(
      refused(403, "Forbidden, not class teacher"),
    );
    expect(await get(server, `/class/${classId}/room`, token)).toEqual(
      refused(403, "Forbidden, not authorized for this class"),
    );
  }
});

test("AD6 once there is an admin a teacher signs up by an invitation, once; students go on as before", async () => {
  const invited = await startServer(byDefault);
  const inviter = await adminOf(invited);
  expect(invited.stdout()).toContain("by an invitation of an admin");
  expect(invited.stdout()).toContain("sign in, make a class");
  const signUp = (body: Json) => post(invited, "/auth/signup", body);
  const needed = refused(403, "Forbidden, invitation required");
  expect(await signUp(newTeacher())).toEqual(needed);
  expect(await signUp(newTeacher({ invitation: "made up" }))).toEqual(needed);
  const invitation = await codeFrom(invited, inviter, "/admin/invitations");
  const taken = await signUp(newTeacher({ email: ADMIN_ENV.ROLLCALL_ADMIN_EMAIL, invitation }));
  expect(taken).toEqual(refused(400, "Email already exists"));
  expect((await signUp(newTeacher({ invitation }))).status).toBe(201);
  expect(await signUp(newTeacher({ invitation }))).toEqual(needed);
  await join(invited, "student");
  await invited.dispose();
});

test("AD6 TEACHER_SIGNUP=open stays open with an admin, and the start promises nothing else", async () => {
  expect(server.stdout()).toContain("anyone may sign up as one (TEACHER_SIGNUP)");
  await join(server, "teacher");
});

test("AD6 TEACHER_SIGNUP=closed lets no teacher sign up, invited or not", async () => {
  const closed = await startServer({ ...byDefault, TEACHER_SIGNUP: "closed" });
  expect(closed.stdout()).toContain("nobody signs up as one");
  const invitation = await codeFrom(closed, await adminOf(closed), "/admin/invitations");
  for (const more of [{}, { invitation }]) {
    const answer = await post(closed, "/auth/signup", newTeacher(more));
    expect(answer).toEqual(refused(403, "Forbidden, invitation required"));
  }
  await join(closed, "student");
  await closed.dispose();
});

test("AD7 a class is handed to another teacher, who hears it from then on, and its records stay", async () => {
  const lesson = await school(server, 1);
  const { teacher, classId } = lesson;
  const next = await join(server, "teacher");
  await startSession(server, teacher, classId);
  const handOver = (teacherId: string) =>
    call(server, "PATCH", `/admin/classes/${classId}`, { token: admin.token, body: { teacherId } });
  expect(await handOver(next.id)).toEqual(refused(400, "A session of this class is running, end it first"));
  await endSession(server, teacher, classId);
  for (const nobody of [student(lesson, 0).id, admin.id, "nobody"])
    expect(await handOver(nobody)).toEqual(refused(404, "Teacher not found"));
  const [before, after] = [await connect(server, teacher), await connect(server, next)];
  expect(dataOf(await handOver(next.id))).toMatchObject({ _id: classId, teacherId: next.id });
  await startSession(server, next, classId);
  after.send("ATTENDANCE_MARKED", { studentId: student(lesson, 0).id, status: "present" });
  expect(await after.next()).toMatchObject({ event: "ATTENDANCE_MARKED" });
  expect(await before.heard()).toEqual([]);
  const start = await post(server, "/attendance/start", { classId }, teacher.token);
  expect(start).toEqual(refused(403, "Forbidden, not class teacher"));
  expect(dataOf(await get(server, `/class/${classId}/sessions`, next.token))).toMatchObject({
    sessions: [{}, { absent: 1 }],
  });
  expect(dataOf(await get(server, "/class", teacher.token))).toEqual([]);
  await Promise.all([before.close(), after.close()]);
});

test("AD8 who is no admin sees and changes nothing of it", async () => {
  const [teacher, pupil] = [await join(server, "teacher"), await join(server, "student")];
  const classId = await newClass(server, teacher);
  const routes: [string, string, Json?][] = [
    ["GET", "/admin/users"],
    ["PATCH", `/admin/users/${pupil.id}`, { role: "admin" }],
    ["PATCH", `/admin/users/${teacher.id}`, { role: "admin" }],
    ["POST", `/admin/users/${admin.id}/reset-link`, {}],
    ["POST", "/admin/invitations", {}],
    ["GET", "/admin/classes"],
    ["GET", `/admin/classes/${classId}`],
    ["GET", `/admin/classes/${classId}/sessions`],
    ["PATCH", `/admin/classes/${classId}`, { teacherId: teacher.id }],
    ["GET", "/admin/sessions"],
    ["GET", "/admin/settings"],
  ];
  for (const [method, path, body] of routes) {
    const sent = body === undefined ? {} : { body };
    for (const { token } of [teacher, pupil])
      expect({ path, ...(await call(server, method, path, { token, ...sent })) }).toEqual({
        path,
        ...refused(403, "Forbidden, admin access required"),
      });
    expect(await call(server, method, path, sent)).toEqual(unauthorized);
  }
  expect(dataOf(await get(server, "/auth/me", pupil.token))).toMatchObject({ role: "student" });
});

test("AD11 admins see every setting and whether it is the default, and of secrets only that they are set", async () => {
  const secret = "a secret that nobody may see";
  const other = await startServer({ ...ADMIN_ENV, JWT_SECRET: secret, CLASS_SIZE_MAX: "40" });
  const { token } = await adminOf(other);
  const answer = await get(other, "/admin/settings", token);
  const { settings } = settingsAnswer.parse(dataOf(answer));
  expect(settings.map(({ name }) => name)).toEqual(Object.keys(SETTINGS));
  const of = (wanted: string) => settings.find(({ name }) => name === wanted);
  expect(of("CLASS_SIZE_MAX")).toMatchObject({ value: "40", secret: false, isDefault: false });
  expect(of("PAGE_SIZE_MAX")).toMatchObject({ value: "200", isDefault: true });
  expect(of("REDIS_URL")).toMatchObject({ value: null, secret: true, isDefault: true });
  expect(of("JWT_SECRET")).toMatchObject({ value: "********", secret: true, isDefault: false });
  for (const hidden of [secret, ADMIN_ENV.ROLLCALL_ADMIN_PASSWORD])
    expect(JSON.stringify(answer)).not.toContain(hidden);
  await other.dispose();
});

test("AD12 admins see the sessions that run, each with its class, its teacher and its figures", async () => {
  const { teacher, classId } = await school(server, 3);
  const running = async () =>
    runningAnswer
      .parse(dataOf(await get(server, "/admin/sessions", admin.token)))
      .sessions.filter((one) => one.classId === classId);
  expect(await running()).toEqual([]);
  const { sessionId } = await startSession(server, teacher, classId);
  expect(await running()).toMatchObject([
    {
      sessionId,
      className: `class of ${teacher.name}`,
      teacher: { _id: teacher.id, name: teacher.name },
      present: 0,
      absent: 0,
      total: 3,
    },
  ]);
  await endSession(server, teacher, classId);
  expect(await running()).toEqual([]);
});
