import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { LargeRoll, WATCH_LONG_TASKS } from "./large-roll.ts";
import { axeFaults } from "./page-faults.ts";
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

test("PR15 of 1,000 proposals all can be seen, found and changed before the end, and few are in the page", async () => {
  await roll.again({ kind: "minutes", minutes: 1, apply: "propose" });
  const { page, complaints } = roll.watched;
  await page.evaluate(WATCH_LONG_TASKS);
  await page.getByRole("button", { name: "End session" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("If the session ended now: 1 present, 999 absent.").waitFor();
  const rows = dialog.getByRole("row");
  expect(await dialog.getByRole("table").getAttribute("aria-rowcount")).toBe("1001");
  expect(await rows.count()).toBeLessThan(60);
  const mark = (at: number) => dialog.locator(`tr[aria-rowindex="${at}"] select`);
  const [first, last] = [2, 1001];
  await mark(first).selectOption("present");
  await mark(first).focus();
  const bottom = async () => {
    await page.evaluate("document.querySelector('[data-scrolls]').scrollTo(0, 1e9)");
    await comesTrue(page, `!!document.querySelector('tr[aria-rowindex="${last}"]')`);
  };
  await bottom();
  expect(await rows.count()).toBeLessThan(60);
  expect(await page.evaluate("document.activeElement?.closest('tr')?.ariaRowIndex")).toBe(`${first}`);
  await mark(last).selectOption("present");
  const search = dialog.getByLabel("Search a name");
  const name = (await rows.last().getByRole("rowheader").textContent()) ?? "";
  await search.fill(name.slice(-4));
  await comesTrue(page, "document.querySelectorAll('dialog tbody tr').length < 15");
  await dialog.getByLabel(`Mark of ${name}`).waitFor();
  await search.fill("");
  await page.evaluate("document.querySelector('[data-scrolls]').scrollTo(0, 0)");
  await mark(first).waitFor();
  expect(await mark(first).inputValue()).toBe("present");
  await dialog.getByText("If the session ended now: 3 present, 997 absent.").waitFor();
  const long = await page.evaluate("window.longTasks.join(', ')");
  console.log(`Long tasks while 1,000 proposals were seen, in ms: ${long || "none"}`);
  expect(await axeFaults(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Mark so and end" }).click();
  await page.getByText("3 were present").waitFor();
  expect(await roll.present()).toHaveLength(3);
  expect(complaints).toEqual([]);
});
