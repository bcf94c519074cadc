import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { join as pathJoin } from "node:path";
import { z } from "zod";
import { openSqliteReader } from "../../src/store/sqlite/index.ts";
import { ADMIN_ENV, adminOf } from "../e2e/admin.ts";
import { call, dataOf, get, type Json, post, refused } from "../e2e/http.ts";
import { join } from "../e2e/people.ts";
import { startServer } from "../e2e/server.ts";
import { freePort } from "../services/ports.ts";
import { FlowBrowser } from "./browser-flow.ts";
import { CLIENT, TestIssuer } from "./issuer.ts";

setDefaultTimeout(60_000);
const port = freePort();
const issuer = await TestIssuer.start([`http://127.0.0.1:${port}/auth/oidc/callback`]);
const server = await startServer({
  ...issuer.settings,
  ...ADMIN_ENV,
  PORT: `${port}`,
  OIDC_CLIENT_ID: CLIENT.client_id,
  OIDC_CLIENT_SECRET: CLIENT.client_secret,
});
afterAll(async () => {
  await server.dispose();
  await issuer.stop();
});
const admin = await adminOf(server);

const patchUser = (id: string, body: Json) =>
  call(server, "PATCH", `/admin/users/${encodeURIComponent(id)}`, { token: admin.token, body });

const Entries = z.object({ entries: z.array(z.looseObject({ deed: z.string() })) });
const deedsOf = async (id: string) => {
  const found = await get(server, `/admin/audit?user=${encodeURIComponent(id)}`, admin.token);
  return Entries.parse(dataOf(found))
    .entries.map(({ deed }) => deed)
    .toReversed();
};

test("AD9 the role of a person whom the issuer knows is not changed here, but they can be disabled", async () => {
  const sub = "auth0|managed";
  const token = await issuer.token(sub, { role: "student", name: "Mia" });
  expect((await get(server, "/auth/me", token)).status).toBe(200);
  expect(await patchUser(sub, { role: "teacher" })).toEqual(
    refused(
      400,
      "The sign-in service gives this person their role, change it there or disable the account here",
    ),
  );
  expect(dataOf(await get(server, "/auth/me", token))).toMatchObject({ role: "student" });
  expect(dataOf(await patchUser(sub, { role: "student", disabled: true }))).toMatchObject({ disabled: true });
  expect((await get(server, "/auth/me", token)).status).toBe(401);
  expect(await deedsOf(sub)).toEqual(["signed-up", "disabled"]);
});

test("AU1 a link to the issuer's sign-in, and the account that it disables, are written down", async () => {
  const sub = "auth0|linked";
  const token = await issuer.token(sub, { role: "student" });
  await get(server, "/auth/me", token);
  const person = await join(server, "student");
  expect((await post(server, "/auth/link", { password: person.password, token }, person.token)).status).toBe(
    200,
  );
  expect(await deedsOf(person.id)).toEqual(["signed-up", "signed-in", "linked", "disabled"]);
  expect(await deedsOf(sub)).toEqual(["signed-up", "disabled"]);
});

test("AU1 sign-ins at the issuer and failed ones are written down", async () => {
  issuer.accounts.set("auth0|mia", { role: "student", name: "Mia" });
  const browser = new FlowBrowser();
  expect((await browser.signIn(server, "auth0|mia")).status).toBe(303);
  await patchUser("auth0|mia", { disabled: true });
  expect((await new FlowBrowser().signIn(server, "auth0|mia")).status).toBe(403);
  expect((await new FlowBrowser().signIn(server, "auth0|no role")).status).toBe(403);
  expect(await deedsOf("auth0|mia")).toEqual(["signed-up", "signed-in", "disabled"]);
  await server.stop();
  const store = openSqliteReader(pathJoin(server.dataDir, "rollcall.db"));
  const failed = (await store.trail.read(0, 100)).filter(({ deed }) => deed === "sign-in-failed");
  expect(failed.map(({ subject }) => subject as string | null)).toEqual(["auth0|mia", null]);
  await store.close();
});
