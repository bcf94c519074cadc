import { expect, test } from "bun:test";
import { lengthFaults } from "./length.ts";
import { readTree, treeOf } from "./tree.ts";

const LINES_MAX = 350;

test("O31 no file of ours is over 350 lines", () => {
  const tree = readTree(
    ["src", "protocol", "client", "examples", "test", "bench", "scripts", "bin", "web"],
    "*.{ts,tsx,mjs,js,css,html}",
  );
  expect(lengthFaults(tree, LINES_MAX)).toEqual([]);
});

test("O31 the check finds a file of 351 lines", () => {
  const tree = treeOf({
    "src/a.ts": "\n".repeat(350).replaceAll("\n", "x\n"),
    "src/b.ts": `${"x\n".repeat(350)}x`,
  });
  expect(lengthFaults(tree, LINES_MAX)).toEqual([
    "src/b.ts has 351 lines, 350 are the most: it is about more than one thing.",
  ]);
});
