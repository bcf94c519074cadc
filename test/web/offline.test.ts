import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import { z } from "zod";
import { Network } from "../client/network.ts";
import { comesTrue, Rig } from "./rig.ts";
import { counts, desk, lessonOf, NAMES, says, tile } from "./roll-desk.ts";

setDefaultTimeout(60_000);
let rig: Rig;
let network: Network;
beforeAll(async () => {
  rig = await Rig.open();
  network = await new Network(rig.server).open();
  rig.base = network.url;
});
afterAll(async () => {
  await network?.close();
  await rig?.close();
});

const CUTS = { cuts: true, shell: true };
const [asha, ben] = NAMES;

const Kept = z.array(z.object({ shell: z.string(), path: z.string() }));

/** What the worker keeps on the device. */
async function kept(page: Page): Promise<z.output<typeof Kept>> {
  return Kept.parse(
    await page.evaluate(`(async () => {
      const found = [];
      for (const shell of await caches.keys())
        for (const { url } of await (await caches.open(shell)).keys())
          found.push({ shell, path: new URL(url).pathname });
      return found;
    })()`),
  );
}

/** Waits until every script that the page has loaded is kept. */
async function keptAll(page: Page): Promise<void> {
  await comesTrue(
    page,
    `(async () => {
    const loaded = performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => name.endsWith(".js"));
    const kept = await Promise.all(loaded.map((name) => caches.match(name)));
    return kept.every(Boolean) && (await caches.match("/")) !== undefined;
  })()`,
  );
}

test("WB19 a reload without a server opens the app, tells what waits on this device, and goes on once the server is back", async () => {
  const lesson = await lessonOf(rig.server);
  const { page, complaints, context } = await desk(rig, lesson, CUTS);
  await keptAll(page);
  network.down();
  for (const name of [asha, ben]) await tile(page, name).click();
  await page.getByText("Offline, 2 marks waiting").waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "The server cannot be reached" }).waitFor();
  await page.getByText("2 marks wait on this device.").waitFor();
  await page.goto(`${network.url}/account`);
  await page.getByText("2 marks wait on this device.").waitFor();
  await page.goBack();
  await page.getByRole("button", { name: "Try again" }).waitFor();
  network.up();
  await counts(page, 2, 0, 4);
  await says(page, asha, /Present since/);
  expect(complaints).toEqual([]);
  await context.close();
});

test("WB19 what is kept is the app and nothing of anybody's, and of one build alone", async () => {
  const lesson = await lessonOf(rig.server);
  const { page, complaints, context } = await rig.visit("/static/index.html", {
    as: lesson.teacher,
    shell: true,
  });
  await page.evaluate(
    `caches.open("rollcall-shell-before").then((shell) => shell.put("/", new Response("old")))`,
  );
  await page.goto(network.url);
  await page.getByRole("link", { name: /class of/ }).click();
  await page.getByRole("heading", { name: "Students (6)" }).waitFor();
  await keptAll(page);
  const found = await kept(page);
  expect(found.length).toBeGreaterThan(10);
  expect(new Set(found.map(({ shell }) => shell)).size).toBe(1);
  const others = found.filter(({ path }) => !/^\/(assets\/[\w.-]+|static\/icon\.svg)?$/.test(path));
  expect(others).toEqual([]);
  expect(complaints).toEqual([]);
  await context.close();
});

test("WB19 the page comes from the network while there is one, and from the device while the server behind it is away", async () => {
  const lesson = await lessonOf(rig.server);
  const { page, context } = await desk(rig, lesson, { ...CUTS, statuses: [503] });
  await keptAll(page);
  await page.evaluate(
    `caches.keys().then(async ([name]) => (await caches.open(name)).put("/", new Response("<p>kept</p>", { headers: { "Content-Type": "text/html" } })))`,
  );
  await page.reload();
  await page.getByRole("list", { name: "Students" }).waitFor();
  await keptAll(page);
  await rig.server.kill9();
  await page.reload();
  await page.getByRole("heading", { name: "The server cannot be reached" }).waitFor();
  await rig.server.start();
  await page.getByRole("list", { name: "Students" }).waitFor();
  await context.close();
});
