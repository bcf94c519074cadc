import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { bun, root } from "./install.mjs";

/** Where the built web app stands. */
export const BUILT = join(root, "dist", "web");

/** What it is made of, and what makes it. */
const SOURCES = ["web", "client", "protocol", "src/core", "scripts/web.ts", "package-lock.json"];

/** Whether the web app has not been built, or something that it is made of was changed since. */
export function isWebStale() {
  const page = join(BUILT, "index.html");
  if (!existsSync(page)) return true;
  const built = statSync(page).mtimeMs;
  return SOURCES.some((source) => newest(join(root, source)) > built);
}

/** When the file, or anything in the folder, was last changed; a name that went counts, for its folder was changed. */
function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Builds the web app where it is missing or older than its sources; false, with the fault on stderr, where it can't. */
export function ensureWebApp() {
  if (!isWebStale()) return true;
  console.error("Building the web app…");
  const { status } = spawnSync(bun, [join(root, "scripts", "web.ts")], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  return status === 0;
}
