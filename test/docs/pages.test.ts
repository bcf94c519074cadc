import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { asyncApi } from "../../src/http/docs/asyncapi.ts";
import { laidOut } from "../../src/http/docs/laid-out.ts";
import { dialects } from "../../src/http/docs/pages.ts";
import { startServer, type TestServer } from "../e2e/server.ts";
import { complaintsOf, openBrowser, requestsOf } from "./browser.ts";
import contrast from "./contrast.js" with { type: "text" };
import { operationsOf, served } from "./openapi-document.ts";

setDefaultTimeout(90_000);
let server: TestServer;
let browser: Browser;
beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.dispose();
});

const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/** A page that was opened, with what it complained of and asked for. */
async function open(path: string, options: Parameters<Browser["newPage"]>[0] = {}) {
  const page = await browser.newPage(options);
  const [complaints, requests] = [complaintsOf(page), requestsOf(page)];
  await page.addInitScript({
    content:
      'addEventListener("securitypolicyviolation", (event) => console.error("policy", event.violatedDirective, event.blockedURI));',
  });
  await page.goto(server.url + path, { waitUntil: "networkidle" });
  return { page, complaints, requests };
}

test("X9 Swagger UI shows every route, with nothing from elsewhere and no complaint", async () => {
  const operations = operationsOf(await served());
  for (const colorScheme of ["light", "dark"] as const) {
    const { page, complaints, requests } = await open("/docs", { colorScheme });
    await page.waitForSelector(".opblock");
    expect(await page.locator(".opblock").count()).toBe(operations.length);
    for (const { operationId } of operations)
      expect(await page.locator(`[id$="-${operationId}"]`).count()).toBe(1);
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(`${server.url}/docs`))).toEqual([]);
    await page.close();
  }
});

test("X9 a route can be tried out there", async () => {
  const { page, complaints } = await open("/docs");
  const health = page.locator("#operations-Operation-getHealth");
  await health.locator(".opblock-summary-control").click();
  await health.getByRole("button", { name: "Execute" }).click();
  const body = health.locator(".live-responses-table .response .highlight-code").first();
  await body.waitFor();
  expect(await body.textContent()).toContain('"status": "ok"');
  expect(complaints).toEqual([]);
  await page.close();
});

test("X9 a script of anybody else's does not run there, and these tests would see it", async () => {
  const { page, complaints } = await open("/docs");
  await page.evaluate(
    "document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = true' }))",
  );
  expect(await page.evaluate("window.ran")).toBeUndefined();
  expect(complaints.join("\n")).toContain("error: policy script-src");
  await page.close();
});

const textOf = async (page: Page) =>
  ((await page.locator("main").textContent()) ?? "").replaceAll(/\s+/g, " ");

test("X10 the socket reference can be read without script: every message, its words and its examples", async () => {
  const { page, complaints, requests } = await open("/docs/events", { javaScriptEnabled: false });
  const { messages } = (await asyncApi(dialects())).components;
  const text = await textOf(page);
  for (const [id, { name, summary, examples }] of Object.entries(messages)) {
    const article = page.locator(`article[aria-labelledby="${id}"]`);
    expect(await article.getByRole("heading", { level: 4 }).textContent()).toBe(name);
    expect(text).toContain(summary.replaceAll("`", ""));
    const shown = await article.locator("pre").allTextContents();
    expect(shown.map((one) => JSON.parse(one))).toEqual(examples.map(({ payload }) => payload));
  }
  expect(complaints).toEqual([]);
  expect(requests.filter((url) => !url.startsWith(server.url))).toEqual([]);
  await page.close();
});

