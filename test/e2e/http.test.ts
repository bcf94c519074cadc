import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { z } from "zod";
import { call, get, type Json, post, read, refused, withoutIssues } from "./http";
import { enrol, join, newClass, school, student } from "./people";
import { startServer } from "./server";

setDefaultTimeout(60_000);
const server = await startServer();
afterAll(() => server.dispose());

const physics = await school(server, 1);
const { teacher, classId } = physics;
const pupil = student(physics, 0);
const [outsider, stranger] = await Promise.all([join(server, "teacher"), join(server, "student")]);
const nobody = "0123456789abcdef01234567";
const unauthorized = refused(401, "Unauthorized, token missing or invalid");
const badSchema = refused(400, "Invalid request schema");

test.each([
  "/nowhere",
  "/auth",
  "/auth/nowhere",
  "/class/a/b/c",
  "/attendance",
  "/students/1",
  "/%2e%2e/etc/passwd",
  "/__proto__",
])("H22 %s is not found, with or without a token, by any method", async (path) => {
  for (const method of ["GET", "POST", "PUT", "DELETE"]) {
    expect(await call(server, method, path)).toEqual(refused(404, "Not found"));
    expect(await call(server, method, path, { token: teacher.token })).toEqual(refused(404, "Not found"));
  }
});

test.each([
  ["GET", "/auth/signup", "POST"],
  ["GET", "/auth/login", "POST"],
  ["DELETE", "/login", "POST"],
  ["PUT", "/signup", "POST"],
  ["POST", "/auth/me", "GET"],
  ["DELETE", "/me", "GET"],
  ["POST", "/students", "GET"],
  ["PUT", `/class/${classId}`, "GET"],
  ["POST", `/class/${classId}/room`, "GET"],
  ["POST", `/class/${classId}/my-attendance`, "GET"],
  ["GET", `/class/${classId}/add-student`, "POST"],
  ["GET", "/attendance/start", "POST"],
  ["PATCH", "/attendance/end", "POST"],
  ["POST", "/health", "GET"],
])("H23 %s %s is not allowed, and Allow names %s", async (method, path, allowed) => {
  for (const headers of [{}, { authorization: teacher.token }]) {
    const response = await fetch(server.url + path, { method, headers });
    const allow = (response.headers.get("allow") ?? "").split(/\s*,\s*/);
    expect(await read(response)).toEqual(refused(405, "Method not allowed"));
    expect(allow).toContain(allowed);
    expect(allow).not.toContain(method);
  }
});

test.each([
  ["GET", "/health", 200],
  ["GET", "/auth/me", 401],
  ["GET", "/nowhere", 404],
  ["GET", "/auth/login", 405],
  ["POST", "/auth/login", 400],
])(
  "H24 %s %s is served from any Origin without credentials, whatever its status",
  async (method, path, status) => {
    for (const origin of ["https://school.example", "http://localhost:5173", "null"]) {
      const response = await fetch(server.url + path, { method, headers: { origin } });
      await response.arrayBuffer();
      expect(response.status).toBe(status);
      expect(response.headers.get("access-control-allow-origin")).toBe("*");
      expect(response.headers.get("access-control-allow-credentials")).toBeNull();
    }
  },
);

test("H24 an answer to a token is served from any Origin too", async () => {
  const headers = { origin: "https://school.example", authorization: teacher.token };
  const response = await fetch(`${server.url}/auth/me`, { headers });
  await response.arrayBuffer();
  expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([200, "*"]);
});

test.each([
  ["/auth/login", "POST"],
  ["/class", "POST"],
  [`/class/${classId}`, "GET"],
  ["/attendance/start", "POST"],
  ["/students", "GET"],
])("H24 the preflight of %s %s passes", async (path, method) => {
  const headers = {
    origin: "https://school.example",
    "access-control-request-method": method,
    "access-control-request-headers": "authorization,content-type",
  };
  const response = await fetch(server.url + path, { method: "OPTIONS", headers });
  expect(response.ok).toBe(true);
  expect(response.headers.get("access-control-allow-origin")).toBe("*");
  expect(response.headers.get("access-control-allow-credentials")).toBeNull();
  expect(response.headers.get("access-control-allow-methods")?.toUpperCase()).toContain(method);
  const allowed = response.headers.get("access-control-allow-headers")?.toLowerCase();
  for (const name of ["authorization", "content-type"]) expect(allowed).toContain(name);
});

test("H25 health is 200 while the server serves, and names its dependencies", async () => {
  const { status, body } = await get(server, "/health");
  expect(status).toBe(200);
  const { data } = z
    .strictObject({ success: z.literal(true), data: z.record(z.string(), z.json()) })
    .parse(body);
  expect(Object.keys(data)).not.toEqual([]);
});

