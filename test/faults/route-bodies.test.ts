import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { z } from "zod";
import { ROUTES } from "../../src/http/app.ts";
import type { Route } from "../../src/http/route.ts";
import { ADMIN_ENV } from "../e2e/admin.ts";
import { besiege, classOf, Neighbours } from "./besieged.ts";

setDefaultTimeout(60_000);
const BODY_BYTES_MAX = 1024 * 1024;
const DEEP = 100_000;
const siege = await besiege(
  { classes: 2, students: 2, spare: 1 },
  { BODY_BYTES_MAX: String(BODY_BYTES_MAX), PASSWORD_HASHES_WAITING_MAX: "100", ...ADMIN_ENV },
);
afterAll(() => siege.end());
const neighbours = await Neighbours.seat(siege, classOf(siege, 0));
/** The routes are tried on a class of their own, which does not outlive that. */
const victim = classOf(siege, 1);

const withBody = ROUTES.filter(({ method }) => method !== "GET");
const named = withBody.map((route) => [`${route.method} ${route.path}`, route] as const);
const answerSchema = z.object({ success: z.boolean(), error: z.string().optional() });

interface Told {
  readonly status: number;
  readonly error: string | undefined;
}

/** Asks the route, as somebody whose role may, with this body. Every answer must be in the contract's JSON. */
async function ask(
  { command, method, path }: Route,
  body: string | Uint8Array,
  stream = false,
): Promise<Told> {
  const { teacher, students, spare } = victim;
  const role =
    command.roles === "anyone"
      ? null
      : (["teacher", "student", "admin"] as const).find((one) => command.roles.includes(one));
  // What is about one's own account may end one's own token, so each goes to somebody new.
  const who =
    role === "admin"
      ? await admin
      : role && isOwn(path)
        ? await newcomer(role)
        : role === "teacher"
          ? teacher
          : role && students[0];
  const filled = path
    .replace(":classId", victim.id)
    .replace(":studentId", spare[0]?.id ?? "")
    .replace(":userId", spare[0]?.id ?? "");
  const response = await fetch(siege.server.url + filled, {
    method,
    headers: { "content-type": "application/json", ...(who && { authorization: who.token }) },
    body: stream ? new Blob([body]).stream() : body,
  });
  const { success, error } = answerSchema.parse(await response.json());
  expect(success).toBe(response.status < 400);
  return { status: response.status, error };
}

const isOwn = (path: string): boolean => path.startsWith("/auth/") || path.startsWith("/account");

let newcomers = 0;
/** Somebody who has just signed up and logged in. */
async function newcomer(role: "teacher" | "student"): Promise<{ token: string }> {
  const account = { email: `new${newcomers++}@siege.test`, password: "a long way in" };
  await post("/auth/signup", { ...account, name: "New", role });
  return logIn(account);
}

async function logIn(account: { email: string; password: string }): Promise<{ token: string }> {
  return loginSchema.parse(await post("/auth/login", account)).data;
}

const post = async (path: string, body: object): Promise<unknown> =>
  (
    await fetch(siege.server.url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    })
  ).json();

const loginSchema = z.object({ data: z.object({ token: z.string() }) });
const admin = logIn({ email: ADMIN_ENV.ROLLCALL_ADMIN_EMAIL, password: ADMIN_ENV.ROLLCALL_ADMIN_PASSWORD });
const badSchema = { status: 400, error: "Invalid request schema" };

test.each(named)(
  "W21 %s: a body over the limit is 413, whether its length is told or not",
  async (_name, route) => {
    const body = `{"note":"${"x".repeat(BODY_BYTES_MAX)}"}`;
    for (const stream of [false, true]) expect(await ask(route, body, stream)).toMatchObject({ status: 413 });
    await neighbours.areServed();
  },
);

test.each(named)(
  "W22 %s: lists 100,000 deep are no request, objects as deep change nothing",
  async (_name, route) => {
    for (const body of ["[".repeat(DEEP) + "]".repeat(DEEP), "[".repeat(DEEP), `${'{"a":'.repeat(DEEP)}`]) {
      expect(await ask(route, body)).toEqual(badSchema);
    }
    const objects = `${'{"a":'.repeat(DEEP)}1${"}".repeat(DEEP)}`;
    expect((await ask(route, objects)).status).toBeOneOf([200, 201, 400, 404]);
    await neighbours.areServed();
  },
);

const keys = ["__proto__", "constructor", "prototype"];

test.each(named.filter(([, { example }]) => example.body !== undefined))(
  "W23 %s: fields under __proto__ and constructor are no fields",
  async (_name, route) => {
    const good = JSON.stringify(route.example.body);
    const nothing = await ask(route, "{}");
    for (const key of keys) expect(await ask(route, `{${JSON.stringify(key)}:${good}}`)).toEqual(nothing);
    const pollution = `"__proto__":{"role":"admin","polluted":true},"constructor":{"prototype":{"polluted":true}}`;
    const beside = good.replace(/}$/, `,${pollution},"toString":1,"hasOwnProperty":null,"then":{}}`);
    expect((await ask(route, beside)).status).toBeLessThan(500);
    // Whatever it was for the first, the next who brings nothing is answered as before.
    expect(await ask(route, "{}")).toEqual(nothing);
    await neighbours.areServed();
  },
);

const notUtf8: [string, Uint8Array][] = [
  ["an overlong slash", Uint8Array.of(0xc0, 0xaf)],
  ["half a surrogate pair", Uint8Array.of(0xed, 0xa0, 0x80)],
  ["the byte FF", Uint8Array.of(0xff)],
  ["a character that is cut off", Uint8Array.of(0xe2, 0x82)],
];

test.each(named)("W24 %s: a body that is no UTF-8 or has bare NULs is no request", async (_name, route) => {
  for (const [, bytes] of notUtf8) {
    const body = Buffer.concat([Buffer.from('{"note":"'), bytes, Buffer.from('"}')]);
    expect(await ask(route, body)).toEqual(badSchema);
  }
  for (const body of ["\0", '{"note":"\0"}', '\ufeff{"note"', "\x1b[2J"])
    expect(await ask(route, body)).toEqual(badSchema);
  await neighbours.areServed();
});
