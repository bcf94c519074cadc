import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { z } from "zod";
import { localPath } from "../../src/commands/outside-sign-in.ts";
import { checkerOf, operationsOf, served } from "../docs/openapi-document.ts";
import { dataOf, get } from "../e2e/http.ts";
import { join } from "../e2e/people.ts";
import { startServer, type TestServer } from "../e2e/server.ts";
import { freePort } from "../services/ports.ts";
import { FlowBrowser, locationOf } from "./browser-flow.ts";
import { CLIENT, TestIssuer } from "./issuer.ts";

setDefaultTimeout(60_000);
let issuer: TestIssuer;
let server: TestServer;

beforeAll(async () => {
  const port = freePort();
  issuer = await TestIssuer.start([`http://127.0.0.1:${port}/auth/oidc/callback`]);
  server = await startServer({
    ...issuer.settings,
    PORT: `${port}`,
    OIDC_CLIENT_ID: CLIENT.client_id,
    OIDC_CLIENT_SECRET: CLIENT.client_secret,
  });
  for (const role of ["teacher", "student"])
    issuer.accounts.set(`auth0|${role}`, { role, name: `The ${role}` });
});
afterAll(async () => {
  await server.dispose();
  await issuer.stop();
});

const SESSION = "rollcall_session";
const shown = z.object({
  data: z.object({ user: z.object({ _id: z.string(), role: z.string() }).nullable() }),
});

/** Who is signed in in the browser. */
async function signedInAs(browser: FlowBrowser): Promise<string | null> {
  const answer = await browser.open(`${server.url}/auth/session`);
  return shown.parse(await answer.json()).data.user?._id ?? null;
}

/** A page with words is the answer, and nobody is signed in. */
async function expectRefused(
  browser: FlowBrowser,
  answer: Response,
  status: number,
  words: string,
): Promise<void> {
  const page = await answer.text();
  expect({
    status: answer.status,
    type: answer.headers.get("content-type"),
    has: page.includes(words),
  }).toEqual({
    status,
    type: "text/html; charset=utf-8",
    has: true,
  });
  expect(await signedInAs(browser)).toBeNull();
}

test("OI20 a browser is sent to the issuer with a challenge, a state and a nonce of its own each time", async () => {
  const browser = new FlowBrowser();
  const [one, two] = [new URL(await browser.begin(server)), new URL(await browser.begin(server))];
  const of = ({ searchParams }: URL, name: string) => searchParams.get(name) ?? "";
  expect(one.origin).toBe(issuer.url);
  expect(of(one, "redirect_uri")).toBe(`${server.url}/auth/oidc/callback`);
  expect([of(one, "response_type"), of(one, "code_challenge_method")]).toEqual(["code", "S256"]);
  for (const name of ["state", "nonce", "code_challenge"]) {
    expect(of(one, name).length).toBeGreaterThanOrEqual(43);
    expect(of(one, name)).not.toBe(of(two, name));
  }
});

test("OI21 whoever comes back is signed in by a cookie as who they are there, and where they wanted to be", async () => {
  const browser = new FlowBrowser();
  const answer = await browser.signIn(server, "auth0|teacher", "?returnTo=/classes%3Fa=1");
  expect([answer.status, locationOf(answer)]).toEqual([303, "/classes?a=1"]);
  const [cookie] = answer.headers.getSetCookie().filter((text) => text.startsWith(SESSION));
  expect(cookie).toContain("HttpOnly");
  expect(cookie).toContain("SameSite=Lax");
  expect(await signedInAs(browser)).toBe("auth0|teacher");
});

test("OI21 a code and its state work once, and in the browser that began alone", async () => {
  const [browser, other] = [new FlowBrowser(), new FlowBrowser()];
  const back = await browser.atIssuer(server, await browser.begin(server), "auth0|student");
  await expectRefused(other, await other.open(back), 400, "cannot be finished");
  expect((await browser.open(back)).status).toBe(303);
  expect((await browser.open(back)).status).toBe(400);
});

test("OI21 login CSRF: nobody is signed in as the attacker by the attacker's way back", async () => {
  const [attacker, victim] = [new FlowBrowser(), new FlowBrowser()];
  const planted = await attacker.atIssuer(server, await attacker.begin(server), "auth0|teacher");
  await victim.begin(server);
  await expectRefused(victim, await victim.open(planted), 400, "cannot be finished");
});

test("OI21 session fixation: a session that was there before is not the one after", async () => {
  const browser = new FlowBrowser();
  browser.setCookie(server.url, SESSION, "planted");
  await browser.signIn(server, "auth0|student");
  const first = browser.cookie(server.url, SESSION);
  expect(first).not.toBe("planted");
  browser.forget(issuer.url);
  await browser.signIn(server, "auth0|teacher");
  expect(browser.cookie(server.url, SESSION)).not.toBe(first);
  expect(await signedInAs(browser)).toBe("auth0|teacher");
  const old = new FlowBrowser();
  old.setCookie(server.url, SESSION, first ?? "");
  expect(await signedInAs(old)).toBeNull();
});

test("OI21 what the issuer or somebody else changed on the way back signs nobody in", async () => {
  const changes: ((back: URL) => void)[] = [
    ({ searchParams }) => searchParams.set("state", "other"),
    ({ searchParams }) => searchParams.delete("state"),
    ({ searchParams }) => searchParams.set("code", "other"),
    ({ searchParams }) => searchParams.delete("code"),
    ({ searchParams }) => searchParams.set("iss", "https://evil.test"),
    (back) => (back.search = ""),
  ];
  for (const change of changes) {
    const browser = new FlowBrowser();
    const back = new URL(await browser.atIssuer(server, await browser.begin(server), "auth0|student"));
    change(back);
    await expectRefused(browser, await browser.open(back.href), 400, "cannot be finished");
  }
});

