import { bun, ensureInstalled } from "./install.mjs";
import { runToEnd } from "./run-to-end.mjs";

const [file, ...args] = process.argv.slice(2);
if (file === undefined) {
  console.error("Which file? node scripts/run.mjs FILE [arguments]");
  process.exit(1);
}

ensureInstalled({ dev: true });
const { code } = await runToEnd(bun, [file, ...args]);
process.exit(code);
