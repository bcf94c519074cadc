import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { SignJWT } from "jose";
import { dataOf, get, post, refused } from "../e2e/http.ts";
import { startServer, type TestServer } from "../e2e/server.ts";
import { type Authority, newAuthority } from "./authority.ts";
import { type Key, newKey } from "./issuer.ts";

setDefaultTimeout(60_000);
const NAMESPACE = "https://school.test";
const AUDIENCE = "https://school.test/api";

let authority: Authority;
let key: Key;
let tenant: ReturnType<typeof newTenant>;
let server: TestServer;

/** What Auth0 has at its addresses, and which of them were asked. */
function newTenant() {
  const asked: string[] = [];
  const people: Record<string, object> = {
    "auth0|told": { sub: "auth0|told", name: "Told", email: "told@school.test" },
  };
  const served = Bun.serve({
    port: 0,
    hostname: "localhost",
    tls: authority.tls,
    fetch: (request) => {
      const { pathname } = new URL(request.url);
      asked.push(pathname);
      if (pathname === "/.well-known/jwks.json")
        return Response.json({ keys: [{ ...key.jwk, d: undefined }] });
      const sub = subjectOf(request.headers.get("authorization"));
      if (pathname === "/userinfo")
        return Response.json(people[sub] ?? { sub: "somebody else", name: "Else" });
      return new Response(null, { status: 404 });
    },
  });
  return { asked, domain: `localhost:${served.port}`, stop: () => served.stop(true) };
}

const subjectOf = (authorization: string | null): string =>
  JSON.parse(Buffer.from(authorization?.split(".")[1] ?? "", "base64url").toString()).sub;

const settings = () => ({
  AUTH0_DOMAIN: tenant.domain,
  AUTH0_AUDIENCE: AUDIENCE,
  AUTH0_NAMESPACE: NAMESPACE,
  NODE_EXTRA_CA_CERTS: authority.file,
});

beforeAll(async () => {
  authority = newAuthority();
  key = await newKey({ alg: "RS256", kid: "auth0" });
  tenant = newTenant();
  server = await startServer(settings());
});
afterAll(async () => {
  await server.dispose();
  await tenant.stop();
  authority.remove();
});

/** An access token as Auth0 makes it: with /userinfo as a second audience. */
const token = (sub: string, claims: object = {}) =>
  new SignJWT({ [`${NAMESPACE}/role`]: "teacher", azp: "client", scope: "openid profile", ...claims })
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: "auth0" })
    .setIssuer(`https://${tenant.domain}/`)
    .setAudience([AUDIENCE, `https://${tenant.domain}/userinfo`])
    .setSubject(sub)
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(key.private);

const me = async (by: string) => dataOf(await get(server, "/auth/me", by));

test("OI14 a token of Auth0's counts, with role, name and email under the namespace, and asks nobody else", async () => {
  const named = { [`${NAMESPACE}/name`]: "Mia Klein", [`${NAMESPACE}/email`]: "Mia@School.test" };
  expect(await me(await token("auth0|64a1", named))).toEqual({
    _id: "auth0|64a1",
    name: "Mia Klein",
    email: "mia@school.test",
    role: "teacher",
  });
  expect(tenant.asked).toEqual(["/.well-known/jwks.json"]);
});

test("OI8 whom the token does not name /userinfo does, once; what it says of somebody else counts for nothing", async () => {
  const told = { _id: "auth0|told", name: "Told", email: "told@school.test", role: "teacher" };
  expect(await me(await token("auth0|told"))).toEqual(told);
  expect(await me(await token("auth0|told", { jti: "another" }))).toEqual(told);
  const asked = () => tenant.asked.filter((path) => path === "/userinfo").length;
  expect(asked()).toBe(1);
  expect(await me(await token("auth0|silent"))).toEqual({
    _id: "auth0|silent",
    name: null,
    email: null,
    role: "teacher",
  });
  expect(asked()).toBe(2);
});

test("OI14 the issuer of Auth0's tokens has its slash, and a role elsewhere is none", async () => {
  const unauthorized = refused(401, "Unauthorized, token missing or invalid");
  const bare = { iss: `https://${tenant.domain}` };
  const plainRole = { [`${NAMESPACE}/role`]: undefined, role: "teacher" };
  expect(await get(server, "/auth/me", await signedWith(bare))).toEqual(unauthorized);
  expect(await get(server, "/auth/me", await token("auth0|plain", plainRole))).toEqual(unauthorized);
});

const signedWith = ({ iss }: { iss: string }) =>
  new SignJWT({ [`${NAMESPACE}/role`]: "teacher", iss, aud: AUDIENCE, sub: "auth0|bare" })
    .setProtectedHeader({ alg: "RS256", kid: "auth0" })
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(key.private);

test("OI10 with Auth0 alone signup and login name it", async () => {
  const closed = await startServer({ ...settings(), LOCAL_ACCOUNTS: "off" });
  try {
    expect(await post(closed, "/auth/signup", {})).toEqual(refused(400, "Signup is handled by Auth0"));
    expect(await post(closed, "/login", {})).toEqual(refused(400, "Login is handled by Auth0"));
  } finally {
    await closed.dispose();
  }
});

test("OI14 an authority that the server does not know is not trusted", async () => {
  const { NODE_EXTRA_CA_CERTS: _, ...others } = settings();
  const wary = await startServer(others);
  try {
    expect((await get(wary, "/auth/me", await token("auth0|64a1"))).status).toBe(401);
    const figures = await (await fetch(`${wary.url}/metrics`)).text();
    expect(figures).toContain('rollcall_tokens_refused_total{reason="keys-unavailable"} 1');
  } finally {
    await wary.dispose();
  }
});
