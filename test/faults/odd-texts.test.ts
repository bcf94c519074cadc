import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { z } from "zod";
import { besiege, classOf, Neighbours } from "./besieged.ts";
import { fateOf } from "./http-peer.ts";
import { WsPeer } from "./ws-peer.ts";

setDefaultTimeout(60_000);
const siege = await besiege({ classes: 1, students: 2, spare: 0 });
afterAll(() => siege.end());
const { server } = siege;
const cls = classOf(siege, 0);
const neighbours = await Neighbours.seat(siege, cls);
const [{ token }, pupil] = [cls.teacher, cls.students[1]];

const request = (target: string, headers: readonly string[] = []) =>
  [`GET ${target} HTTP/1.1`, "Host: rollcall.test", `Authorization: ${token}`, ...headers, "\r\n"].join(
    "\r\n",
  );

const many = (count: number, line: (n: number) => string) => Array.from({ length: count }, (_, n) => line(n));

test.each([
  ["a header of 20,000 bytes", request("/me", [`X-Note: ${"a".repeat(20_000)}`])],
  ["a header of a megabyte", request("/me", [`X-Note: ${"a".repeat(1_000_000)}`])],
  ["a header's name of 20,000 bytes", request("/me", [`${"X".repeat(20_000)}: a`])],
  [
    "headers that come to 20,000 bytes",
    request(
      "/me",
      many(80, (n) => `X-Note-${n}: ${"a".repeat(250)}`),
    ),
  ],
  [
    "1,000 headers",
    request(
      "/me",
      many(1000, (n) => `X-${n}: a`),
    ),
  ],
  ["a path of 20,000 bytes", request(`/${"a".repeat(20_000)}`)],
  ["a query of 20,000 bytes", request(`/ws?token=${"a".repeat(20_000)}`)],
  ["a token of 20,000 bytes", request("/me", [`Authorization: ${"a".repeat(20_000)}`])],
])("W25 %s: 431, and the connection is closed", async (_what, sends) => {
  expect(await fateOf(server.url, sends)).toBe("431 closed");
  await neighbours.areServed();
});

test.each([
  ["/%", "404"],
  ["/%zz", "404"],
  ["/%00", "404"],
  ["/%c0%af", "404"],
  ["/\xff\xfe", "404"],
  ["/%2e%2e/%2e%2e/etc/passwd", "404"],
  ["/../../etc/passwd", "404"],
  ["/..%2f..%2fetc%2fpasswd", "404"],
  ["/static/../../package.json", "404"],
  ["/static/..%5c..%5cpackage.json", "404"],
  ["//health", "404"],
  ["/health/", "404"],
  ["/health%2f", "404"],
  ["/health%00", "404"],
  ["/health;a=b", "404"],
  ["/%68ealth", "200"],
  ["/health?%zz=%00&__proto__=1&a[b][c]=d", "200"],
  ["/class/%00", "400"],
  ["/class/%E0%A4%A", "400"],
  ["/class/%2e%2e%2fhealth", "400"],
  ["/class/__proto__", "400"],
  ["/class/constructor/room", "400"],
  ["/class/%ff%ff%ff%ff%ff%ff%ff%ff%ff%ff%ff%ff", "400"],
  [`/class/${"%41".repeat(4000)}`, "400"],
  [`/class/${cls.id}%00`, "400"],
  [`/class/${cls.id}/students/%00`, "405"],
  ["/socket.io/%00", "404"],
  ["/socket.io/?EIO=%00&transport=__proto__", "400"],
])("W26 the path %s is answered in JSON with %s", async (target, status) => {
  expect(await fateOf(server.url, request(target))).toBe(`${status} open`);
  await neighbours.areServed();
});

const named = z.object({ _id: z.string(), name: z.string() });