test("X10 it has a title, one order of headings, a way past its contents, and no link that leads nowhere", async () => {
  const { page } = await open("/docs/events");
  expect(await page.title()).toBe("Rollcall socket reference");
  expect(await page.locator("html").getAttribute("lang")).toBe("en");
  const levels = await page
    .locator("h1, h2, h3, h4")
    .evaluateAll((all) => all.map((one) => Number(one.tagName[1])));
  expect(levels.filter((level) => level === 1)).toEqual([1]);
  expect(levels.every((level, at) => level <= (levels[at - 1] ?? 0) + 1)).toBe(true);
  const ids = await page.locator("[id]").evaluateAll((all) => all.map((one) => one.id));
  expect(new Set(ids).size).toBe(ids.length);
  const links = await page
    .locator("a[href]")
    .evaluateAll((all) => all.map((one) => one.getAttribute("href") ?? ""));
  expect(links.filter((to) => to.startsWith("#") && !ids.includes(to.slice(1)))).toEqual([]);
  for (const to of new Set(links.filter((one) => one.startsWith("/"))))
    expect({ to, status: (await fetch(server.url + to)).status }).toEqual({ to, status: 200 });
  await page.keyboard.press("Tab");
  expect(await page.evaluate("document.activeElement.getAttribute('href')")).toBe("#content");
  await page.close();
});

/** Of the first element that fits. */
const contrastOf = async (page: Page, selector: string): Promise<number> =>
  Number(await page.evaluate(`(${inPage})(document.querySelector(${JSON.stringify(selector)}))`));

/** The function as an expression: without what follows it in its file. */
const inPage = contrast.slice(contrast.indexOf("(element)")).trim().replace(/;$/, "");

test.each(["light", "dark"] as const)(
  "X10 it can be read in a %s room and on a phone",
  async (colorScheme) => {
    const { page } = await open("/docs/events", { colorScheme, viewport: { width: 360, height: 740 } });
    for (const details of await page.locator("summary").all()) await details.click();
    for (const selector of ["h1", "main p", "main pre", "nav a", "main td", "main th", "summary"])
      expect(await contrastOf(page, selector)).toBeGreaterThan(4.5);
    const ground = await page.evaluate("getComputedStyle(document.body).backgroundColor");
    expect(ground === "rgb(255, 255, 255)").toBe(colorScheme === "light");
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
    await page.close();
  },
);

test("X10 an example is laid out in lines that fit, and is still the same JSON", () => {
  const examples = dialects().flatMap(({ messages }) => messages.flatMap((message) => message.examples));
  for (const example of [...examples, [], {}, null, "a", { a: "x".repeat(200), b: [[], {}] }])
    expect(JSON.parse(laidOut(example))).toEqual(example);
  const lines = examples.flatMap((example) => laidOut(example).split("\n"));
  expect(lines.filter((line) => line.length > 130)).toEqual([]);
});

test("X11 pages and documents say what they are, run no script but their own, and are asked for once", async () => {
  const paths: [string, string][] = [
    ["/docs", "text/html; charset=utf-8"],
    ["/docs/events", "text/html; charset=utf-8"],
    ["/docs/openapi.json", "application/json"],
    ["/docs/asyncapi.json", "application/json"],
    ["/docs/files/swagger-ui-bundle.js", "text/javascript; charset=utf-8"],
    ["/docs/files/docs.css", "text/css; charset=utf-8"],
    ["/docs/files/favicon.png", "image/png"],
  ];
  for (const [path, type] of paths) {
    const first = await fetch(server.url + path);
    const etag = first.headers.get("etag") ?? "";
    expect({ path, type: first.headers.get("content-type") }).toEqual({ path, type });
    expect(etag).toMatch(/^"[\w.-]{10,}"$/);
    expect((await first.arrayBuffer()).byteLength).toBeGreaterThan(100);
    if (type.startsWith("text/html")) expect(first.headers.get("content-security-policy")).toBe(POLICY);
    expect(first.headers.get("x-content-type-options")).toBe("nosniff");
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const again = await fetch(server.url + path, { headers: { "if-none-match": known } });
      expect({ path, status: again.status, body: await again.text() }).toEqual({
        path,
        status: 304,
        body: "",
      });
    }
    expect((await fetch(server.url + path, { headers: { "if-none-match": '"other"' } })).status).toBe(200);
  }
});
