import { afterEach, expect, test } from "bun:test";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dir, "..", "..");
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Runs .ci/run with an npm that does what `check` and `test` say, in shell; gives the last line and the code. */
async function ci(check: string, tests: string): Promise<{ last: string | undefined; code: number }> {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-ci-"));
  folders.push(folder);
  mkdirSync(join(folder, ".ci"));
  cpSync(join(root, ".ci", "run"), join(folder, ".ci", "run"));
  const npm = join(folder, "npm");
  writeFileSync(npm, `#!/bin/sh\nif [ "$1" = test ]; then\n${tests}\nelse\n${check}\nfi\n`);
  chmodSync(npm, 0o755);
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
  const run = Bun.spawn([join(folder, ".ci", "run")], { env, stdout: "pipe", stderr: "inherit" });
  const [out, code] = await Promise.all([run.stdout.text(), run.exited]);
  return { last: out.trimEnd().split("\n").at(-1), code };
}

const good = { check: 'echo "4 passed, 0 failed"', tests: 'echo "90 passed, 0 failed"' };

test("O36 CI passes where check and tests pass, and ends with the sum of both", async () => {
  expect(await ci(good.check, good.tests)).toEqual({ last: "94 passed, 0 failed", code: 0 });
});

const bad: [string, string, string, string][] = [
  ["a check fails", 'echo "3 passed, 1 failed"; exit 1', good.tests, "93 passed, 1 failed"],
  ["a test fails", good.check, 'echo "88 passed, 2 failed"; exit 1', "92 passed, 2 failed"],
  [
    "the tests end badly without a failure",
    good.check,
    'echo "90 passed, 0 failed"; exit 9',
    "94 passed, 1 failed",
  ],
  ["the tests say nothing at all", good.check, "exit 0", "4 passed, 1 failed"],
  ["both die before anything is executed", "kill -9 $$", "kill -9 $$", "0 passed, 2 failed"],
  ["nothing is executed", 'echo "0 passed, 0 failed"', 'echo "0 passed, 0 failed"', "0 passed, 1 failed"],
];
test.each(bad)("O36 CI fails where %s", async (_, check, tests, last) => {
  expect(await ci(check, tests)).toEqual({ last, code: 1 });
});
