import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { z } from "zod";
import { call, dataOf, get, type Json, post, refused, withoutIssues } from "./http";
import { join, login, newcomer } from "./people";
import { startServer } from "./server";

setDefaultTimeout(60_000);
const server = await startServer();
afterAll(() => server.dispose());

const badSchema = refused(400, "Invalid request schema");
const badLogin = refused(400, "Invalid email or password");

test("H1 sign-up answers 201 with id, name, email and role", async () => {
  const { password, ...shown } = newcomer("teacher");
  const data = dataOf(await post(server, "/auth/signup", { ...shown, password }), 201);
  expect(data).toMatchObject({ ...shown, _id: expect.stringMatching(/^[0-9a-f]{24}$/) });
});

test("H1 /auth/me answers what sign-up answered", async () => {
  const body = newcomer("student");
  const signedUp = dataOf(await post(server, "/auth/signup", body), 201);
  const token = await login(server, body.email, body.password);
  expect(dataOf(await get(server, "/auth/me", token))).toEqual(signedUp);
});

test.each(["TEACHER", "Student", "sTuDeNt"])("H2 the role %s is read in its letter case", async (role) => {
  const body = newcomer(role);
  expect(dataOf(await post(server, "/auth/signup", body), 201)).toMatchObject({ role: role.toLowerCase() });
  const token = await login(server, body.email, body.password);
  expect(dataOf(await get(server, "/auth/me", token))).toMatchObject({ role: role.toLowerCase() });
});

test.each(["admin", "ADMIN", "Admin", "principal", ""])("H2 nobody signs up as %p", async (role) => {
  expect(withoutIssues(await post(server, "/auth/signup", newcomer(role)))).toEqual(badSchema);
});

test("H3 an email is matched lower-cased at login", async () => {
  const body = newcomer("student");
  const spelled = body.email.toUpperCase();
  dataOf(await post(server, "/auth/signup", { ...body, email: spelled }), 201);
  for (const email of [spelled, body.email]) await login(server, email, body.password);
});

test("H3 an email that exists in another letter case is refused", async () => {
  const body = newcomer("student");
  dataOf(await post(server, "/auth/signup", body), 201);
  for (const email of [body.email, body.email.toUpperCase()]) {
    const again = { ...newcomer("teacher"), email };
    expect(await post(server, "/auth/signup", again)).toEqual(refused(400, "Email already exists"));
  }
});

test("H3 of simultaneous sign-ups with one email exactly one succeeds", async () => {
  const body = newcomer("student");
  const answers = await Promise.all(Array.from({ length: 5 }, () => post(server, "/auth/signup", body)));
  expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
  expect(answers.filter((answer) => answer.status !== 201)).toEqual(
    Array.from({ length: 4 }, () => refused(400, "Email already exists")),
  );
});

test("H4 no answer holds a password or its hash", async () => {
  const body = newcomer("teacher");
  const answers = [
    await post(server, "/auth/signup", body),
    await post(server, "/auth/signup", body),
    await post(server, "/auth/signup", { ...body, role: "admin" }),
    await post(server, "/auth/login", { email: body.email, password: body.password }),
    await post(server, "/login", { email: body.email, password: body.password }),
    await post(server, "/auth/login", { email: body.email, password: `not ${body.password}` }),
    await get(server, "/auth/me", await login(server, body.email, body.password)),
  ];
  for (const answer of answers) {
    const text = JSON.stringify(answer);
    for (const secret of [body.password, "argon2", "$2b$", '"password"']) expect(text).not.toContain(secret);
  }
});

test("H5 login answers a token", async () => {
  const body = newcomer("student");
  dataOf(await post(server, "/auth/signup", body), 201);
  const data = dataOf(await post(server, "/auth/login", { email: body.email, password: body.password }));
  expect(data).toMatchObject({ token: expect.any(String) });
});

test("H5 an unknown email and a wrong password get the same answer", async () => {
  const { email } = await join(server, "student");
  for (const tried of [email, newcomer("student").email]) {
    expect(await post(server, "/auth/login", { email: tried, password: "not the password" })).toEqual(
      badLogin,
    );
    expect(await post(server, "/login", { email: tried, password: "not the password" })).toEqual(badLogin);
  }
});

