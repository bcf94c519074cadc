import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { sessionsAnswer } from "../../protocol/http.ts";
import { ROUTES } from "../../src/http/app.ts";
import { templated } from "../../src/http/docs/operation.ts";
import { codeFrom, printedCode } from "../e2e/admin.ts";
import { Browser } from "../e2e/browser.ts";
import { type Answer, call, dataOf, type Json } from "../e2e/http.ts";
import { enrol, join, login, newClass, newcomer, type Person, school, student } from "../e2e/people.ts";
import { Seat } from "../e2e/room-seat.ts";
import { startServer } from "../e2e/server.ts";
import { TestIssuer } from "../oidc/issuer.ts";
import { builtPage, scriptOf } from "../web/built.ts";
import {
  checkerOf,
  type DocumentedOperation,
  operationsOf,
  served,
  undocumented,
} from "./openapi-document.ts";

setDefaultTimeout(60_000);
const issuer = await TestIssuer.start();
/** Passes are made here, whether LiveKit is there or not, for rooms of more than the smallest mesh. */
const livekit = {
  LIVEKIT_URL: "ws://127.0.0.1:1",
  LIVEKIT_API_KEY: "key",
  LIVEKIT_API_SECRET: "secret",
  VIDEO_MESH_MAX: "2",
};
const server = await startServer({ ...issuer.settings, ...livekit, TEACHER_SIGNUP: "open" });
afterAll(async () => {
  await server.dispose();
  await issuer.stop();
});

const document = await served();
const check = checkerOf(document);
const operations = operationsOf(document);
const [physics, outsider, stranger] = await Promise.all([
  school(server, 2),
  join(server, "teacher"),
  join(server, "student"),
]);
const { teacher, classId } = physics;
const pupil = student(physics, 0);
const nobody = "0123456789abcdef01234567";

interface Asked {
  readonly who: Person | null;
  readonly body?: Json;
  /** What the path's parameters are; the class and its student where nothing else is said. */
  readonly at?: Readonly<Record<string, string>>;
  /** Which of them go into the query. */
  readonly query?: readonly string[];
}

const chief = { name: "Chief", email: "chief@school.test", password: "the chief of the tests" };
let setUpAsked = 0;

/** Who has set the server up. */
const admin = async (): Promise<Person> => ({
  ...chief,
  id: "the chief",
  role: "teacher",
  token: await login(server, chief.email, chief.password),
});

