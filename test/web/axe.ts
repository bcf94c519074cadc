import { source } from "axe-core";
import type { Page } from "playwright-core";
import { z } from "zod";

const Found = z.array(
  z.object({ id: z.string(), help: z.string(), nodes: z.array(z.object({ html: z.string() })) }),
);

/** What axe-core finds on the page as it stands, a sentence each. */
export async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(source);
  const found = Found.parse(
    await page.evaluate(
      "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => JSON.parse(JSON.stringify(violations)))",
    ),
  );
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 200)}`),
  );
}