test("H6 a token is a JWT of one day that carries userId and role and is safe in a URL", async () => {
  for (const role of ["teacher", "student"] as const) {
    const { token, id } = await join(server, role);
    expect(token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    const claims = Claims.parse(
      JSON.parse(atob((token.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/"))),
    );
    expect({ userId: claims.userId, role: claims.role }).toEqual({ userId: id, role });
    expect(claims.exp - claims.iat).toBe(24 * 60 * 60);
  }
});

const Claims = z.object({ userId: z.string(), role: z.string(), iat: z.number(), exp: z.number() });

test("H7 the token is read bare or after Bearer, and a Content-Type without a body does no harm", async () => {
  const person = await join(server, "teacher");
  const shown = { _id: person.id, name: person.name, email: person.email, role: "teacher" };
  for (const authorization of [person.token, `Bearer ${person.token}`]) {
    const plain = await call(server, "GET", "/auth/me", { headers: { authorization } });
    expect(dataOf(plain)).toMatchObject(shown);
    const headers = { authorization, "content-type": "application/json" };
    expect(await call(server, "GET", "/auth/me", { headers })).toEqual(plain);
  }
});

test("H8 /signup, /login and /me are further names, and /login shows the token at the top level too", async () => {
  const { password, ...shown } = newcomer("teacher");
  const signedUp = dataOf(await post(server, "/signup", { ...shown, password }), 201);
  expect(signedUp).toMatchObject(shown);
  const answer = await post(server, "/login", { email: shown.email, password });
  const body = TopLevel.parse(answer.body);
  expect(answer.status).toBe(200);
  expect(body.token).toBe(body.data.token);
  expect(dataOf(await get(server, "/me", body.token))).toEqual(signedUp);
  expect(dataOf(await get(server, "/auth/me", body.token))).toEqual(signedUp);
  expect(await get(server, "/me")).toEqual(refused(401, "Unauthorized, token missing or invalid"));
});

const TopLevel = z.strictObject({
  success: z.literal(true),
  data: z.object({ token: z.string() }),
  token: z.string(),
  type: z.literal("bearer"),
});

test("H9 a hundred users sign up and log in from one address", async () => {
  const people = Array.from({ length: 100 }, () => newcomer("student"));
  const signedUp = await Promise.all(people.map((body) => post(server, "/auth/signup", body)));
  expect(signedUp.filter(({ status }) => status !== 201)).toEqual([]);
  const loggedIn = await Promise.all(
    people.map(({ email, password }) => post(server, "/auth/login", { email, password })),
  );
  expect(loggedIn.filter(({ status }) => status !== 200)).toEqual([]);
});

const person = newcomer("student");
const { password: _password, ...withoutPassword } = person;
const { email: _email, ...withoutEmail } = person;
const { name: _name, ...withoutName } = person;
const { role: _role, ...withoutRole } = person;

test.each([
  ["no password", withoutPassword],
  ["no email", withoutEmail],
  ["no name", withoutName],
  ["no role", withoutRole],
  ["a password of five characters", { ...person, password: "12345" }],
  ["a password that is a number", { ...person, password: 123456 }],
  ["an email that is none", { ...person, email: "somewhere" }],
  ["an email that is an object", { ...person, email: { $gt: "" } }],
  ["a name that is a list", { ...person, name: ["a"] }],
  ["a role that is null", { ...person, role: null }],
])("H10 sign-up with %s is an invalid schema", async (_what, body) => {
  for (const path of ["/auth/signup", "/signup"]) {
    expect(withoutIssues(await post(server, path, body))).toEqual(badSchema);
  }
});

test("H10 a password of six characters is long enough", async () => {
  dataOf(await post(server, "/auth/signup", { ...newcomer("student"), password: "123456" }), 201);
});

test.each<[Json]>([
  [{}],
  [{ email: "a@b.test" }],
  [{ password: "123456" }],
  [{ email: 5, password: "123456" }],
  [{ email: "a@b.test", password: { $ne: null } }],
])("H10 login with %j is an invalid schema", async (body) => {
  for (const path of ["/auth/login", "/login"]) {
    expect(withoutIssues(await post(server, path, body))).toEqual(badSchema);
  }
});

test.each([
  ["empty", ""],
  ["cut off", "{"],
  ["null", "null"],
  ["a list", "[]"],
  ["a number", "5"],
  ["a text", '"text"'],
  ["a prototype", '{"__proto__":{"role":"teacher"}}'],
  ["10,000 lists deep", "[".repeat(10_000)],
])("H10 a body that is %s is an invalid schema on every public route", async (_what, body) => {
  for (const path of ["/auth/signup", "/auth/login", "/signup", "/login"]) {
    const headers = { "content-type": "application/json" };
    expect(withoutIssues(await call(server, "POST", path, { body, headers }))).toEqual(badSchema);
  }
});
