import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { bun, ensureInstalled, root } from "./install.mjs";
import { runToEnd } from "./run-to-end.mjs";
import { ensureSchemas } from "./schemas.mjs";
import { ensureServices } from "./services.mjs";
import { failuresIn, readSummary } from "./summary.mjs";
import { ensureWebApp } from "./web-app.mjs";

/** Characters of output that nobody looks through. */
const LONG = 20_000;

const args = process.argv.slice(2);
const named = args.some((arg) => !arg.startsWith("-") && existsSync(resolve(root, arg)));

ensureInstalled({ dev: true });
if (!named) {
  ensureServices();
  ensureSchemas();
}
// The tests of the app say so where it cannot be built.
ensureWebApp();
// Most tests wait for servers and browsers of theirs: one lane more than there are cores keeps the cores busy.
const lanes = Math.min(availableParallelism() + 1, 8);
const whole = [`--parallel=${lanes}`, "./test/", "./scripts/"];
// The suite starts real servers; a busy machine may need more than bun's 5 s for one test.
const tests = ["test", "--timeout", "30000", ...(named ? [] : whole), ...args];
const { code, output } = await runToEnd(bun, tests, { capture: true });
const { passed, failed } = readSummary(output, code);
// In a log of thousands of lines, or where only its end is kept, these are what is looked for.
if (output.length > LONG) for (const failure of failuresIn(output)) console.log(`${failure}\n`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(code === 0 && failed > 0 ? 1 : code);
