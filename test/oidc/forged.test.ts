import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { join as pathOf } from "node:path";
import { isUserId } from "../../src/core/ids.ts";
import { openSqliteStore } from "../../src/store/sqlite/index.ts";
import { dataOf, get, post, refused } from "../e2e/http.ts";
import { join, login, type Person } from "../e2e/people.ts";
import { error, PlainClient } from "../e2e/plain-client.ts";
import { startServer, type TestServer } from "../e2e/server.ts";
import { V1Socket } from "../e2e/v1-socket.ts";
import { type Forgery, issuerForgeries, ownForgeries } from "./forgeries.ts";
import { TestIssuer } from "./issuer.ts";

setDefaultTimeout(60_000);
const secret = "a secret of the tests, long enough for any rule: 0123456789";
let issuer: TestIssuer;
let server: TestServer;
let teacher: Person;

beforeAll(async () => {
  issuer = await TestIssuer.start();
  server = await startServer({ ...issuer.settings, JWT_SECRET: secret, TOKEN_BYTES_MAX: "4096" });
  teacher = await join(server, "teacher");
});
afterAll(async () => {
  await server.dispose();
  await issuer.stop();
});

const unauthorized = refused(401, "Unauthorized, token missing or invalid");

/** How many tokens were refused so far, by reason. */
async function counted(): Promise<Map<string, number>> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const lines = [...text.matchAll(/^rollcall_tokens_refused_total\{reason="([^"]+)"\} (\d+)$/gm)];
  return new Map(lines.map(([, reason = "", count]) => [reason, Number(count)]));
}

/** What /metrics counted more than before, by reason. */
async function countedBy(work: () => Promise<void>): Promise<Record<string, number>> {
  const before = await counted();
  await work();
  const more = [...(await counted())].map(
    ([reason, count]) => [reason, count - (before.get(reason) ?? 0)] as const,
  );
  return Object.fromEntries(more.filter(([, count]) => count > 0));
}

const expected = (forgeries: readonly Forgery[]): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(forgeries, ([, reason]) => reason)].map(([reason, all]) => [reason, all.length]),
  );

const made = async (): Promise<Forgery[]> => {
  const parts = { issuer, secret, userId: teacher.id };
  return [...(await ownForgeries(parts)), ...(await issuerForgeries(parts))];
};

test("OI13 more than forty forged or broken tokens are each 401, and counted by their reasons", async () => {
  const forgeries = await made();
  expect(forgeries.length).toBeGreaterThan(40);
  const counts = await countedBy(async () => {
    for (const [what, , token] of forgeries) {
      expect({ what, ...(await get(server, "/auth/me", token)) }).toEqual({ what, ...unauthorized });
    }
  });
  expect(counts).toEqual(expected(forgeries));
});

test("OI13 none of them opens a plain or a rollcall.v1 socket", async () => {
  for (const [what, , token] of await made()) {
    const plain = await PlainClient.open(`${server.wsUrl}?token=${encodeURIComponent(token)}`);
    await plain.closed();
    expect({ what, received: plain.received }).toEqual({
      what,
      received: [error("Unauthorized or invalid token")],
    });
    const v1 = await V1Socket.open(server);
    v1.send({ type: "hello", token });
    expect({ what, code: await v1.closed() }).toEqual({ what, code: 4401 });
  }
});

test("OI13 none of them left a user behind, and the good tokens that they were made of pass", async () => {
  const students = dataOf(await get(server, "/students", teacher.token));
  expect(students).toEqual([]);
  dataOf(await get(server, "/auth/me", await issuer.sign()));
});

test("OI13 tokens from before a sign-out everywhere and from before another role are refused", async () => {
  const [before, sub] = [Math.floor(Date.now() / 1000) - 30, "auth0|changed"];
  const outside = await issuer.sign({ sub, iat: before });
  dataOf(await get(server, "/auth/me", outside));
  dataOf(await get(server, "/auth/me", await issuer.sign({ sub, role: "teacher" })));
  dataOf(await post(server, "/auth/sign-out-everywhere", {}, teacher.token));
  const counts = await countedBy(async () => {
    for (const token of [teacher.token, outside])
      expect(await get(server, "/auth/me", token)).toEqual(unauthorized);
  });
  expect(counts).toEqual({ superseded: 2 });
  const token = await login(server, teacher.email, teacher.password);
  dataOf(await get(server, "/auth/me", token));
});

test("OI13 tokens of those who were disabled are refused, ours and the issuer's", async () => {
  const [pupil, outside] = [await join(server, "student"), await issuer.sign({ sub: "auth0|disabled" })];
  dataOf(await get(server, "/auth/me", outside));
  await server.stop();
  const store = openSqliteStore(pathOf(server.dataDir, "rollcall.db"));
  for (const id of [pupil.id, "auth0|disabled"])
    if (isUserId(id)) await store.users.update(id, { disabled: true });
  await store.close();
  await server.start();
  const counts = await countedBy(async () => {
    for (const token of [pupil.token, outside])
      expect(await get(server, "/auth/me", token)).toEqual(unauthorized);
  });
  expect(counts).toEqual({ disabled: 2 });
});
