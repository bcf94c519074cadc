import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "./install.mjs";

/** What the Python example needs. */
const PACKAGE = "websockets==16.0";

/**
 * A Python that has what our example needs, in a folder that is not kept in git; made where it is missing. Throws with
 * a sentence where it cannot be made. Gives its path.
 */
export function ensurePython() {
  const folder = join(root, ".cache", "python");
  const python = join(
    folder,
    ...(process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"]),
  );
  const made = join(folder, PACKAGE);
  if (existsSync(made)) return python;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  run("python3", ["-m", "venv", folder], "Install python3 with venv (on Debian: apt install python3-venv).");
  run(python, ["-m", "pip", "install", "--quiet", PACKAGE], "Check the network: pip could not install it.");
  writeFileSync(made, "");
  return python;
}

function run(program, args, otherwise) {
  const { status, error, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (status === 0) return;
  throw new Error(`The Python example cannot run. ${otherwise}\n${error?.message ?? stderr}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(ensurePython());
