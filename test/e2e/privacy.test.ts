import { Database } from "bun:sqlite";
import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { join as pathJoin } from "node:path";
import { z } from "zod";
import { verify } from "../../src/log/verify.ts";
import { openSqliteReader } from "../../src/store/sqlite/index.ts";
import { ADMIN_ENV, adminOf } from "./admin";
import { Browser } from "./browser";
import { call, dataOf, get, post, refused } from "./http";
import { endSession, join, type Person, school, startSession, student } from "./people";
import { connect } from "./plain-client";
import { startServer, type TestServer } from "./server";

setDefaultTimeout(60_000);
const server = await startServer(ADMIN_ENV);
afterAll(() => server.dispose());
const admin = await adminOf(server);

const erase = (id: string) => call(server, "POST", `/admin/users/${id}/erase`, { token: admin.token });

/** Whether the text stands anywhere in the database's tables. */
function isKept(of: TestServer, text: string): string[] {
  const db = new Database(pathJoin(of.dataDir, "rollcall.db"), { readonly: true });
  const tables = db.query<{ name: string }, []>("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const found = tables.filter(({ name }) =>
    db
      .query<Record<string, unknown>, []>(`SELECT * FROM "${name}"`)
      .all()
      .some((row) => JSON.stringify(row).toLowerCase().includes(text.toLowerCase())),
  );
  db.close();
  return found.map(({ name }) => name);
}

test("PV1 a person downloads everything held about them, and nothing about anybody else", async () => {
  const lesson = await school(server, 2);
  const { teacher, classId } = lesson;
  const [pupil, other] = [student(lesson, 0), student(lesson, 1)];
  const { sessionId } = await startSession(server, teacher, classId);
  await endSession(server, teacher, classId);
  await call(server, "DELETE", `/class/${classId}/students/${pupil.id}`, { token: teacher.token });
  const browser = await Browser.of(server, pupil);
  const mine = dataOf(await browser.get("/account/data"));
  expect(mine).toMatchObject({
    user: { _id: pupil.id, email: pupil.email, role: "student", issuer: null },
    browsers: [{ _id: browser.session, current: true }],
    classes: [{ classId, role: "student", onRoll: false }],
    records: [{ classId, sessionId, status: "absent" }],
    sessions: [],
  });
  const deeds = z.object({ trail: z.array(z.object({ deed: z.string() })) }).parse(mine).trail;
  expect(deeds.map(({ deed }) => deed)).toEqual([
    "signed-in",
    "withdrawn",
    "enrolled",
    "signed-in",
    "signed-up",
  ]);
  const text = JSON.stringify(mine);
  for (const none of [other.id, other.email, teacher.email, "argon2", "hash"])
    expect(text).not.toContain(none);
  const theirs = dataOf(await get(server, "/account/data", teacher.token));
  expect(theirs).toMatchObject({
    classes: [{ classId, role: "teacher", onRoll: false }],
    sessions: [{ sessionId, classId }],
    records: [],
  });
});

test("PV2 an erased person is named nowhere in the database, and totals and chains stay true", async () => {
  const lesson = await school(server, 2);
  const { teacher, classId } = lesson;
  const pupil: Person = student(lesson, 0);
  const { sessionId } = await startSession(server, teacher, classId);
  const desk = await connect(server, teacher);
  desk.send("ATTENDANCE_MARKED", { studentId: pupil.id, status: "present" });
  await desk.next();
  await endSession(server, teacher, classId);
  await startSession(server, teacher, classId);
  const browser = await Browser.of(server, pupil);
  expect(isKept(server, pupil.email)).toEqual(["users"]);
  expect(dataOf(await erase(pupil.id))).toEqual({ erased: true });
  for (const gone of [pupil.email, pupil.name])
    expect({ gone, in: isKept(server, gone) }).toEqual({ gone, in: [] });
  expect((await browser.get("/auth/me")).status).toBe(401);
  expect((await get(server, "/auth/me", pupil.token)).status).toBe(401);
  const login = await post(server, "/auth/login", { email: pupil.email, password: pupil.password });
  expect(login).toEqual(refused(400, "Invalid email or password"));
  const cls = dataOf(await get(server, `/class/${classId}`, teacher.token));
  expect(cls).toMatchObject({ studentIds: [student(lesson, 1).id] });
  const shown = dataOf(await get(server, `/sessions/${sessionId}`, teacher.token));
  expect(shown).toMatchObject({
    present: 1,
    absent: 1,
    students: [{ _id: pupil.id, name: null, email: null, status: "present" }, { status: "absent" }],
  });
  await endSession(server, teacher, classId);
  const trail = dataOf(await get(server, `/admin/audit?user=${pupil.id}&limit=100`, admin.token));
  const { entries } = z
    .object({ entries: z.array(z.object({ deed: z.string(), details: z.unknown() })) })
    .parse(trail);
  expect(entries[0]?.deed).toBe("erased");
  for (const { details } of entries.slice(1)) expect(details).toBeNull();
  const reader = openSqliteReader(pathJoin(server.dataDir, "rollcall.db"));
  expect((await verify(reader)).faults).toEqual([]);
  await reader.close();
  await desk.close();
  await post(server, "/auth/signup", { ...pupil, role: "student" });
});

test("PV2 a teacher's classes are handed over first, and nobody erases themselves", async () => {
  const { teacher, classId } = await school(server, 1);
  expect(await erase(teacher.id)).toEqual(
    refused(400, "This teacher has classes, hand them to somebody else first"),
  );
  await call(server, "DELETE", `/class/${classId}`, { token: teacher.token });
  expect(dataOf(await erase(teacher.id))).toEqual({ erased: true });
  expect(await erase(admin.id)).toEqual(
    refused(400, "This is your own account, ask another admin to change it"),
  );
  expect(await erase("nobody")).toEqual(refused(404, "User not found"));
});

test("PV4 with ROSTER_PRIVACY=email-lookup a teacher finds a student by the whole email alone", async () => {
  const strict = await startServer({ ROSTER_PRIVACY: "email-lookup" });
  const [teacher, pupil] = [await join(strict, "teacher"), await join(strict, "student")];
  const find = async (query: string) => dataOf(await get(strict, `/students${query}`, teacher.token));
  const shown = { _id: pupil.id, name: pupil.name, email: pupil.email };
  expect(await find(`?email=${encodeURIComponent(pupil.email.toUpperCase())}`)).toEqual([shown]);
  for (const none of [
    "",
    "?q=s",
    "?limit=100",
    `?email=${pupil.email.slice(1)}`,
    `?email=${teacher.email}`,
    "?email=",
  ])
    expect({ none, found: await find(none) }).toEqual({ none, found: [] });
  await strict.dispose();
});

test("PV4 otherwise an email finds its student too, and everybody is listed without one", async () => {
  const [teacher, pupil] = [await join(server, "teacher"), await join(server, "student")];
  const found = dataOf(await get(server, `/students?email=${pupil.email}`, teacher.token));
  expect(found).toEqual([{ _id: pupil.id, name: pupil.name, email: pupil.email }]);
  expect(dataOf(await get(server, "/students", teacher.token))).toContainEqual(
    expect.objectContaining({ _id: pupil.id }),
  );
});