/** Protected routes with an id or body that is wrong in every later way. */
const wrong: [string, string, Json | undefined][] = [
  ["POST", "/class", "{"],
  ["POST", "/class/xyz/add-student", "{"],
  ["POST", `/class/${nobody}/add-student`, {}],
  ["GET", "/class/xyz", undefined],
  ["GET", `/class/${nobody}`, undefined],
  ["GET", "/class/xyz/room", undefined],
  ["GET", "/students", undefined],
  ["POST", "/attendance/start", { classId: "xyz" }],
  ["POST", "/attendance/end", { classId: "xyz" }],
  ["GET", "/class/xyz/my-attendance", undefined],
  ["GET", "/attendance/xyz/my-attendance", undefined],
  ["GET", `/attendance/class/${nobody}/my-attendance`, undefined],
];

test.each(wrong)("H26 %s %s without a token is 401 before anything else", async (method, path, body) => {
  const sent = body === undefined ? {} : { body };
  expect(await call(server, method, path, sent)).toEqual(unauthorized);
  expect(await call(server, method, path, { ...sent, token: "nonsense" })).toEqual(unauthorized);
});

test("H26 the role comes before the body and the ids", async () => {
  for (const [method, path, body] of wrong) {
    const mine = path.endsWith("my-attendance");
    if (!mine && method === "GET" && path.startsWith("/class")) continue; // for both roles
    const options = { token: mine ? teacher.token : pupil.token, ...(body === undefined ? {} : { body }) };
    const error = `Forbidden, ${mine ? "student" : "teacher"} access required`;
    expect(await call(server, method, path, options)).toEqual(refused(403, error));
  }
});

test("H26 body and id syntax come before existence and ownership", async () => {
  const { token } = outsider;
  for (const id of [nobody, classId]) {
    expect(withoutIssues(await post(server, `/class/${id}/add-student`, {}, token))).toEqual(badSchema);
  }
  const studentId = nobody;
  const answer = await post(server, "/class/xyz/add-student", { studentId }, token);
  expect(answer).toEqual(refused(400, "Invalid class ID"));
});

test("H26 existence comes before ownership", async () => {
  const notFound = refused(404, "Class not found");
  const { token } = outsider;
  expect(await get(server, `/class/${nobody}`, token)).toEqual(notFound);
  expect(await get(server, `/class/${nobody}/room`, stranger.token)).toEqual(notFound);
  expect(await get(server, `/class/${nobody}/my-attendance`, stranger.token)).toEqual(notFound);
  expect(await post(server, "/attendance/start", { classId: nobody }, token)).toEqual(notFound);
  expect(await post(server, "/attendance/end", { classId: nobody }, token)).toEqual(notFound);
  const unknown = { studentId: nobody };
  expect(await post(server, `/class/${nobody}/add-student`, unknown, token)).toEqual(notFound);
});

test("H26 an outsider who adds an unknown student is told of the student first", async () => {
  const answer = await post(server, `/class/${classId}/add-student`, { studentId: nobody }, outsider.token);
  expect(answer).toEqual(refused(404, "Student not found"));
});

const Sentence = z.strictObject({ success: z.literal(false), error: z.string().min(10) });

test.each([100, 1024, 3 * 1024, 40 * 1024])(
  "H27 a body of %i KiB is too large, said in JSON",
  async (kibibytes) => {
    const className = "x".repeat(kibibytes * 1024);
    const signup = { name: className, email: "a@b.test", password: "123456", role: "student" };
    const answers = [
      await post(server, "/auth/signup", signup),
      await post(server, "/class", { className }, teacher.token),
      await post(server, "/attendance/end", { className }, teacher.token),
    ];
    for (const { status, body } of answers) {
      expect(status).toBe(413);
      Sentence.parse(body);
    }
  },
);

test("H27 a body that is too large is refused where no length was announced", async () => {
  const response = await fetch(`${server.url}/class`, {
    method: "POST",
    headers: { authorization: teacher.token, "content-type": "application/json" },
    body: new ReadableStream({
      start(controller) {
        for (let sent = 0; sent < 48; sent += 1) controller.enqueue(new Uint8Array(65_536).fill(120));
        controller.close();
      },
    }),
  });
  const { status, body } = await read(response);
  expect(status).toBe(413);
  Sentence.parse(body);
});

test("H27 the server goes on after bodies that were too large", async () => {
  const id = await newClass(server, teacher);
  await enrol(server, teacher, id, pupil);
});
