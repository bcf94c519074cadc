import { afterEach, expect, test } from "bun:test";
import { join } from "node:path";
import { openSqliteReader } from "../../src/store/sqlite/index.ts";
import { folder, isOneSentence, rollcall } from "./run.ts";

const folders: { remove: () => void }[] = [];
afterEach(() => {
  for (const one of folders.splice(0)) one.remove();
});

function data(): string {
  const made = folder();
  folders.push(made);
  return made.path;
}

async function userIn(path: string, email: string) {
  const store = openSqliteReader(join(path, "rollcall.db"));
  const user = await store.users.byEmail(email);
  await store.close();
  return user;
}

const create = (ROLLCALL_DATA: string, more: Record<string, string> = {}, email = "Ada@School.test") =>
  rollcall(["admin", "create", "--email", email, "--name", "Ada"], { ROLLCALL_DATA, ...more });

test("AD1 admin create makes an admin and says the password that it made up, once", async () => {
  const path = data();
  const ran = await create(path);
  expect(ran).toMatchObject({ code: 0, err: "" });
  const [, password = ""] = /sign in as ada@school\.test with the password (\S+)\./.exec(ran.out) ?? [];
  const user = await userIn(path, "ada@school.test");
  expect(user).toMatchObject({ role: "admin", name: "Ada" });
  expect(await Bun.password.verify(password, user?.passwordHash ?? "")).toBe(true);
}, 30_000);

test("AD1 admin create takes the password of the settings and does not show it", async () => {
  const path = data();
  const ran = await create(path, { ROLLCALL_ADMIN_PASSWORD: "a long enough secret" });
  expect(ran.code).toBe(0);
  expect(ran.out).not.toContain("a long enough secret");
  const user = await userIn(path, "ada@school.test");
  expect(await Bun.password.verify("a long enough secret", user?.passwordHash ?? "")).toBe(true);
}, 30_000);

test("AD1 whoever took the admin's email before does not become the admin by the password that they chose", async () => {
  const path = data();
  expect((await rollcall(["demo"], { ROLLCALL_DATA: path })).code).toBe(0);
  const before = await userIn(path, "teacher@demo.school");
  const ran = await create(path, { ROLLCALL_ADMIN_PASSWORD: "a long enough secret" }, "teacher@demo.school");
  expect(ran.out).toContain("is an admin now");
  const after = await userIn(path, "teacher@demo.school");
  expect(after).toMatchObject({ id: before?.id ?? "", role: "admin" });
  expect(await Bun.password.verify("a long enough secret", after?.passwordHash ?? "")).toBe(true);
  expect(after?.tokensFrom).toBeGreaterThan(before?.tokensFrom ?? 0);
}, 60_000);

test("AU1 an admin whom the operator makes is written down", async () => {
  const path = data();
  await create(path);
  const store = openSqliteReader(join(path, "rollcall.db"));
  const admin = await store.users.byEmail("ada@school.test");
  expect(await store.trail.read(0, 10)).toMatchObject([
    { deed: "admin-made", actor: null, subject: admin?.id ?? "" },
  ]);
  await store.close();
}, 60_000);

test.each([
  ["a common password", { ROLLCALL_ADMIN_PASSWORD: "password1" }, undefined],
  ["a short password", { ROLLCALL_ADMIN_PASSWORD: "x7!q" }, undefined],
  ["no email", {}, "ada"],
])(
  "AD1 %s is refused in one sentence",
  async (_, env, email) => {
    const ran = await create(data(), env, email);
    expect(ran).toMatchObject({ code: 1, out: "" });
    expect(isOneSentence(ran.err)).toBe(true);
  },
  30_000,
);

test("AD1 one of the two settings without the other is refused in one sentence", async () => {
  const ran = await rollcall(["serve"], { ROLLCALL_DATA: data(), ROLLCALL_ADMIN_EMAIL: "ada@school.test" });
  expect(ran.code).toBe(1);
  expect(ran.err).toContain("ROLLCALL_ADMIN_PASSWORD");
  expect(isOneSentence(ran.err)).toBe(true);
}, 30_000);
