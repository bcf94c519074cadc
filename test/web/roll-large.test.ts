import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { LargeRoll, WATCH_LONG_TASKS } from "./large-roll.ts";
import { comesTrue } from "./rig.ts";

setDefaultTimeout(60_000);
let roll: LargeRoll;
beforeAll(async () => {
  roll = await LargeRoll.open(1000);
});
afterAll(() => roll?.close());

const ACTIVE = "document.activeElement?.dataset.student ?? ''";

test("LV14 of 1,000 students only those in sight are in the page, and the keys reach everyone", async () => {
  const { page, complaints } = roll.watched;
  const tiles = page.getByRole("list", { name: "Students" }).getByRole("button");
  expect(await tiles.count()).toBeGreaterThan(20);
  expect(await tiles.count()).toBeLessThan(150);
  await page.keyboard.press("ArrowDown");
  const first = await page.evaluate(ACTIVE);
  await page.keyboard.press("End");
  await comesTrue(page, `(${ACTIVE}) !== "${first}"`);
  expect(await page.locator(":focus").isVisible()).toBe(true);
  expect(await page.evaluate("document.activeElement?.closest('li')?.ariaPosInSet")).toBe("1000");
  await page.keyboard.press("Home");
  await comesTrue(page, `(${ACTIVE}) === "${first}"`);
  expect(complaints).toEqual([]);
});

test("LV15 while 200 marks a second arrive the focus stays, the counts are right, and little is said aloud", async () => {
  const { page, complaints } = roll.watched;
  await page.evaluate(WATCH_LONG_TASKS);
  await page.evaluate(`
    window.said = [];
    const said = [...document.querySelectorAll("[aria-live=polite]")].at(-1);
    new MutationObserver(() => window.said.push(said.textContent)).observe(said, {
      childList: true, characterData: true, subtree: true,
    });
  `);
  const before = await page.evaluate(ACTIVE);
  await roll.mark(200, 5500);
  await page
    .getByRole("listitem")
    .filter({ hasText: /^1000 (here|absent)$|^0 unmarked$/ })
    .first()
    .waitFor();
  expect(await page.evaluate(ACTIVE)).toBe(before);
  const said = String(await page.evaluate("window.said.join('|')")).split("|");
  expect(said.length).toBeGreaterThan(0);
  expect(said.length).toBeLessThan(8);
  const long = await page.evaluate("window.longTasks.join(', ')");
  console.log(`Long tasks while 200 marks a second arrived for 5.5 s, in ms: ${long || "none"}`);
  expect(complaints).toEqual([]);
});
