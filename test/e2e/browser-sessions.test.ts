import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { Browser } from "./browser";
import { call, dataOf, get, refused } from "./http";
import { join, login, type Person, school, startSession, student } from "./people";
import { connect } from "./plain-client";
import { startServer } from "./server";
import { V1Socket } from "./v1-socket";

setDefaultTimeout(60_000);
const elsewhere = "https://elsewhere.test";
const listed = "https://app.school.test";
const server = await startServer({ ALLOWED_ORIGINS: listed, TRUST_PROXY: "127.0.0.1" });
afterAll(() => server.dispose());

const [ada, ben] = await Promise.all([join(server, "teacher"), join(server, "student")]);
const unauthorized = refused(401, "Unauthorized, token missing or invalid");
const badOrigin = refused(403, "Forbidden, not from a page of this server");
const badCsrf = refused(403, "Forbidden, CSRF token missing or wrong");
const me = ({ id, name, email, role }: Person) => ({ _id: id, name, email, role });
const newClass = { body: { className: "Physics" } };

test("AC1 a browser that signs in lives by its cookie, which no answer shows", async () => {
  const browser = new Browser(server);
  const answer = await browser.call("POST", "/auth/session", {
    body: { email: ada.email.toUpperCase(), password: ada.password },
    headers: { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0" },
  });
  expect(dataOf(answer, 201)).toMatchObject({
    user: me(ada),
    session: { device: "Firefox on Linux", current: true },
  });
  const secret = browser.cookies.get("rollcall_session") ?? "";
  expect(secret.length).toBeGreaterThanOrEqual(43);
  expect(JSON.stringify(answer.body)).not.toContain(secret);
  expect(dataOf(await browser.get("/auth/me"))).toEqual(me(ada));
  expect(server.stdout() + server.stderr()).not.toContain(secret);
});

test("AC1 a wrong password or an unknown email gives no cookie", async () => {
  const browser = new Browser(server);
  for (const email of [ada.email, "nobody@school.test"]) {
    const answer = await browser.call("POST", "/auth/session", { body: { email, password: "wrong one" } });
    expect(answer).toEqual(refused(400, "Invalid email or password"));
    expect(browser.given).toEqual([]);
  }
});

test("AC2 the cookie is HttpOnly and SameSite=Lax, and over https Secure and of this host alone", async () => {
  const browser = await Browser.of(server, ada);
  await browser.call("POST", "/auth/session", { body: { email: ada.email, password: ada.password } });
  const attributes = (name: string) => browser.given.find((one) => one.startsWith(`${name}=`)) ?? "none";
  expect(attributes("rollcall_session")).toMatch(
    /^rollcall_session=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax$/,
  );
  const secure = new Browser(server, server.url.replace("http:", "https:"));
  const headers = { "x-forwarded-proto": "https" };
  const body = { email: ada.email, password: ada.password };
  expect((await secure.call("POST", "/auth/session", { body, headers })).status).toBe(201);
  expect(secure.given.length).toBe(2);
  for (const cookie of secure.given)
    expect(cookie).toMatch(
      /^__Host-rollcall_\w+=[^;]+; Path=\/; Max-Age=\d+; Secure; HttpOnly; SameSite=Lax$/,
    );
  expect(secure.headers.get("strict-transport-security")).toMatch(/^max-age=\d{8}/);
  expect((await secure.call("GET", "/auth/me", { headers })).status).toBe(200);
  // The same cookie under the name that a page without https could have set.
  const tossed = { cookie: `rollcall_session=${secure.cookies.get("__Host-rollcall_session")}` };
  expect((await secure.call("GET", "/auth/me", { headers: { ...headers, ...tossed } })).status).toBe(401);
});

test("AC3 a sign-in always makes a new session: one that somebody else put there is never taken over", async () => {
  const browser = new Browser(server);
  browser.cookies.set("rollcall_session", "A".repeat(43));
  await browser.signIn(ada.email, ada.password);
  const first = browser.cookies.get("rollcall_session");
  expect(first).not.toBe("A".repeat(43));
  const attacker = new Browser(server);
  attacker.cookies.set("rollcall_session", first ?? "");
  await browser.signIn(ben.email, ben.password);
  expect(browser.cookies.get("rollcall_session")).not.toBe(first);
  expect(await attacker.get("/auth/me")).toEqual(unauthorized);
});

test("AC4 a browser learns who is signed in, nobody too, and its owner sees every browser", async () => {
  const person = await join(server, "student");
  const nobody = { user: null, session: null, csrfToken: null, endsAt: null };
  expect(dataOf(await new Browser(server).get("/auth/session"))).toEqual(nobody);
  const [one, two] = [await Browser.of(server, person), await Browser.of(server, person)];
  expect(dataOf(await one.get("/auth/session"))).toMatchObject({
    user: me(person),
    csrfToken: one.csrf,
    session: { _id: one.session, current: true },
  });
  const list = dataOf(await two.get("/auth/sessions"));
  expect(list).toMatchObject([
    { _id: two.session, current: true },
    { _id: one.session, current: false },
  ]);
  expect(dataOf(await get(server, "/auth/sessions", person.token))).toMatchObject([
    { current: false },
    { current: false },
  ]);
});

test("AC5 signing out everywhere ends every browser, token, ticket and socket of the user, and nobody else's", async () => {
  const person = await join(server, "student");
  const [one, two, other] = [
    await Browser.of(server, person),
    await Browser.of(server, person),
    await Browser.of(server, ben),
  ];
  const plain = await connect(server, person);
  const v1 = await V1Socket.ready(server, { cookie: true }, one.upgradeHeaders);
  const bens = await connect(server, ben);
  expect(dataOf(await one.call("POST", "/auth/sign-out-everywhere"))).toEqual({ ended: 2 });
  expect(one.cookies.has("rollcall_session")).toBe(false);
  expect([await plain.closed(), await v1.closed()]).toEqual([4401, 4401]);
  expect(await two.get("/auth/me")).toEqual(unauthorized);
  expect(await get(server, "/auth/me", person.token)).toEqual(unauthorized);
  expect((await other.get("/auth/me")).status).toBe(200);
  expect(await bens.heard()).toEqual([]);
  expect((await get(server, "/auth/me", await login(server, person.email, person.password))).status).toBe(
    200,
  );
  await bens.close();
});

test("AC6 signing out ends this browser's session and the sockets that live by it, and no other", async () => {
  const [one, two] = [await Browser.of(server, ben), await Browser.of(server, ben)];
  const stale = new Map(one.cookies);
  const [its, others, byToken] = [
    await V1Socket.ready(server, { cookie: true }, one.upgradeHeaders),
    await V1Socket.ready(server, { cookie: true }, two.upgradeHeaders),
    await connect(server, ben),
  ];
  expect(dataOf(await one.call("DELETE", "/auth/session"))).toEqual({ ended: 1 });
  expect(one.cookies.has("rollcall_session")).toBe(false);
  expect(await its.closed()).toBe(4401);
  for (const [name, value] of stale) one.cookies.set(name, value);
  expect(await one.get("/auth/me")).toEqual(unauthorized);
  expect((await two.get("/auth/me")).status).toBe(200);
  others.send({ type: "ping" });
  await others.next("pong");
  expect(await byToken.heard()).toEqual([]);
  expect(dataOf(await call(server, "DELETE", "/auth/session", { token: ben.token }))).toEqual({ ended: 0 });
  others.close();
  await byToken.close();
});

test("AC6 a browser is signed out from another one by its owner, and by nobody else", async () => {
  const [here, there, stranger] = [
    await Browser.of(server, ben),
    await Browser.of(server, ben),
    await Browser.of(server, ada),
  ];
  const path = `/auth/sessions/${there.session}`;
  expect(await stranger.call("DELETE", path)).toEqual(refused(404, "Not found"));
  expect((await there.get("/auth/me")).status).toBe(200);
  expect(dataOf(await here.call("DELETE", path))).toEqual({ ended: 1 });
  expect(await there.get("/auth/me")).toEqual(unauthorized);
  expect(await here.call("DELETE", path)).toEqual(refused(404, "Not found"));
});

test("AC7 a request with Authorization ignores the cookie, a good and a bad one", async () => {
  const browser = await Browser.of(server, ada);
  const bearing = (authorization: string) =>
    browser.call("GET", "/auth/me", { headers: { authorization, origin: elsewhere } });
  expect(dataOf(await bearing(`Bearer ${ben.token}`))).toEqual(me(ben));
  for (const bad of ["Bearer nonsense", "Bearer", ""]) expect(await bearing(bad)).toEqual(unauthorized);
  const changed = await browser.call("POST", "/class", {
    ...newClass,
    headers: { authorization: `Bearer ${ada.token}`, origin: elsewhere, "x-csrf-token": null },
  });
  expect(changed.status).toBe(201);
  expect(browser.headers.get("access-control-allow-origin")).toBe("*");
  expect(browser.headers.has("access-control-allow-credentials")).toBe(false);
});

test.each([
  ["another site", elsewhere],
  ["a page in a sandbox", "null"],
  ["the same host at another port", "http://127.0.0.1:1"],
  ["a host that ours is the beginning of", `${server.url}.elsewhere.test`],
  ["a host with ours as its user", `http://${new URL(server.url).host}@elsewhere.test`],
  ["no origin", null],
])("AC8 by the cookie, a change from %s is refused and changes nothing", async (_, origin) => {
  const browser = await Browser.of(server, ada);
  const before = dataOf(await browser.get("/class"));
  expect(await browser.call("POST", "/class", { ...newClass, headers: { origin } })).toEqual(badOrigin);
  expect(dataOf(await browser.get("/class"))).toEqual(before);
});

test("AC8 by the cookie, a question from another site is refused, whether it names its origin or not", async () => {
  const browser = await Browser.of(server, ada);
  const asked = (headers: Record<string, string>) => browser.call("GET", "/auth/me", { headers });
  expect(await asked({ origin: elsewhere })).toEqual(badOrigin);
  expect(await asked({ "sec-fetch-site": "cross-site" })).toEqual(badOrigin);
  expect((await asked({ "sec-fetch-site": "same-origin" })).status).toBe(200);
  expect((await asked({ origin: server.url })).status).toBe(200);
});

test("AC8 by the cookie, a change needs the session's own CSRF token", async () => {
  const [browser, other] = [await Browser.of(server, ada), await Browser.of(server, ada)];
  for (const token of [null, "", "nonsense", other.csrf, browser.csrf.toLowerCase()]) {
    const answer = await browser.call("POST", "/class", { ...newClass, headers: { "x-csrf-token": token } });
    expect({ token, ...answer }).toEqual({ token, ...badCsrf });
  }
  expect((await browser.call("POST", "/class", newClass)).status).toBe(201);
});

test("AC8 pages of a listed origin may use the cookie, and are told so", async () => {
  const browser = await Browser.of(server, ada);
  const headers = { origin: listed };
  expect((await browser.call("POST", "/class", { ...newClass, headers })).status).toBe(201);
  expect(browser.headers.get("access-control-allow-origin")).toBe(listed);
  expect(browser.headers.get("access-control-allow-credentials")).toBe("true");
  const preflight = await fetch(`${server.url}/class`, { method: "OPTIONS", headers });
  expect(preflight.headers.get("access-control-allow-headers")).toContain("X-CSRF-Token");
  expect(preflight.headers.get("access-control-allow-origin")).toBe(listed);
  const others = await fetch(`${server.url}/class`, { method: "OPTIONS", headers: { origin: elsewhere } });
  expect(others.headers.get("access-control-allow-credentials")).toBeNull();
});

test("AC9 a page of another origin cannot sign anybody in", async () => {
  const browser = new Browser(server);
  const body = { email: ada.email, password: ada.password };
  for (const origin of [elsewhere, "null"]) {
    expect(await browser.call("POST", "/auth/session", { body, headers: { origin } })).toEqual(badOrigin);
    expect(browser.given).toEqual([]);
  }
  expect((await browser.call("POST", "/auth/session", { body, headers: { origin: null } })).status).toBe(201);
});

test("AC10 a rollcall.v1 socket comes in by the cookie, from pages of ours alone", async () => {
  const lesson = await school(server, 1);
  const { sessionId } = await startSession(server, lesson.teacher, lesson.classId);
  const browser = await Browser.of(server, lesson.teacher);
  const socket = await V1Socket.ready(server, { cookie: true }, browser.upgradeHeaders);
  const pupil = student(lesson, 0).id;
  socket.send({ type: "mark", id: "1", session: sessionId, student: pupil, status: "present" });
  expect(await socket.answer("1")).toMatchObject({ type: "ack" });
  socket.close();
  const { cookie = "" } = browser.upgradeHeaders;
  const refusedHeaders: Record<string, string>[] = [
    {},
    { origin: server.url },
    { cookie },
    { cookie, origin: elsewhere },
    { cookie, origin: "null" },
    { cookie: "rollcall_session=nonsense", origin: server.url },
  ];
  for (const headers of refusedHeaders) {
    const other = await V1Socket.open(server, headers);
    other.send({ type: "hello", cookie: true });
    expect({ headers, code: await other.closed() }).toEqual({ headers, code: 4401 });
  }
  const byToken = await V1Socket.ready(server, { token: ben.token }, { cookie, origin: elsewhere });
  byToken.close();
});

test("AC10 the plain dialect takes no cookie", async () => {
  const browser = await Browser.of(server, ada);
  const socket = new WebSocket(server.wsUrl, { headers: browser.upgradeHeaders });
  const closed = Promise.withResolvers<number>();
  socket.onclose = ({ code }) => closed.resolve(code);
  expect(await closed.promise).toBe(1008);
});

test("TH2 a browser that has signed in before is not held up by what others try at its address", async () => {
  const person = await join(server, "student");
  const browser = await Browser.of(server, person);
  const stranger = new Browser(server);
  const tryWrong = (by: Browser) =>
    by.call("POST", "/auth/session", { body: { email: person.email, password: "wrong one" } });
  for (let n = 0; n < 5; n++) await tryWrong(stranger);
  expect((await tryWrong(stranger)).status).toBe(429);
  await browser.signIn(person.email, person.password);
  // Another person's device is no device of this one's.
  const bens = await Browser.of(server, ben);
  expect((await tryWrong(bens)).status).toBe(429);
});

test("AC11 sessions outlive a restart", async () => {
  const browser = await Browser.of(server, ada);
  const other = await startServer();
  await other.dispose();
  await server.restart();
  expect((await browser.call("GET", "/auth/me")).status).toBe(200);
});
