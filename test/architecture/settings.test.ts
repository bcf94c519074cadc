import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { describeSettings, envExample, withTable } from "../../scripts/settings.ts";
import { readConfig } from "../../src/config.ts";
import { root } from "./tree.ts";

const read = (file: string) => readFileSync(join(root, file), "utf8");

test("O33 .env.example and README list every setting as it is: scripts/settings.ts writes them", () => {
  const settings = describeSettings();
  expect(read(".env.example")).toBe(envExample(settings));
  expect(read("README.md")).toBe(withTable(read("README.md"), settings));
});

test("O33 .env.example as it is means the same as no .env at all", () => {
  const lines = read(".env.example")
    .split("\n")
    .filter((line) => /^[A-Z]/.test(line));
  const env = Object.fromEntries(lines.map((line) => line.split("=")));
  expect(readConfig(env)).toEqual(readConfig({}));
});

test("O33 a setting that is new, gone or changed shows", () => {
  const made = {
    SIZE: { schema: z.coerce.number().default(3), about: "How large." },
    NAME: { schema: z.string().optional(), about: "Whose." },
  };
  const settings = describeSettings(made);
  expect(envExample(settings)).toEndWith("\n# How large.\nSIZE=3\n\n# Whose.\nNAME=\n");
  const readme = withTable(
    "a\n<!-- settings: made by scripts/settings.ts -->\nold\n<!-- /settings -->\nb\n",
    settings,
  );
  expect(readme).toContain(
    "| `SIZE`  | 3       | How large.   |\n| `NAME`  | (unset) | Whose.       |\n<!-- /settings -->\nb\n",
  );
  expect(readme).not.toContain("old");
  expect(() => withTable("no marks", settings)).toThrow("README.md lacks");
});
