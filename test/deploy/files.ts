import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../architecture/tree.ts";

/** A file of the project. */
export const textOf = (path: string): string => readFileSync(join(root, path), "utf8");
