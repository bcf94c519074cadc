import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { decodeJwt } from "jose";
import { io } from "socket.io-client";
import { dataOf, get, post, refused } from "../e2e/http.ts";
import { join, login, newClass } from "../e2e/people.ts";
import { error, PlainClient } from "../e2e/plain-client.ts";
import { startServer, type TestServer } from "../e2e/server.ts";
import { V1Socket } from "../e2e/v1-socket.ts";
import { newKey, TestIssuer } from "./issuer.ts";

setDefaultTimeout(60_000);
let issuer: TestIssuer;
let server: TestServer;

beforeAll(async () => {
  issuer = await TestIssuer.start();
  server = await startServer(issuer.settings);
});
afterAll(async () => {
  await server.dispose();
  await issuer.stop();
});

const unauthorized = refused(401, "Unauthorized, token missing or invalid");
const me = async (token: string) => dataOf(await get(server, "/auth/me", token));

test("OI6 the first good token of a sub makes its user, as the issuer knows them", async () => {
  const account = { role: "Teacher", name: " Mia Klein ", email: "Mia@School.test" };
  const token = await issuer.token("auth0|mia", account);
  const mia = { _id: "auth0|mia", name: "Mia Klein", email: "mia@school.test", role: "teacher" };
  expect(await Promise.all([me(token), me(token), me(token)])).toEqual([mia, mia, mia]);
});

test("OI8 whoever's name and email nobody tells has neither, in answers too", async () => {
  const token = await issuer.token("nobody known", { role: "student" });
  expect(await me(token)).toEqual({ _id: "nobody known", name: null, email: null, role: "student" });
  const teacher = await join(server, "teacher");
  const students = dataOf(await get(server, "/students", teacher.token));
  expect(students).toContainEqual({ _id: "nobody known", name: null, email: null });
});

test("OI4 an outside teacher holds a class with outside and local students over every dialect", async () => {
  const teacher = await issuer.token("auth0|teacher", { role: "teacher" });
  const pupil = {
    id: "google-oauth2|1/2 ?",
    token: await issuer.token("google-oauth2|1/2 ?", { role: "student" }),
  };
  const local = await join(server, "student");
  await me(pupil.token);
  const classId = await newClass(server, { ...local, token: teacher });
  for (const studentId of [pupil.id, local.id]) {
    dataOf(await post(server, `/class/${classId}/add-student`, { studentId }, teacher));
  }
  dataOf(await post(server, "/attendance/start", { classId }, teacher));
  const desk = await PlainClient.open(`${server.wsUrl}?token=${teacher}`);
  const seat = await V1Socket.ready(server, { token: pupil.token });
  const chair = io(server.url, { auth: { token: pupil.token }, transports: ["websocket"] });
  const heard = new Promise((resolve) => chair.once("ATTENDANCE_MARKED", resolve));
  await new Promise<void>((resolve, reject) => {
    chair.once("connect", resolve);
    chair.once("connect_error", reject);
  });
  const marked = { studentId: pupil.id, status: "present" };
  desk.send("ATTENDANCE_MARKED", marked);
  expect(await desk.next()).toEqual({ event: "ATTENDANCE_MARKED", data: marked });
  expect(await heard).toEqual(marked);
  expect(await seat.next("events")).toMatchObject({ type: "events" });
  dataOf(await post(server, "/attendance/end", { classId }, teacher));
  const record = await get(server, `/class/${classId}/my-attendance`, pupil.token);
  expect(dataOf(record)).toEqual({ classId, status: "present" });
  chair.close();
  seat.close();
  await desk.close();
});

test("OI4 a token of nobody is refused over HTTP, plain, Socket.IO and rollcall.v1 alike", async () => {
  const token = await issuer.sign({ aud: "another API" });
  expect(await get(server, "/auth/me", token)).toEqual(unauthorized);
  const plain = await PlainClient.open(`${server.wsUrl}?token=${token}`);
  await plain.closed();
  expect(plain.received).toEqual([error("Unauthorized or invalid token")]);
  const v1 = await V1Socket.open(server);
  v1.send({ type: "hello", token });
  expect(await v1.closed()).toBe(4401);
  const socket = io(server.url, { query: { token }, reconnection: false, forceNew: true });
  const refusal = await new Promise<Error>((resolve) => socket.once("connect_error", resolve));
  expect(refusal.message).toBe("Unauthorized or invalid token");
  socket.close();
});

test("OI4 the clocks may be 60 s apart and no more", async () => {
  const now = Math.floor(Date.now() / 1000);
  const good = [{ exp: now - 55 }, { nbf: now + 55 }, { iat: now + 55 }];
  const bad = [{ exp: now - 61 }, { nbf: now + 120 }, { iat: now + 120 }];
  for (const [n, claims] of good.entries()) await me(await issuer.sign({ ...claims, sub: `clock ${n}` }));
  for (const claims of bad) {
    expect(await get(server, "/auth/me", await issuer.sign(claims))).toEqual(unauthorized);
  }
});

test("OI6 what a newer token says is taken over, and sockets of the old role are closed", async () => {
  const old = await issuer.sign({
    sub: "promoted",
    role: "student",
    iat: Math.floor(Date.now() / 1000) - 60,
  });
  const socket = await PlainClient.open(`${server.wsUrl}?token=${old}`);
  await me(old);
  const promoted = await issuer.sign({ sub: "promoted", role: "teacher", name: "Pia" });
  expect(await me(promoted)).toMatchObject({ role: "teacher", name: "Pia" });
  expect(await socket.closed()).toBe(4401);
  expect(await get(server, "/auth/me", old)).toEqual(unauthorized);
});

