import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { join as pathJoin } from "node:path";
import { z } from "zod";
import { verify } from "../../src/log/verify.ts";
import { openSqliteReader } from "../../src/store/sqlite/index.ts";
import { ADMIN_ENV, adminOf, codeFrom } from "./admin";
import { Browser } from "./browser";
import { call, dataOf, get, post, refused } from "./http";
import { endSession, join, type Person, school, startSession, student } from "./people";
import { startServer } from "./server";

setDefaultTimeout(60_000);
const server = await startServer(ADMIN_ENV);
afterAll(() => server.dispose());
const admin = await adminOf(server);

const Entry = z.looseObject({
  number: z.number(),
  deed: z.string(),
  actor: z.object({ _id: z.string(), name: z.string().nullable() }).nullable(),
  subject: z.object({ _id: z.string(), name: z.string().nullable() }).nullable(),
});
const Page = z.object({ entries: z.array(Entry), next: z.number().nullable() });

const search = async (query: string) =>
  Page.parse(dataOf(await get(server, `/admin/audit?${query}`, admin.token)));
const deedsOf = async ({ id }: Person) =>
  (await search(`user=${id}&limit=100`)).entries.map(({ deed }) => deed).toReversed();

test("AU1 what a person does, and what is done to them, is written down in its order", async () => {
  const person = await join(server, "student");
  const browser = await Browser.of(server, person);
  const body = { password: person.password, newPassword: "quite another secret" };
  await browser.call("POST", "/auth/password", { body });
  await call(server, "PATCH", `/admin/users/${person.id}`, { token: admin.token, body: { role: "teacher" } });
  await codeFrom(server, admin, `/admin/users/${person.id}/reset-link`);
  await call(server, "PATCH", `/admin/users/${person.id}`, { token: admin.token, body: { disabled: true } });
  expect(await deedsOf(person)).toEqual([
    "signed-up",
    "signed-in",
    "signed-in",
    "password-changed",
    "signed-in",
    "role-changed",
    "reset-link-made",
    "disabled",
  ]);
  const [changed] = (await search(`user=${person.id}&deed=role-changed`)).entries;
  expect(changed).toMatchObject({
    actor: { _id: admin.id, name: "Admin" },
    subject: { _id: person.id, name: person.name },
    from: "student",
    to: "teacher",
  });
  const [signedIn] = (await search(`user=${person.id}&deed=signed-in`)).entries;
  expect(signedIn).toMatchObject({ to: "browser", details: { address: "127.0.0.1" } });
});

test("AU1 a class, its roll and an export of its list are written down", async () => {
  const lesson = await school(server, 1);
  const { teacher, classId } = lesson;
  const pupil = student(lesson, 0);
  const { sessionId } = await startSession(server, teacher, classId);
  await endSession(server, teacher, classId);
  const csv = await fetch(`${server.url}/sessions/${sessionId}/attendance.csv`, {
    headers: { authorization: teacher.token },
  });
  expect(csv.status).toBe(200);
  // Enrolled already, and withdrawn already: nothing changes, and nothing is written.
  await post(server, `/class/${classId}/add-student`, { studentId: pupil.id }, teacher.token);
  for (let n = 0; n < 2; n++)
    await call(server, "DELETE", `/class/${classId}/students/${pupil.id}`, { token: teacher.token });
  await call(server, "DELETE", `/class/${classId}`, { token: teacher.token });
  expect((await deedsOf(teacher)).slice(2)).toEqual([
    "class-made",
    "enrolled",
    "exported",
    "withdrawn",
    "class-archived",
  ]);
  expect((await search(`user=${teacher.id}&deed=exported`)).entries).toMatchObject([{ classId, sessionId }]);
});

test("AU2 admins search it in pages and by time; nobody else does", async () => {
  const person = await join(server, "teacher");
  for (let n = 0; n < 3; n++) await Browser.of(server, person);
  const seen: number[] = [];
  let cursor: number | null = null;
  do {
    const page: z.output<typeof Page> = await search(
      `user=${person.id}&limit=2${cursor === null ? "" : `&cursor=${cursor}`}`,
    );
    seen.push(...page.entries.map(({ number }) => number));
    cursor = page.next;
  } while (cursor !== null);
  expect(seen).toHaveLength(5);
  expect(seen).toEqual(seen.toSorted((a, b) => b - a));
  expect((await search(`user=${person.id}&until=2020-01-01T00:00:00Z`)).entries).toEqual([]);
  expect((await search(`user=${person.id}&since=2020-01-01T00:00:00Z`)).entries).toHaveLength(5);
  expect((await get(server, "/admin/audit?deed=nothing", admin.token)).status).toBe(400);
  const adminOnly = refused(403, "Forbidden, admin access required");
  expect(await get(server, "/admin/audit", person.token)).toEqual(adminOnly);
});

test("AU3 failed sign-ins are in the trail once the server has ended, counted; AU4 verify finds nothing wrong", async () => {
  const person = await join(server, "student");
  const wrong = (email: string) => post(server, "/auth/login", { email, password: "wrong one" });
  for (let n = 0; n < 4; n++) await wrong(person.email);
  await wrong("nobody@school.test");
  await post(server, "/auth/reset", { code: "made up", newPassword: "quite another secret" });
  await server.restart();
  const failures = (await search("deed=sign-in-failed")).entries;
  expect(failures).toMatchObject([
    { subject: null, times: 2, details: { address: "127.0.0.1" } },
    { subject: { _id: person.id }, times: 4 },
  ]);
  const reader = openSqliteReader(pathJoin(server.dataDir, "rollcall.db"));
  expect((await verify(reader)).faults).toEqual([]);
  expect(
    JSON.stringify(await reader.trail.read(0, 10_000).then((all) => all.map(({ body }) => body))),
  ).not.toMatch(/@school|127\.0\.0\.1|Firefox/);
  await reader.close();
});
