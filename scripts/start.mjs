import { onAncestorGone } from "./ancestors.mjs";
import { bun, ensureInstalled } from "./install.mjs";
import { launch } from "./launch.mjs";
import { onChange } from "./watch.mjs";
import { ensureWebApp } from "./web-app.mjs";

const given = process.argv.slice(2);
const watching = given.includes("--watch");
const args = given.filter((arg) => arg !== "--watch");
// `npm start -- --demo` has options but names no subcommand.
const command = args[0] === undefined || args[0].startsWith("-") ? ["serve", ...args] : args;

ensureInstalled({ dev: false });
if (command[0] === "serve" && !ensureWebApp() && !watching) process.exit(1);
const server = launch(bun, ["src/main.ts", ...command], { restarts: watching });
if (watching)
  onChange(["src", "protocol", "client", "web", ".env"], () => {
    ensureWebApp();
    server.restart();
  });
onAncestorGone(server.end);
