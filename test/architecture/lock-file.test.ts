import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { root } from "./tree.ts";

const Entry = z.object({
  version: z.string().optional(),
  resolved: z.string().optional(),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});
const LockFile = z.object({ packages: z.record(z.string(), Entry) });
const versions = z.record(z.string(), z.string());
const Manifest = z.object({ dependencies: versions, devDependencies: versions });

const read = (file: string): unknown => JSON.parse(readFileSync(join(root, file), "utf8"));
const { packages } = LockFile.parse(read("package-lock.json"));

test("O34 every dependency is pinned to one version, and the lock file has that one", () => {
  const { dependencies, devDependencies } = Manifest.parse(read("package.json"));
  const asWritten = Object.entries({ ...dependencies, ...devDependencies });
  const pinned = asWritten.map(([name, version]) => [name, version.replace(/^npm:.*@/, "")] as const);
  const locked = pinned.map(([name]) => [name, packages[`node_modules/${name}`]?.version ?? "missing"]);
  expect(Object.fromEntries(locked)).toEqual(Object.fromEntries(pinned));
});

test("O34 the lock file has the builds for every platform, or npm 11 refuses it: run scripts/lock.mjs", () => {
  const wanted = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies));
  expect(wanted.filter((name) => !packages[`node_modules/${name}`])).toEqual([]);
});

test("O34 the lock file names no registry", () => {
  expect(Object.values(packages).flatMap(({ resolved }) => resolved ?? [])).toEqual([]);
});
