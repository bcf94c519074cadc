import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Names that Chromium goes by. */
const CHROMIUM = ["chromium", "chromium-browser", "google-chrome"];
/** apt has this long, in ms: the whole run of the tests has ten minutes. */
const APT_MAX = 240_000;

/** Where Chromium is: named by CHROMIUM, or on PATH; null where it is nowhere. */
function findChromium(env = process.env) {
  if (env.CHROMIUM) return env.CHROMIUM;
  const folders = (env.PATH ?? "").split(delimiter).filter(Boolean);
  return folders.flatMap((folder) => CHROMIUM.map((name) => join(folder, name))).find(isProgram) ?? null;
}

/** Installs what the tests need besides npm packages. Where it can't, the tests that need it say so and fail. */
export function ensureServices() {
  if (findChromium()) return;
  console.error("Installing Chromium, in which the tests open the pages…");
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", "chromium"]]) {
    const { status } = spawnSync("apt-get", args, {
      stdio: ["ignore", "ignore", "inherit"],
      timeout: APT_MAX,
    });
    if (status !== 0) break;
  }
  if (!findChromium())
    console.error("Chromium could not be installed: put it on PATH, or name it in CHROMIUM.");
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensureServices();
  process.exit(findChromium() ? 0 : 1);
}