/** For each operation somebody who may, and what they send. In this order: what ends something comes last. */
const RIGHT: Readonly<Record<string, () => Asked | Promise<Asked>>> = {
  "POST /auth/signup": () => ({ who: null, body: newcomer("teacher") }),
  "POST /signup": () => ({ who: null, body: newcomer("Student") }),
  "POST /auth/login": () => ({ who: null, body: { email: teacher.email, password: teacher.password } }),
  "POST /login": () => ({ who: null, body: { email: pupil.email, password: pupil.password } }),
  "GET /auth/me": () => ({ who: teacher }),
  "GET /me": () => ({ who: pupil }),
  "POST /auth/ticket": () => ({ who: pupil }),
  "POST /auth/session": () => ({ who: null, body: { email: pupil.email, password: pupil.password } }),
  "GET /auth/session": () => ({ who: null }),
  "GET /auth/sessions": () => ({ who: pupil }),
  "DELETE /auth/session": () => ({ who: pupil }),
  "DELETE /auth/sessions/{browserId}": async () => ({
    who: pupil,
    at: { browserId: (await Browser.of(server, pupil)).session },
  }),
  "POST /auth/sign-out-everywhere": async () => ({ who: await join(server, "student") }),
  "GET /auth/ways": () => ({ who: null }),
  "POST /auth/link": async () => ({
    who: outsider,
    body: { password: outsider.password, token: await issuer.token("auth0|outsider", { role: "teacher" }) },
  }),
  "GET /setup": () => ({ who: null }),
  // The code is used up when the route is asked for the last time.
  "POST /setup": () => ({
    who: null,
    body: { ...chief, code: setUpAsked++ > 0 ? printedCode(server) : "none" },
  }),
  "POST /auth/password": async () => {
    const who = await join(server, "student");
    return { who, body: { password: who.password, newPassword: "another secret" } };
  },
  "PATCH /auth/me": async () => {
    const who = await join(server, "student");
    return { who, body: { name: "Another", password: who.password } };
  },
  "POST /auth/reset": async () => {
    const { id } = await join(server, "student");
    const code = await codeFrom(server, await admin(), `/admin/users/${id}/reset-link`);
    return { who: null, body: { code, newPassword: "another secret" } };
  },
  "GET /admin/users": async () => ({ who: await admin() }),
  "PATCH /admin/users/{userId}": async () => ({
    who: await admin(),
    at: { userId: pupil.id },
    body: { disabled: false },
  }),
  "POST /admin/users/{userId}/reset-link": async () => ({ who: await admin(), at: { userId: pupil.id } }),
  "POST /admin/invitations": async () => ({ who: await admin() }),
  "GET /account/data": () => ({ who: pupil }),
  "POST /admin/users/{userId}/erase": async () => ({
    who: await admin(),
    at: { userId: (await join(server, "student")).id },
  }),
  "GET /admin/audit": async () => ({ who: await admin() }),
  "GET /admin/sessions": async () => ({ who: await admin() }),
  "GET /admin/settings": async () => ({ who: await admin() }),
  "GET /admin/classes": async () => ({ who: await admin() }),
  "GET /admin/classes/{classId}": async () => ({ who: await admin() }),
  "PATCH /admin/classes/{classId}": async () => ({ who: await admin(), body: { teacherId: teacher.id } }),
  "POST /class": () => ({ who: teacher, body: { className: "Chemistry" } }),
  "GET /class": () => ({ who: pupil }),
  "GET /class/{classId}": () => ({ who: pupil }),
  "PATCH /class/{classId}": () => ({ who: teacher, body: { className: "Physics 10b" } }),
  "POST /class/{classId}/add-student": () => ({ who: teacher, body: { studentId: stranger.id } }),
  "DELETE /class/{classId}/students/{studentId}": () => ({ who: teacher, at: { studentId: stranger.id } }),
  "GET /students": () => ({ who: teacher }),
  "POST /attendance/start": () => ({ who: teacher, body: { classId } }),
  "GET /class/{classId}/room": () => ({ who: pupil }),
  "GET /video/ice": () => ({ who: pupil, query: ["classId"] }),
  "POST /video/token": async () => {
    for (const device of ["laptop", "phone"]) await Seat.take(server, physics, pupil, { device });
    return {
      who: pupil,
      body: { classId, peer: (await Seat.take(server, physics, pupil, { device: "page" })).peer },
    };
  },
  "POST /attendance/end": () => ({ who: teacher, body: { classId } }),
  "GET /class/{classId}/sessions": () => ({ who: teacher }),
  "GET /sessions": () => ({ who: teacher }),
  "GET /sessions/{sessionId}": async () => ({ who: teacher, at: { sessionId: await lastSession() } }),
  "GET /sessions/{sessionId}/attendance.csv": async () => ({
    who: teacher,
    at: { sessionId: await lastSession() },
  }),
  "GET /sessions/{sessionId}/chat": async () => ({ who: teacher, at: { sessionId: await lastSession() } }),
  "GET /sessions/{sessionId}/chat.csv": async () => ({
    who: teacher,
    at: { sessionId: await lastSession() },
  }),
  "GET /admin/sessions/{sessionId}/chat": async () => ({
    who: await admin(),
    at: { sessionId: await lastSession() },
  }),
  "GET /admin/classes/{classId}/sessions": async () => ({ who: await admin() }),
  "GET /admin/sessions/{sessionId}": async () => ({
    who: await admin(),
    at: { sessionId: await lastSession() },
  }),
  "GET /class/{classId}/my-history": () => ({ who: pupil }),
  "GET /class/{classId}/my-presence": () => ({ who: pupil }),
  "GET /sessions/{sessionId}/presence": async () => ({
    who: teacher,
    at: { sessionId: await lastSession() },
  }),
  "GET /class/{classId}/my-attendance": () => ({ who: pupil }),
  "GET /attendance/{classId}/my-attendance": () => ({ who: pupil }),
  "GET /attendance/class/{classId}/my-attendance": () => ({ who: pupil }),
  "DELETE /class/{classId}": async () => {
    const gone = await newClass(server, teacher);
    await enrol(server, teacher, gone, pupil);
    return { who: teacher, at: { classId: gone } };
  },
};

async function lastSession(): Promise<string> {
  const answer = await call(server, "GET", `/class/${classId}/sessions`, { token: teacher.token });
  return sessionsAnswer.parse(dataOf(answer)).sessions[0]?.sessionId ?? "none";
}

const nameOf = ({ method, path }: DocumentedOperation) => `${method} ${path}`;

