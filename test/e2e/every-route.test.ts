import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { z } from "zod";
import { ROUTES } from "../../src/http/app.ts";
import { templated } from "../../src/http/docs/operation.ts";
import { operationsOf, resolved, served } from "../docs/openapi-document.ts";
import { ADMIN_ENV, adminOf } from "./admin";
import { Browser } from "./browser";
import { call, get, type Json } from "./http";
import { endSession, join, login, type Person, school, startSession, student } from "./people";
import { startServer } from "./server";

setDefaultTimeout(60_000);
const server = await startServer({
  ...ADMIN_ENV,
  LOGIN_FAILURES_FREE: "10000",
  LOGIN_FAILURES_PER_ADDRESS_PER_S: "10000",
});
afterAll(() => server.dispose());

const admin = await adminOf(server);
const lesson = await school(server, 1);
const { teacher, classId } = lesson;
const pupil = student(lesson, 0);
const [outsider, stranger] = await Promise.all([join(server, "teacher"), join(server, "student")]);
const { sessionId } = await startSession(server, teacher, classId);
await endSession(server, teacher, classId);
const browserId = (await Browser.of(server, pupil)).session;

const actors = { teacher, outsider, pupil, stranger, admin };
type Actor = keyof typeof actors;
/** Whose it is; everybody else is refused. */
type Rule = readonly Actor[] | "own" | "anyone";

/**
 * Who may use each route of the document on the ids of this school. "own": it is about whoever asks, and names nobody
 * else. A new route fails here until it has a rule.
 */
const RULES: Readonly<Record<string, Rule>> = {
  "POST /auth/signup": "anyone",
  "POST /signup": "anyone",
  "POST /auth/login": "anyone",
  "POST /login": "anyone",
  "POST /auth/session": "anyone",
  "GET /auth/session": "anyone",
  "GET /auth/ways": "anyone",
  "POST /auth/reset": "anyone",
  "GET /setup": "anyone",
  "POST /setup": "anyone",
  "GET /auth/me": "own",
  "GET /me": "own",
  "POST /auth/ticket": "own",
  "POST /auth/link": "own",
  "GET /auth/sessions": "own",
  "DELETE /auth/session": "own",
  "POST /auth/sign-out-everywhere": "own",
  "POST /auth/password": "own",
  "PATCH /auth/me": "own",
  "GET /class": "own",
  "GET /account/data": "own",
  "DELETE /auth/sessions/{browserId}": ["pupil"],
  "GET /admin/users": ["admin"],
  "PATCH /admin/users/{userId}": ["admin"],
  "POST /admin/users/{userId}/reset-link": ["admin"],
  "POST /admin/users/{userId}/erase": ["admin"],
  "POST /admin/invitations": ["admin"],
  "GET /admin/audit": ["admin"],
  "GET /admin/classes": ["admin"],
  "GET /admin/classes/{classId}": ["admin"],
  "PATCH /admin/classes/{classId}": ["admin"],
  "GET /admin/classes/{classId}/sessions": ["admin"],
  "GET /admin/sessions/{sessionId}": ["admin"],
  "GET /admin/sessions/{sessionId}/chat": ["admin"],
  "GET /admin/sessions": ["admin"],
  "GET /admin/settings": ["admin"],
  "POST /class": ["teacher", "outsider"],
  "GET /students": ["teacher", "outsider"],
  "GET /sessions": ["teacher", "outsider"],
  "GET /class/{classId}": ["teacher", "pupil"],
  "GET /class/{classId}/room": ["teacher", "pupil"],
  "GET /video/ice": ["teacher", "pupil"],
  "POST /video/token": ["teacher", "pupil"],
  "PATCH /class/{classId}": ["teacher"],
  "DELETE /class/{classId}": ["teacher"],
  "POST /class/{classId}/add-student": ["teacher"],
  "DELETE /class/{classId}/students/{studentId}": ["teacher"],
  "POST /attendance/start": ["teacher"],
  "POST /attendance/end": ["teacher"],
  "GET /class/{classId}/sessions": ["teacher"],
  "GET /sessions/{sessionId}": ["teacher"],
  "GET /sessions/{sessionId}/presence": ["teacher"],
  "GET /class/{classId}/my-presence": ["pupil"],
  "GET /sessions/{sessionId}/attendance.csv": ["teacher"],
  "GET /sessions/{sessionId}/chat": ["teacher"],
  "GET /sessions/{sessionId}/chat.csv": ["teacher"],
  "GET /class/{classId}/my-history": ["pupil"],
  "GET /class/{classId}/my-attendance": ["pupil"],
  "GET /attendance/{classId}/my-attendance": ["pupil"],
  "GET /attendance/class/{classId}/my-attendance": ["pupil"],
};

const document = await served();
const Body = z.looseObject({ properties: z.record(z.string(), z.unknown()).default({}) });
const Example = z.record(z.string(), z.json());

/** A route as the document has it: who may, the fields of its body, and a body that it takes. */
function routeOf(name: string) {
  const operation = operationsOf(document).find(({ method, path }) => `${method} ${path}` === name);
  if (!operation) throw new Error(`${name} is not in the document`);
  const media = operation.requestBody?.content["application/json"];
  const fields = Object.keys(media ? Body.parse(resolved(document, media.schema)).properties : {});
  const queries = operation.parameters.filter((one) => one.in === "query").map((one) => one.name);
  const example = Example.parse(ROUTES.find((route) => nameOf(route) === name)?.example.body ?? {});
  const ours = Object.fromEntries(Object.entries(IDS).filter(([field]) => fields.includes(field)));
  return { ...operation, name, fields, queries, body: { ...example, ...ours } };
}