test.each([
  ["a NUL", "Ada\0Lovelace"],
  ["control characters", "Ada\u001b[2J\u0007"],
  ["letters that change their direction", "Ada\u202eecalevoL"],
  ["a byte order mark", "Ada\ufeffLovelace"],
  ["the end of a line and a header", "Ada\r\nX-Note: a"],
  ["the last code point", "Ada\u{10ffff}"],
  ["markup", "<script>alert(1)</script>"],
  ["a statement", "Robert'); DROP TABLE users;--"],
])("W24 a name with %s is given back as it was, or refused", async (what, name) => {
  const body = {
    name,
    email: `${what.replaceAll(" ", "-")}@odd.test`,
    password: "password",
    role: "student",
  };
  const answer = await server.ask("POST", "/auth/signup", "", body);
  expect(answer?.status).toBeOneOf([201, 400]);
  if (answer?.status !== 201) return;
  expect(named.parse(answer.data).name).toBe(name);
  const listed = await server.ask("GET", "/students", token);
  expect(
    z
      .array(named)
      .parse(listed?.data)
      .map((one) => one.name),
  ).toContain(name);
});

test.each([
  ["a NUL", "secret\0one", "secret\0two"],
  ["72 bytes and more", `${"x".repeat(72)}one`, `${"x".repeat(72)}two`],
  ["letters beyond the first plane", "p\u{1f600}\u{1f600}ssword", "p\u{1f600}\u{1f601}ssword"],
])("W24 passwords that differ behind %s are different passwords", async (what, right, wrong) => {
  const email = `${what.replaceAll(" ", "-")}@password.test`;
  const body = { name: "Ada", email, password: right, role: "student" };
  expect(await server.ask("POST", "/auth/signup", "", body)).toMatchObject({ status: 201 });
  const logIn = (password: string) => server.ask("POST", "/auth/login", "", { email, password });
  expect(await logIn(wrong)).toMatchObject({ status: 400 });
  expect(await logIn(right)).toMatchObject({ status: 200 });
});

test.each(["__proto__", "constructor", "hasOwnProperty", "toString", "then"])(
  "W23 %s is no event, no id and no session of any dialect",
  async (name) => {
    const plain = await WsPeer.open(server.url, `/ws?token=${token}`);
    plain.sendText(`{"event":${JSON.stringify(name)},"data":{}}`);
    plain.sendText(`{"event":"ATTENDANCE_MARKED","data":{"studentId":"${name}","status":"present"}}`);
    plain.sendText(`{"event":"ATTENDANCE_MARKED","data":{"studentId":"${pupil?.id}","status":"${name}"}}`);
    await plain.until("three answers", () => plain.texts.length === 3);
    const messages = plain.texts.map((text) => JSON.parse(text).data.message);
    expect(messages).toEqual(["Unknown event", "Student not enrolled in class", "Invalid message format"]);
    const v1 = await WsPeer.open(server.url, "/ws", { lines: ["Sec-WebSocket-Protocol: rollcall.v1"] });
    v1.sendText(`{"type":"hello","token":"${token}","after":{"${name}":1}}`);
    await v1.until("an end or a ready", () => v1.ended || v1.texts.includes('{"type":"ready"}'));
    // zod drops the first of these names from a record before anything can read it, which is as good.
    expect(v1.closeCode).toBe(name === "__proto__" ? undefined : 4400);
    for (const socket of [plain, v1]) socket.destroy();
    await neighbours.areServed();
  },
);

test("W22 a signal 10,000 levels deep is relayed or refused, and harms nobody", async () => {
  const peer = await WsPeer.open(server.url, `/ws?token=${token}`);
  peer.sendEvent("JOIN_ROOM", { classId: cls.id });
  const data = `{"targetId":"${cls.teacher.id}","offer":${"[".repeat(10_000)}${"]".repeat(10_000)}}`;
  peer.sendText(`{"event":"WEBRTC_OFFER","data":${data}}`);
  await peer.until("an answer", () => peer.texts.length === 1);
  expect(JSON.parse(peer.texts[0] ?? "").event).toBeOneOf(["WEBRTC_OFFER", "ERROR"]);
  expect(await peer.fate()).toBe("goes on");
  peer.destroy();
  await neighbours.areServed();
});
