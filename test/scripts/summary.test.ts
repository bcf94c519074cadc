import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dir, "..", "..");

/** What `npm test` ends with, and with which code, for a test file of this text. */
async function summaryOf(text: string): Promise<{ last: string | undefined; code: number }> {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-summary-"));
  const file = join(folder, "made-up.test.ts");
  writeFileSync(file, `import { expect, test } from "bun:test";\n${text}\n`);
  const command = ["node", join(root, "scripts", "test.mjs"), file];
  const run = Bun.spawn(command, {
    stdout: "pipe",
    stderr: "ignore",
    env: { ...process.env, NODE_ENV: "production" },
  });
  const [out, code] = await Promise.all([run.stdout.text(), run.exited]);
  rmSync(folder, { recursive: true });
  return { last: out.trimEnd().split("\n").at(-1), code };
}

const pass = 'test("pass", () => {});';
const fail = 'test("fail", () => expect(1).toBe(2));';

test("O37 npm test ends with its figures in one line, and with the exit code of the tests", async () => {
  expect(await summaryOf(pass + pass)).toEqual({ last: "2 passed, 0 failed", code: 0 });
  expect(await summaryOf(pass + fail)).toEqual({ last: "1 passed, 1 failed", code: 1 });
});

test("O37 a run that dies, breaks outside a test or has no test is a failed one", async () => {
  expect(await summaryOf(`${pass} test("exit", () => process.exit(3));`)).toMatchObject({ code: 3 });
  expect(await summaryOf(`${pass} throw new Error("while loading");`)).toMatchObject({ code: 1 });
  expect(await summaryOf("")).toEqual({ last: "0 passed, 1 failed", code: 1 });
});

test("O37 what failed of a long run stands at its end once more, with all that it said", async () => {
  const { failuresIn } = await import(join(root, "scripts", "summary.mjs"));
  const output = [
    "test/one.test.ts:",
    "(pass) first [1.00ms]",
    "what the second says",
    "error: expected 1",
    "(fail) second [2.00ms]",
    "(pass) third [3.00ms]",
    "\x1b[0mtest/two.test.ts:",
    "error: expected 2",
    "\x1b[31m(fail)\x1b[0m fourth [4.00ms]",
    "2 tests failed:",
    "",
  ].join("\n");
  expect(failuresIn(output)).toEqual([
    "what the second says\nerror: expected 1\n(fail) second [2.00ms]",
    "test/two.test.ts:\nerror: expected 2\n(fail) fourth [4.00ms]",
  ]);
});
