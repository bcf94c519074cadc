import { bun, ensureInstalled, inModules } from "./install.mjs";
import { runToEnd } from "./run-to-end.mjs";

const node = process.execPath;

/** What must be right before code goes in: its name, and how to run it. */
const CHECKS = [
  ["Biome", node, [inModules("@biomejs/biome/bin/biome"), "ci", "--error-on-warnings", "."]],
  ["types", node, [inModules("typescript/bin/tsc"), "--noEmit"]],
  ["types of the web app", node, [inModules("typescript/bin/tsc"), "--noEmit", "-p", "web"]],
  ["types of its worker", node, [inModules("typescript/bin/tsc"), "--noEmit", "-p", "web/worker"]],
  ["knip", node, [inModules("knip/bin/knip.js")]],
  ["architecture", bun, ["test", "./test/architecture/"]],
];

ensureInstalled({ dev: true });
const failed = [];
for (const [name, file, args] of CHECKS) {
  console.log(`\n— ${name}`);
  const { code } = await runToEnd(file, args);
  if (code !== 0) failed.push(name);
}
console.log(failed.length > 0 ? `\nFailed: ${failed.join(", ")}` : "\nAll checks passed.");
console.log(`${CHECKS.length - failed.length} passed, ${failed.length} failed`);
process.exit(failed.length > 0 ? 1 : 0);
