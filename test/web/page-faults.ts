import { source } from "axe-core";
import type { Page } from "playwright-core";
import { z } from "zod";
import { comesTrue } from "./rig.ts";

const Found = z.array(
  z.object({ id: z.string(), help: z.string(), nodes: z.array(z.object({ html: z.string() })) }),
);

/** The rules of axe-core that a theme may break; the others find the same in any. */
const OF_COLOURS = ["color-contrast", "link-in-text-block"];
const THEMES = ["light", "dark"] as const;

/** What axe-core finds on the page in both themes, a sentence each. */
export async function axeFaultsInThemes(page: Page): Promise<string[]> {
  const faults: string[] = [];
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
    await comesTrue(page, "document.getAnimations().every(({ playState }) => playState !== 'running')");
    const found = await axeFaults(page, colorScheme === "light" ? undefined : OF_COLOURS);
    faults.push(...found.map((fault) => `${colorScheme}: ${fault}`));
  }
  return faults;
}

/** What axe-core finds on the page as it stands, a sentence each; by these rules alone where some are named. */
export async function axeFaults(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(source);
  const options = { resultTypes: ["violations"], ...(rules && { runOnly: rules }) };
  const found = Found.parse(
    await page.evaluate(
      `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => JSON.parse(JSON.stringify(violations)))`,
    ),
  );
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 200)}`),
  );
}

/** Controls that a finger could miss: smaller than 44 pixels, save links within a sentence. */
export async function smallTargets(page: Page): Promise<string[]> {
  const found = await page.evaluate(`
    [...document.querySelectorAll("a, button, input, select, summary")]
      .filter((one) => !one.closest("p") && !one.closest("[class*=skip]") && !one.matches("[class*=skip]"))
      .filter((one) => one.checkVisibility({ visibilityProperty: true }) && one.tabIndex >= 0)
      .map((one) => [one, (one.closest("label, [class*=Input-wrapper]") ?? one).getBoundingClientRect()])
      .filter(([, { width, height }]) => width < 43.5 || height < 43.5)
      .map(([one, { width, height }]) => one.outerHTML.slice(0, 120) + " is " + width + "x" + height)`);
  return z.array(z.string()).parse(found);
}

/** By how many pixels the page is wider than its window, once it has laid itself out. */
export async function wideBy(page: Page): Promise<number> {
  const over = "document.documentElement.scrollWidth - innerWidth";
  await comesTrue(page, `${over} <= 0`, LAID_OUT_MS).catch(() => undefined);
  return Number(await page.evaluate(over));
}

const LAID_OUT_MS = 500;
