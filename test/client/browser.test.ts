import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { openBrowser } from "../docs/browser.ts";
import { type School, school, startSession } from "../e2e/people.ts";
import { startServer, type TestServer } from "../e2e/server.ts";
import { eventsOf, Network } from "./network.ts";

setDefaultTimeout(90_000);
const root = join(import.meta.dir, "..", "..");

let server: TestServer;
let network: Network;
let browser: Browser;
let pages: ReturnType<typeof servePages>;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), openBrowser()]);
  network = await new Network(server).open();
  const { outputs } = await Bun.build({ entrypoints: [join(root, "client", "index.ts")], target: "browser" });
  pages = servePages((await outputs[0]?.text()) ?? "");
});
afterAll(async () => {
  await browser?.close();
  await pages?.stop(true);
  await network?.close();
  await server?.dispose();
});

/** A page of the web's with our client and nothing else. */
const PAGE = `<!doctype html><title>Desk</title><script type="module">
  import { connect, indexedDbStorage } from "/client.js";
  const { http, token, name } = Object.fromEntries(new URLSearchParams(location.search));
  const credentials = async () => {
    const answer = await fetch(http + "/auth/ticket", { method: "POST", headers: { authorization: token } });
    return (await answer.json()).data;
  };
  window.storage = indexedDbStorage(name);
  window.client = connect({ url: http.replace("http", "ws") + "/ws", credentials, storage: window.storage });
</script>`;

function servePages(client: string) {
  const javascript = { headers: { "content-type": "text/javascript" } };
  return Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: ({ url }): Response =>
      url.endsWith("/client.js")
        ? new Response(client, javascript)
        : new Response(PAGE, { headers: { "content-type": "text/html" } }),
  });
}

/** A page whose client speaks for the teacher. */
async function desk({ teacher }: School, name: string): Promise<Page> {
  const page = await browser.newPage();
  const query = new URLSearchParams({ http: network.url, token: teacher.token, name });
  await page.goto(`${pages.url}?${query}`);
  return page;
}

const settled = (page: Page) =>
  page.waitForFunction("window.client?.status.state === 'ready' && window.client.waiting.length === 0");
const kept = (page: Page) =>
  page.evaluate("window.storage.load().then((all) => all.map(({ command }) => command.student))");

test("C35 in a browser, marks made while the server is dead outlive the page and are done once", async () => {
  const lesson = await school(server, 3);
  const page = await desk(lesson, "desk");
  await settled(page);
  const { sessionId } = await startSession(server, lesson.teacher, lesson.classId);
  await page.waitForFunction(`window.client.sessions.has(${JSON.stringify(sessionId)})`);
  await server.kill9();
  const students = lesson.students.map(({ id }) => id);
  for (const student of students)
    await page.evaluate(`void window.client.mark("${sessionId}", "${student}", "present")`);
  await page.evaluate("window.client.stored");
  expect(await page.evaluate(`window.client.markOf("${sessionId}", "${students[0]}")`)).toEqual({
    state: "sending",
    status: "present",
  });
  await page.reload();
  await page.waitForFunction("window.client");
  expect(await kept(page)).toBeArrayOfSize(3);
  await server.restart();
  await page.evaluate("window.client.wake()");
  await settled(page);
  const events = await eventsOf(server, lesson.teacher.token, sessionId);
  expect(events.slice(1)).toMatchObject(students.map((student) => ({ type: "marked", student })));
  expect(events).toHaveLength(4);
  await page.evaluate("window.client.stored");
  expect(await kept(page)).toEqual([]);
  expect(await page.evaluate(`window.client.markOf("${sessionId}", "${students[0]}")`)).toEqual({
    state: "saved",
    status: "present",
  });
  await page.close();
});

test("C35 two pages with one storage disturb neither each other nor the log", async () => {
  const lesson = await school(server, 2);
  const [one, two] = await Promise.all([desk(lesson, "shared"), desk(lesson, "shared")]);
  await Promise.all([settled(one), settled(two)]);
  const { sessionId } = await startSession(server, lesson.teacher, lesson.classId);
  await one.waitForFunction(`window.client.sessions.has("${sessionId}")`);
  await server.kill9();
  for (const { id } of lesson.students)
    await one.evaluate(`void window.client.mark("${sessionId}", "${id}", "present")`);
  await one.evaluate("window.client.stored");
  await two.reload();
  await server.restart();
  await Promise.all([settled(one), settled(two)]);
  const events = await eventsOf(server, lesson.teacher.token, sessionId);
  expect(events.map(({ type }) => type)).toEqual(["started", "marked", "marked"]);
  await Promise.all([one, two].map((page) => page.close()));
});

test("C30 a database that cannot be opened is told of, and marks go through", async () => {
  const lesson = await school(server, 1);
  const page = await browser.newPage();
  await page.addInitScript({
    content:
      "indexedDB.open = () => { const asked = {}; setTimeout(() => asked.onerror?.()); return asked; };",
  });
  const query = new URLSearchParams({ http: network.url, token: lesson.teacher.token, name: "none" });
  await page.goto(`${pages.url}?${query}`);
  await settled(page);
  const outcome = await page.evaluate(`window.client.start("${lesson.classId}").outcome`);
  expect(outcome).toMatchObject({ ok: true, seq: 1 });
  await page.close();
});
