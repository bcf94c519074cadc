// Writes the settings into .env.example and README.md; with --check only says whether they stand there as they are.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { SETTINGS } from "../src/config.ts";

/** What a setting shows of itself: its name, its default ("" where it has none) and what it does. */
export interface Described {
  readonly name: string;
  readonly byDefault: string;
  readonly about: string;
}

/** Every setting, in the order of src/config.ts. */
export function describeSettings(
  settings: Readonly<Record<string, { readonly schema: z.ZodType; readonly about: string }>> = SETTINGS,
): Described[] {
  return Object.entries(settings).map(([name, { schema, about }]) => {
    const { data } = schema.safeParse(undefined);
    return { name, byDefault: data === undefined ? "" : String(data), about };
  });
}

/** The text of .env.example. */
export function envExample(settings: readonly Described[]): string {
  const head = [
    "# Every setting with its default. Copy this file to .env and change what you need; the environment goes before",
    "# .env, and an empty value counts as unset. Times are in milliseconds.",
  ];
  return [
    ...head,
    ...settings.flatMap(({ name, byDefault, about }) => ["", `# ${about}`, `${name}=${byDefault}`]),
    "",
  ].join("\n");
}

/** README.md with the table of settings between its two marks. */
export function withTable(readme: string, settings: readonly Described[]): string {
  const [before, rest] = readme.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`README.md lacks ${BEGIN} … ${END}`);
  const cells = settings.map(({ name, byDefault, about }) => [`\`${name}\``, byDefault || "(unset)", about]);
  const table = aligned([["setting", "default", "what it does"], ...cells]);
  return `${before}${BEGIN}\n${table}\n${END}${after}`;
}

/** A Markdown table, its first row the head, in the form that Biome gives it. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[], fill = " ") =>
    `| ${widths.map((width, column) => (row[column] ?? "").padEnd(width, fill)).join(" | ")} |`;
  const [head = [], ...body] = rows;
  return [line(head), line([], "-"), ...body.map((row) => line(row))].join("\n");
}

const BEGIN = "<!-- settings: made by scripts/settings.ts -->";
const END = "<!-- /settings -->";

if (import.meta.main) {
  const root = join(import.meta.dir, "..");
  const settings = describeSettings();
  const readme = join(root, "README.md");
  const wanted = new Map([
    [join(root, ".env.example"), envExample(settings)],
    [readme, withTable(readFileSync(readme, "utf8"), settings)],
  ]);
  const stale = [...wanted].filter(([path, text]) => readFileSync(path, "utf8") !== text);
  if (process.argv.includes("--check")) {
    for (const [path] of stale) console.error(`${path} does not show the settings: run scripts/settings.ts`);
    process.exit(stale.length > 0 ? 1 : 0);
  }
  for (const [path, text] of stale) writeFileSync(path, text);
}