function ask({ method, path }: DocumentedOperation, { who, body, at, query = [] }: Asked): Promise<Answer> {
  const values: Readonly<Record<string, string>> = { classId, studentId: pupil.id, ...at };
  const target = path.replaceAll(/\{(\w+)\}/g, (_, name) => values[name] ?? name);
  const asked = query.map((name) => `${name}=${values[name] ?? ""}`).join("&");
  return call(server, method, asked ? `${target}?${asked}` : target, {
    ...(who && { token: who.token }),
    ...(body !== undefined && { body }),
  });
}

const expectDocumented = (operation: DocumentedOperation, answer: Answer): void =>
  expect(undocumented(check, operation, answer)).toBeNull();

const byName = new Map(operations.map((operation) => [nameOf(operation), operation]));
const ofRoutes = ROUTES.map(({ method, path }) => `${method} ${templated(path)}`);

test("X5 each route is asked here", () => {
  expect(Object.keys(RIGHT).toSorted()).toEqual(ofRoutes.toSorted());
});

test.each(Object.keys(RIGHT))(
  "X5 %s answers as the document says, whoever asks and whatever",
  async (name) => {
    const operation = byName.get(name);
    if (!operation) throw new Error(`${name} is not in the document`);
    const right = (await RIGHT[name]?.()) ?? { who: null };
    const done = [...operation.answers.keys()].filter((status) => status < 300);
    const isOpen = operation.security.length === 0;
    const others = [outsider, stranger, teacher, pupil].filter(({ id }) => id !== right.who?.id);
    if (!isOpen) {
      const nameless = await ask(operation, { ...right, who: null });
      expect(nameless.status).toBe(401);
      expectDocumented(operation, nameless);
      // Nobody is asked who could take something away from those who come after.
      for (const who of endsOwn(operation)
        ? []
        : others.filter((one) => isHarmless(operation) || one.role !== "teacher" || one === outsider))
        expectDocumented(operation, await ask(operation, { ...right, who }));
    }
    for (const body of ["{", "[]", { className: 5, studentId: 5, classId: 5 }])
      if (operation.method !== "GET")
        expectDocumented(operation, await ask(operation, { ...right, body, at: { classId: "xyz" } }));
    for (const id of ["xyz", nobody]) {
      const at = { classId: id };
      const body = typeof right.body === "object" && right.body && "classId" in right.body ? at : right.body;
      expectDocumented(
        operation,
        await ask(operation, { ...right, at, ...(body !== undefined && { body }) }),
      );
    }
    const answer = await ask(operation, (await RIGHT[name]?.()) ?? right);
    expect(done).toContain(answer.status);
    expectDocumented(operation, answer);
  },
);

/** Whoever asks loses what they came by. */
const endsOwn = ({ path }: DocumentedOperation): boolean =>
  ["/auth/sign-out-everywhere", "/auth/password"].includes(path);

/** Those that the wrong teacher or student may do for themselves without a loss. */
const isHarmless = ({ method, path }: DocumentedOperation): boolean =>
  method === "GET" || path === "/auth/ticket";

/** Paths with parameters, and where there is something. */
const REAL: Readonly<Record<string, string>> = {
  "/docs/files/{file}": "/docs/files/swagger-ui.css",
  "/assets/{file}": scriptOf(await builtPage()),
};

const pages = operations.filter(
  (operation) =>
    operation.method === "GET" && !ofRoutes.includes(nameOf(operation)) && operation.answers.has(200),
);

test.each(pages.map(({ path }) => path))(
  "X5 GET %s answers a page or a document, to anyone",
  async (path) => {
    const operation = byName.get(`GET ${path}`);
    if (!operation) throw new Error(`${path} is not in the document`);
    for (const headers of [{}, { authorization: `Bearer ${pupil.token}` }]) {
      const response = await fetch(server.url + (REAL[path] ?? path), { headers });
      expect(response.status).toBe(200);
      const [type = ""] = Object.keys(operation.answers.get(200)?.content ?? {});
      expect(response.headers.get("content-type")).toStartWith(type);
      await response.arrayBuffer();
    }
  },
);

test("X5 a file that there is not is answered as the document says", async () => {
  for (const folder of ["/docs/files", "/assets"]) {
    const operation = byName.get(`GET ${folder}/{file}`);
    if (!operation) throw new Error("it is not in the document");
    for (const file of ["nothing.js", "..%2Fmain.ts", "package.json", "index.html"])
      expectDocumented(operation, await call(server, "GET", `${folder}/${file}`));
  }
});
