import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ruleFaults } from "./rules.ts";
import { readTree, root } from "./tree.ts";

const SPEC = join(root, "docs", "SPEC.md");
/** Its rules are made up. */
const MADE_UP = "test/architecture/rules-made-up.test.ts";

test("O32 every rule of docs/SPEC.md has a test that quotes it, and every quoted rule stands there", () => {
  const tests = new Map([...readTree(["test"])].filter(([path]) => path !== MADE_UP));
  const spec = existsSync(SPEC) ? readFileSync(SPEC, "utf8") : "";
  expect(ruleFaults(spec, tests)).toEqual([]);
});
