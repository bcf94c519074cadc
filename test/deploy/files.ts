import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { root } from "../architecture/tree.ts";

/** A file of the project. */
export const textOf = (path: string): string => readFileSync(join(root, path), "utf8");

/** A file of the project, read as YAML. */
export const yamlOf = (path: string): unknown => Bun.YAML.parse(textOf(path));

/** A schema that others' programs check such files with; got where it is missing. */
export function schemaOf(name: string): Record<string, unknown> {
  const path = join(".cache", "schemas", name);
  if (!existsSync(join(root, path))) {
    const { stderr } = Bun.spawnSync(["node", "scripts/schemas.mjs"], { cwd: root });
    if (stderr.length > 0) throw new Error(stderr.toString());
  }
  return z.record(z.string(), z.unknown()).parse(JSON.parse(textOf(path)));
}