test("OI11 who has a password links their sign-in elsewhere, and comes in by both", async () => {
  const ada = await join(server, "teacher");
  const token = await issuer.token("auth0|ada", { role: "teacher", name: "Ada Outside", email: ada.email });
  const shown = { _id: ada.id, name: ada.name, email: ada.email, role: "teacher" };
  const link = (body: object, by = ada.token) => post(server, "/auth/link", { ...body }, by);
  expect(await me(token)).toMatchObject({ _id: "auth0|ada" });
  const socket = await PlainClient.open(`${server.wsUrl}?token=${token}`);
  expect(await link({ password: "wrong", token })).toEqual(refused(400, "Invalid email or password"));
  expect(dataOf(await link({ password: ada.password, token }))).toEqual(shown);
  expect(await socket.closed()).toBe(4401);
  const named = { ...shown, name: "Ada Outside" };
  expect(await me(token)).toEqual(named);
  expect(await me(await login(server, ada.email, ada.password))).toEqual(named);
  expect(dataOf(await link({ password: ada.password, token }))).toEqual(named);
});

test("OI11 nobody links what is not theirs, or what is in use", async () => {
  const [ada, bob] = await Promise.all([join(server, "teacher"), join(server, "teacher")]);
  const link = async (token: string, by = ada) =>
    post(server, "/auth/link", { password: by.password, token }, by.token);
  const badToken = refused(400, "The token to link is no valid access token of the sign-in service");
  for (const token of ["nonsense", bob.token, ada.token, await issuer.sign({ aud: "another API" })]) {
    expect(await link(token)).toEqual(badToken);
  }
  const pupil = await issuer.token("auth0|link-pupil", { role: "student" });
  expect(await link(pupil)).toEqual(
    refused(400, "The sign-in service gives you another role than this account has"),
  );
  const theirs = await issuer.token("auth0|link-busy", { role: "teacher" });
  await me(theirs);
  await newClass(server, { ...ada, token: theirs });
  const inUse = "This sign-in has an account with classes of its own, ask an admin which one to keep";
  expect(await link(theirs)).toEqual(refused(400, inUse));
  const [first, second] = [
    await issuer.token("auth0|link-1", { role: "teacher" }),
    await issuer.token("auth0|link-2", { role: "teacher" }),
  ];
  dataOf(await link(first));
  expect(await link(second)).toEqual(refused(400, "This account is linked to another sign-in already"));
  expect(await link(first, bob)).toEqual(refused(400, inUse));
  expect(await post(server, "/auth/link", { password: "x", token: second }, second)).toEqual(
    refused(400, "This account has no password, it is your sign-in service's own"),
  );
});

test("OI5 keys that the issuer changed are taken over, and what the old ones signed is refused", async () => {
  const old = await issuer.token("auth0|rotated", { role: "student" });
  await me(old);
  await issuer.rotate(await newKey({ alg: "ES256", kid: "second" }));
  const token = await issuer.token("auth0|rotated");
  expect(decodeJwt(token).sub).toBe("auth0|rotated");
  await me(token);
  expect(await get(server, "/auth/me", old)).toEqual(unauthorized);
});

test("OI5 while the issuer is down its tokens pass by the last good keys, and local accounts go on", async () => {
  const known = await issuer.token("auth0|rotated");
  const fresh = await issuer.token("auth0|fresh", { role: "student" });
  await me(known);
  await issuer.stop();
  try {
    await Promise.all([me(known), me(fresh)]);
    await join(server, "student");
    const unknown = await issuer.sign({}, { kid: "third" });
    expect(await get(server, "/auth/me", unknown)).toEqual(unauthorized);
    await me(known);
  } finally {
    await issuer.start();
  }
});

test("OI5 a server that starts while the issuer is down serves local accounts, and its tokens once it is back", async () => {
  const token = await issuer.token("auth0|early", { role: "student" });
  await issuer.stop();
  const early = await startServer(issuer.settings);
  try {
    await join(early, "teacher");
    expect(await get(early, "/auth/me", token)).toEqual(unauthorized);
    const figures = await (await fetch(`${early.url}/metrics`)).text();
    expect(figures).toContain('rollcall_tokens_refused_total{reason="keys-unavailable"} 1');
    await issuer.start();
    expect(dataOf(await get(early, "/auth/me", token))).toMatchObject({ _id: "auth0|early" });
  } finally {
    await issuer.start();
    await early.dispose();
  }
});

test("OI10 with LOCAL_ACCOUNTS=off signup and login say who handles them, whatever the body", async () => {
  const closed = await startServer({ ...issuer.settings, LOCAL_ACCOUNTS: "off" });
  try {
    const elsewhere = (what: string) => refused(400, `${what} is handled by your school's sign-in service`);
    for (const body of [
      {},
      { email: "ada@school.test", password: "secret1", name: "Ada", role: "teacher" },
    ]) {
      for (const path of ["/auth/signup", "/signup"]) {
        expect(await post(closed, path, body)).toEqual(elsewhere("Signup"));
      }
      for (const path of ["/auth/login", "/login"]) {
        expect(await post(closed, path, body)).toEqual(elsewhere("Login"));
      }
    }
    const token = await issuer.token("auth0|closed", { role: "student" });
    expect(dataOf(await get(closed, "/auth/me", token))).toMatchObject({ _id: "auth0|closed" });
  } finally {
    await closed.dispose();
  }
});
