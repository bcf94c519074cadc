import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { z } from "zod";

const axe = readFileSync(Bun.resolveSync("axe-core/axe.min.js", import.meta.dir), "utf8");
const Found = z.array(
  z.object({ id: z.string(), help: z.string(), nodes: z.array(z.object({ html: z.string() })) }),
);

/** What axe-core finds on the page as it stands, a sentence each. */
export async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found = Found.parse(
    await page.evaluate(
      "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => JSON.parse(JSON.stringify(violations)))",
    ),
  );
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 200)}`),
  );
}

/** Controls that a finger could miss: smaller than 44 pixels, save links within a sentence and what is hidden. */
export const smallTargets = (page: Page): Promise<unknown> =>
  page.evaluate(`
  [...document.querySelectorAll("a, button, input, select, summary")]
    .filter((one) => !one.closest("p") && one.checkVisibility())
    .map((one) => ({ one, box: one.getBoundingClientRect() }))
    .filter(({ one, box }) => box.bottom > 0 && !one.closest("[tabindex='-1'][aria-hidden]"))
    .filter(({ box }) => box.height < 43.5 || box.width < 43.5)
    .map(({ one, box }) => one.outerHTML.slice(0, 120) + " " + box.width + "x" + box.height)`);