test("OI21 a broken cookie of the sign-in signs nobody in", async () => {
  for (const broken of [
    "x",
    Buffer.from("{}").toString("base64url"),
    Buffer.from("null").toString("base64url"),
  ]) {
    const browser = new FlowBrowser();
    const back = await browser.atIssuer(server, await browser.begin(server), "auth0|student");
    browser.setCookie(server.url, "rollcall_sign_in", broken);
    await expectRefused(browser, await browser.open(back), 400, "cannot be finished");
  }
});

test("OI21 whoever cancels there, or has no role, reads why", async () => {
  const cancelled = new FlowBrowser();
  const state = new URL(await cancelled.begin(server)).searchParams.get("state");
  const query = new URLSearchParams({ error: "access_denied", state: state ?? "", iss: issuer.url });
  const denied = await cancelled.open(`${server.url}/auth/oidc/callback?${query}`);
  await expectRefused(cancelled, denied, 403, "did not let you in");
  const nobody = new FlowBrowser();
  await expectRefused(nobody, await nobody.signIn(server, "auth0|no role"), 403, "teacher or a student");
});

test("OI21 no word of the address is shown in the page", async () => {
  const browser = new FlowBrowser();
  const evil = "<script>alert(1)</script>";
  const query = new URLSearchParams({ error: evil, error_description: evil, state: evil });
  const page = await (await browser.open(`${server.url}/auth/oidc/callback?${query}`)).text();
  expect(page).not.toContain("alert");
});

const elsewhere = [
  "https://evil.test/",
  "//evil.test",
  "/\\evil.test",
  "/\t/evil.test",
  "\\\\evil.test",
  "/..//evil.test",
  "/.//evil.test/%2e%2e",
  "javascript:alert(1)",
  "data:text/html,x",
  "evil.test",
  "",
  "@evil.test",
  " //evil.test",
  `/${"a".repeat(3000)}`,
];

test.each(elsewhere.map((returnTo) => [returnTo.slice(0, 40), returnTo]))(
  "OI22 nobody is sent to %j",
  async (_, returnTo) => {
    expect(localPath(returnTo)).toBe("/");
    const browser = new FlowBrowser();
    const answer = await browser.signIn(server, "auth0|student", `?returnTo=${encodeURIComponent(returnTo)}`);
    expect(locationOf(answer)).toBe("/");
  },
);

test("OI22 a path of ours stays as it is, and one that the cookie was changed to is checked again", async () => {
  for (const path of ["/", "/classes", "/classes?q=a&b=%2F%2F", "/a#b"]) expect(localPath(path)).toBe(path);
  expect(localPath(null)).toBe("/");
  const browser = new FlowBrowser();
  const back = await browser.atIssuer(server, await browser.begin(server), "auth0|student");
  const kept = JSON.parse(
    Buffer.from(browser.cookie(server.url, "rollcall_sign_in") ?? "", "base64url").toString(),
  );
  const changed = Buffer.from(JSON.stringify({ ...kept, returnTo: "//evil.test" })).toString("base64url");
  browser.setCookie(server.url, "rollcall_sign_in", changed);
  expect(locationOf(await browser.open(back))).toBe("/");
});

test("OI23 while the issuer is away a page says so, and local accounts sign in; where none is set up, that", async () => {
  const [late, browser] = [
    await startServer({ ...issuer.settings, OIDC_CLIENT_ID: "rollcall" }),
    new FlowBrowser(),
  ];
  const plain = await startServer();
  await issuer.stop();
  try {
    const away = await browser.open(`${late.url}/auth/oidc/start`);
    expect([away.status, (await away.text()).includes("does not answer")]).toEqual([503, true]);
    await join(late, "student");
    for (const path of ["start", "callback"]) {
      const none = await browser.open(`${plain.url}/auth/oidc/${path}`);
      expect([none.status, (await none.text()).includes("no such sign-in")]).toEqual([404, true]);
    }
  } finally {
    await issuer.start();
    await Promise.all([late.dispose(), plain.dispose()]);
  }
});

test("OI25 a server tells how people sign in on it", async () => {
  const waysOf = async (of: TestServer) => dataOf(await get(of, "/auth/ways"));
  expect(await waysOf(server)).toEqual({ password: true, elsewhere: "/auth/oidc/start" });
  const [alone, closed] = await Promise.all([
    startServer(),
    startServer({ ...issuer.settings, LOCAL_ACCOUNTS: "off" }),
  ]);
  expect(await waysOf(alone)).toEqual({ password: true, elsewhere: null });
  expect(await waysOf(closed)).toEqual({ password: false, elsewhere: null });
  await Promise.all([alone.dispose(), closed.dispose()]);
});

test("X5 what these pages answer stands in the document", async () => {
  const document = await served();
  checkerOf(document);
  const answersOf = (path: string) => operationsOf(document).find((one) => one.path === path)?.answers;
  for (const status of [303, 404, 503]) expect(answersOf("/auth/oidc/start")?.has(status)).toBe(true);
  for (const status of [303, 400, 403, 404, 503])
    expect(answersOf("/auth/oidc/callback")?.has(status)).toBe(true);
});
