import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser } from "playwright-core";
import { openBrowser } from "../docs/browser.ts";
import { startServer, type TestServer } from "../e2e/server.ts";
import { freePort } from "../services/ports.ts";
import { CLIENT, TestIssuer } from "./issuer.ts";

setDefaultTimeout(60_000);
let issuer: TestIssuer;
let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  const port = freePort();
  issuer = await TestIssuer.start([`http://127.0.0.1:${port}/auth/oidc/callback`]);
  issuer.accounts.set("auth0|mia", { role: "teacher", name: "Mia Klein" });
  server = await startServer({
    ...issuer.settings,
    PORT: `${port}`,
    OIDC_CLIENT_ID: CLIENT.client_id,
    OIDC_CLIENT_SECRET: CLIENT.client_secret,
  });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server.dispose();
  await issuer.stop();
});

test("OI24 a person signs in at the issuer, agrees, and is signed in where they wanted to be", async () => {
  const page = await (await browser.newContext()).newPage();
  await page.route(/googleapis/, (route) => route.abort());
  await page.goto(`${server.url}/auth/oidc/start?returnTo=/static/index.html`);
  expect(page.url()).toStartWith(issuer.url);
  await page.fill('input[name="login"]', "auth0|mia");
  await page.fill('input[name="password"]', "any");
  await page.click('button[type="submit"]');
  await page.waitForURL(/\/interaction\//);
  await page.click('button[type="submit"]');
  await page.waitForURL(`${server.url}/static/index.html`);
  const answer: unknown = await page.evaluate(async () => (await fetch("/auth/session")).json());
  const mia = { _id: "auth0|mia", name: "Mia Klein", email: null, role: "teacher" };
  expect(answer).toMatchObject({ data: { user: mia } });
  expect(await page.evaluate("document.cookie")).toBe("");
});

test("OI24 a person who cannot be let in reads why on a page of ours, and begins again from there", async () => {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${server.url}/auth/oidc/callback?code=x&state=y`);
  expect(await page.textContent("h1")).toBe("This sign-in cannot be finished");
  await page.click("text=Sign in again");
  await page.waitForURL((url) => url.origin === issuer.url);
});
