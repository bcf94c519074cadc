import { onAncestorGone } from "./ancestors.mjs";
import { bun, ensureInstalled } from "./install.mjs";
import { launch } from "./launch.mjs";
import { onChange } from "./watch.mjs";

const given = process.argv.slice(2);
const watching = given.includes("--watch");
const args = given.filter((arg) => arg !== "--watch");
// `npm start -- --demo` has options but names no subcommand.
const command = args[0] === undefined || args[0].startsWith("-") ? ["serve", ...args] : args;

ensureInstalled({ dev: false });
const server = launch(bun, ["src/main.ts", ...command], { restarts: watching });
if (watching) onChange(["src", "protocol", "web", ".env"], server.restart);
onAncestorGone(server.end);
