import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { z } from "zod";
import { ADMIN_ENV, adminOf, codeFrom } from "./admin";
import { Browser } from "./browser";
import { call, dataOf, get, post, refused } from "./http";
import { join, login, type Person } from "./people";
import { connect } from "./plain-client";
import { startServer } from "./server";

setDefaultTimeout(60_000);
const server = await startServer({ ...ADMIN_ENV, LOGIN_FAILURES_FREE: "100" });
afterAll(() => server.dispose());

const admin = await adminOf(server);
const unauthorized = refused(401, "Unauthorized, token missing or invalid");
const wrong = refused(400, "Invalid email or password");
const common = refused(400, "This password is among the 10,000 commonest, choose another");
const badCode = refused(400, "This code is unknown, used or expired, ask for a new one");
const newPassword = "quite another secret";

const change = (who: Person, body: Record<string, string>) =>
  call(server, "POST", "/auth/password", { token: who.token, body });
const patch = (who: Person, body: Record<string, string>) =>
  call(server, "PATCH", "/auth/me", { token: who.token, body });
const signIn = (email: string, password: string) => post(server, "/auth/login", { email, password });

test("AC14 a new password ends every token, browser session and socket from before; who changed it goes on", async () => {
  const person = await join(server, "student");
  const browser = await Browser.of(server, person);
  const socket = await connect(server, person);
  const answer = dataOf(await change(person, { password: person.password, newPassword }));
  const { token } = z.object({ token: z.string(), signedIn: z.null() }).parse(answer);
  expect(await socket.closed()).toBe(4401);
  expect(await get(server, "/auth/me", person.token)).toEqual(unauthorized);
  expect(await browser.get("/auth/me")).toEqual(unauthorized);
  expect((await get(server, "/auth/me", token)).status).toBe(200);
  expect(await signIn(person.email, person.password)).toEqual(wrong);
  await login(server, person.email, newPassword);
});

test("AC14 who changes it in a browser goes on there with a new session and CSRF token", async () => {
  const person = await join(server, "teacher");
  const [here, there] = [await Browser.of(server, person), await Browser.of(server, person)];
  const before = here.cookies.get("rollcall_session");
  const body = { password: person.password, newPassword };
  const answer = dataOf(await here.call("POST", "/auth/password", { body }));
  const { signedIn } = z
    .object({ token: z.null(), signedIn: z.object({ csrfToken: z.string() }) })
    .parse(answer);
  expect(here.cookies.get("rollcall_session")).not.toBe(before);
  expect(await there.get("/auth/me")).toEqual(unauthorized);
  expect((await here.call("POST", "/class", { body: { className: "Physics" } })).status).toBe(403);
  here.csrf = signedIn.csrfToken;
  expect((await here.call("POST", "/class", { body: { className: "Physics" } })).status).toBe(201);
});

test("PW2 without the right password, or for a common or short one, nothing changes", async () => {
  const person = await join(server, "student");
  expect(await change(person, { password: "wrong one", newPassword })).toEqual(wrong);
  expect((await change(person, { password: person.password, newPassword: "short" })).status).toBe(400);
  for (const guessed of ["password", "QWERTY123"])
    expect(await change(person, { password: person.password, newPassword: guessed })).toEqual(common);
  expect((await get(server, "/auth/me", person.token)).status).toBe(200);
  await login(server, person.email, person.password);
});

test("AC13 name and email change with the password asked again, and nothing else of the body counts", async () => {
  const [person, other] = [await join(server, "student"), await join(server, "student")];
  const fields = {
    name: " Ada L. ",
    email: `New-${person.email.toUpperCase()}`,
    role: "admin",
    _id: other.id,
  };
  expect(await patch(person, { ...fields, password: "wrong one" })).toEqual(wrong);
  const changed = { _id: person.id, name: "Ada L.", email: `new-${person.email}`, role: "student" };
  expect(dataOf(await patch(person, { ...fields, password: person.password }))).toEqual(changed);
  expect(dataOf(await get(server, "/auth/me", person.token))).toEqual(changed);
  const taken = await patch(person, { email: other.email, password: person.password });
  expect(taken).toEqual(refused(400, "Email already exists"));
  expect(await signIn(person.email, person.password)).toEqual(wrong);
  await login(server, changed.email, person.password);
  expect(dataOf(await patch(person, { password: person.password }))).toEqual(changed);
});

test("AC15 a link from an admin sets a new password, once, and ends everything from before", async () => {
  const person = await join(server, "teacher");
  const socket = await connect(server, person);
  const code = await codeFrom(server, admin, `/admin/users/${person.id}/reset-link`);
  const reset = (body: Record<string, string>) => post(server, "/auth/reset", body);
  expect(await reset({ code, newPassword: "password1" })).toEqual(common);
  expect(await reset({ code: `${code}0`, newPassword })).toEqual(badCode);
  expect(dataOf(await reset({ code, newPassword }))).toEqual({ reset: true });
  expect(await socket.closed()).toBe(4401);
  expect(await get(server, "/auth/me", person.token)).toEqual(unauthorized);
  expect(await reset({ code, newPassword: "a third secret" })).toEqual(badCode);
  await login(server, person.email, newPassword);
});

test("AC15 a link is void once the password was changed otherwise", async () => {
  const person = await join(server, "student");
  const first = await codeFrom(server, admin, `/admin/users/${person.id}/reset-link`);
  expect((await change(person, { password: person.password, newPassword })).status).toBe(200);
  const late = await post(server, "/auth/reset", { code: first, newPassword: "a third secret" });
  expect(late).toEqual(badCode);
});

test("AC14 of two changes at the same time one counts, and the other is refused", async () => {
  const person = await join(server, "student");
  const wishes = ["one long secret", "another long secret"];
  const answers = await Promise.all(
    wishes.map((newPassword) => change(person, { password: person.password, newPassword })),
  );
  const done = wishes.filter((_, at) => answers[at]?.status === 200);
  expect(done).toHaveLength(1);
  await login(server, person.email, done[0] ?? "");
});

test("AC15 of two links used at the same time one counts", async () => {
  const person = await join(server, "student");
  const path = `/admin/users/${person.id}/reset-link`;
  const codes = [await codeFrom(server, admin, path), await codeFrom(server, admin, path)];
  const answers = await Promise.all(
    codes.map((code, at) => post(server, "/auth/reset", { code, newPassword: `long secret ${at}` })),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400]);
});

test("TH6 guesses from the same address do not keep out who has a link", async () => {
  const person = await join(server, "student");
  const code = await codeFrom(server, admin, `/admin/users/${person.id}/reset-link`);
  for (let n = 0; n < 8; n++)
    expect(await post(server, "/auth/reset", { code: `made up ${n}`, newPassword })).toEqual(badCode);
  expect(dataOf(await post(server, "/auth/reset", { code, newPassword }))).toEqual({ reset: true });
});

test("TH1 guessing codes and the own password is slowed down too", async () => {
  const strict = await startServer({ LOGIN_FAILURES_FREE: "3" });
  const person = await join(strict, "student");
  const tries = async (ask: () => Promise<{ status: number }>) => {
    const statuses = [];
    for (let n = 0; n < 4; n++) statuses.push((await ask()).status);
    return statuses;
  };
  const body = { code: "nonsense", newPassword };
  expect(await tries(() => post(strict, "/auth/reset", body))).toEqual([400, 400, 400, 429]);
  const guess = { password: "wrong one", newPassword };
  const own = () => post(strict, "/auth/password", guess, person.token);
  expect(await tries(own)).toEqual([400, 400, 400, 429]);
  await strict.dispose();
});
