import { existsSync, watch } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./install.mjs";

/** An editor saves in several steps: a change counts once it was quiet this long. */
const QUIET_MS = 150;

/** Calls `changed` after files below the paths (of the project, files or folders) were written. */
export function onChange(paths, changed) {
  let timer;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(changed, QUIET_MS);
  };
  const folders = paths.map((path) => join(root, path)).filter((path) => existsSync(path));
  for (const folder of folders.filter((path) => !path.endsWith(".env"))) {
    watch(folder, { recursive: true }, soon);
  }
  // A file is watched through its folder: saving often replaces it.
  const env = paths.find((path) => path.endsWith(".env"));
  if (env) watch(dirname(join(root, env)), (_, name) => name === ".env" && soon());
}
