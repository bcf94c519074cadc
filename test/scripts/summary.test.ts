import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dir, "..", "..");

/** What `npm test` prints, ends with, and with which code, for a test file of this text. */
async function summaryOf(text: string): Promise<{ out: string; last: string | undefined; code: number }> {
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
  return { out, last: out.trimEnd().split("\n").at(-1), code };
}

const pass = 'test("pass", () => {});';
const fail = 'test("fail", () => expect(1).toBe(2));';

test("O37 npm test ends with its figures in one line, and with the exit code of the tests", async () => {
  expect(await summaryOf(pass + pass)).toMatchObject({ last: "2 passed, 0 failed", code: 0 });
  expect(await summaryOf(pass + fail)).toMatchObject({ last: "1 passed, 1 failed", code: 1 });
});

test("O37 a run that dies, breaks outside a test or has no test is a failed one", async () => {
  expect(await summaryOf(`${pass} test("exit", () => process.exit(3));`)).toMatchObject({ code: 3 });
  expect(await summaryOf(`${pass} throw new Error("while loading");`)).toMatchObject({ code: 1 });
  expect(await summaryOf("")).toMatchObject({ last: "0 passed, 1 failed", code: 1 });
});

test("O37 of a run that says little the failures stand where they were alone, of a long one at its end too", async () => {
  const long = `test("long", () => console.log("much\\n".repeat(10_000)));`;
  const times = async (text: string) => (await summaryOf(text)).out.split("(fail) fail").length - 1;
  expect(await times(pass + fail)).toBe(0);
  expect(await times(pass + fail + long)).toBe(1);
});

test("O37 what failed of a long run stands at its end once more, with its file and all that it said", async () => {
  const { failuresIn } = await import(join(root, "scripts", "summary.mjs"));
  // As bun 1.4.5 writes it with --parallel.
  const output = [
    "test/one.test.ts:",
    "(pass) first [1.00ms]",
    "what the second says",
    "error: expected 1",
    "(fail) second [2.00ms]",
    "(pass) third [3.00ms]",
    "",
    "\x1b[0mtest/two.test.ts:",
    "(pass) fifth [1.00ms]",
    "",
    "test/one.test.ts:",
    "\x1b[31m(fail)\x1b[0m fourth [50.00ms]",
    "  ^ this test timed out after 50ms.",
    "(pass) sixth [1.00ms]",
    "",
    "2 tests failed:",
    "(fail) second [2.00ms]",
    "(fail) fourth [50.00ms]",
    "  ^ this test timed out after 50ms.",
    "",
    " 4 pass",
  ].join("\n");
  expect(failuresIn(output)).toEqual([
    "test/one.test.ts:\nwhat the second says\nerror: expected 1\n(fail) second [2.00ms]",
    "test/one.test.ts:\n(fail) fourth [50.00ms]\n  ^ this test timed out after 50ms.",
  ]);
});