const nameOf = ({ method, path }: { readonly method: string; readonly path: string }) =>
  `${method} ${templated(path)}`;
const IDS: Readonly<Record<string, string>> = {
  classId,
  sessionId,
  browserId,
  studentId: pupil.id,
  userId: pupil.id,
  teacherId: outsider.id,
};
const names = ROUTES.map(nameOf);
const withBody = names.filter((name) => routeOf(name).fields.length > 0);

/** Somebody who may ask the route; nobody where anyone may. */
function whoMay(name: string): Person | null {
  const rule = RULES[name] ?? [];
  if (rule === "anyone") return null;
  const [first = "pupil"] = rule === "own" ? [] : rule;
  return actors[first];
}

type Route = ReturnType<typeof routeOf>;
interface Changed {
  readonly body?: Json;
  readonly ids?: Readonly<Record<string, string>>;
  readonly query?: string;
}

const ask = ({ method, path, fields, queries, body }: Route, who: Person | null, changed: Changed = {}) => {
  const ids = { ...IDS, ...changed.ids };
  const target = path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(ids[name] ?? name));
  const query = changed.query ?? (queries.includes("classId") ? `?classId=${ids.classId}` : "");
  return call(server, method, target + query, {
    ...(who && { token: who.token }),
    ...(fields.length > 0 && { body: changed.body ?? body }),
  });
};

test("A10 every route has a rule here, so that none is added without one", () => {
  expect(names.filter((name) => !(name in RULES))).toEqual([]);
});

test.each(names)("A10 %s refuses everybody whose it is not", async (name) => {
  const [rule = [], route] = [RULES[name], routeOf(name)];
  if (typeof rule === "string") {
    expect(rule === "anyone").toBe(route.security.length === 0);
    expect(route.path).not.toContain("{");
    return;
  }
  for (const [actor, who] of Object.entries(actors))
    if (!rule.some((one) => one === actor)) {
      const { status } = await ask(route, who);
      expect({ actor, status, refused: [403, 404].includes(status) }).toMatchObject({ refused: true });
    }
});

const objects: Json[] = [{ $ne: null }, { $gt: "" }, { $regex: ".*" }, ["$ne", null], [{ $where: "1" }]];
const texts = ["' OR '1'='1", "'; DROP TABLE users; --", '{"$ne":null}', "$where: sleep(1000)", "[$ne]="];

test.each(withBody)("A11 %s takes operators in its body for no request, or for text", async (name) => {
  const [route, who] = [routeOf(name), whoMay(name)];
  for (const field of route.fields) {
    for (const value of objects) {
      const { status } = await ask(route, who, { body: { ...route.body, [field]: value } });
      expect({ field, value, status }).toEqual({ field, value, status: 400 });
    }
    for (const value of texts) {
      const { status } = await ask(route, who, { body: { ...route.body, [field]: value } });
      expect({ field, value, status, fine: [200, 201, 400, 404].includes(status) }).toMatchObject({
        fine: true,
      });
    }
  }
});

test.each(names)("A11 %s finds nothing by operators in its path and query", async (name) => {
  const [route, who] = [routeOf(name), whoMay(name)];
  for (const text of texts) {
    for (const [, id = ""] of route.path.matchAll(/\{(\w+)\}/g))
      expect((await ask(route, who, { ids: { [id]: text } })).status).toBeOneOf([400, 404]);
    for (const query of route.queries) {
      const { status, body } = await ask(route, who, { query: `?${query}=${encodeURIComponent(text)}` });
      expect(status).toBeOneOf([200, 400]);
      const isSearch = query === "q" || query === "email";
      for (const { email } of isSearch ? [teacher, pupil] : [])
        expect(JSON.stringify(body)).not.toContain(email);
    }
  }
});

test("A11 nothing is lost by it", async () => {
  for (const { email, password } of [teacher, pupil, stranger]) await login(server, email, password);
  expect((await get(server, `/sessions/${sessionId}`, teacher.token)).status).toBe(200);
});

test.each(withBody.filter((name) => !name.includes("/admin/")))(
  "A12 %s sets nothing that a body may not set",
  async (name) => {
    const [route, who] = [routeOf(name), whoMay(name)];
    const forbidden = { role: "admin", _id: outsider.id, id: outsider.id, teacherId: outsider.id };
    const more = { userId: admin.id, actor: admin.id, passwordHash: "x", disabled: true, tokensFrom: 0 };
    await ask(route, who, { body: { ...forbidden, ...more, ...route.body } });
    const found = await get(server, "/admin/users?limit=200", admin.token);
    const { users } = z.object({ data: Users }).parse(found.body).data;
    expect(users.filter(({ role }) => role === "admin").map(({ _id }) => _id)).toEqual([admin.id]);
    expect(users.filter(({ disabled }) => disabled)).toEqual([]);
    const shown = await get(server, `/admin/classes/${classId}`, admin.token);
    expect(shown.body).toMatchObject({ data: { teacherId: teacher.id } });
  },
);

const Users = z.object({
  users: z.array(z.object({ _id: z.string(), role: z.string(), disabled: z.boolean() })),
});
