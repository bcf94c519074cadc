import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The project's folder. */
export const root = join(import.meta.dir, "..", "..");

/** Files by their path from the project's folder, with `/` on every system. */
export type Tree = ReadonlyMap<string, string>;

/** The text of every file under the folders whose name matches the pattern. */
export function readTree(folders: readonly string[], pattern = "*.{ts,tsx,mjs,js}"): Tree {
  const files = folders.flatMap((folder) => [
    ...new Bun.Glob(`${folder}/**/${pattern}`).scanSync({ cwd: root }),
  ]);
  const paths = files.map((path) => path.replaceAll("\\", "/")).toSorted();
  return new Map(paths.map((path) => [path, readFileSync(join(root, path), "utf8")]));
}

/** A made-up tree, to show that a check can fail. */
export const treeOf = (files: Readonly<Record<string, string>>): Tree => new Map(Object.entries(files));
