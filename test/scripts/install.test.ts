import { expect, test } from "bun:test";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../architecture/tree.ts";

test("DP4 a node_modules that is a link is never installed into: npm would empty what others use there", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-link-"));
  const [project, shared] = [join(folder, "project"), join(folder, "shared")];
  for (const path of [project, shared]) mkdirSync(path);
  for (const path of ["package.json", "package-lock.json", "scripts"])
    cpSync(join(root, path), join(project, path), { recursive: true });
  writeFileSync(join(shared, "theirs"), "");
  symlinkSync(shared, join(project, "node_modules"));
  const run = Bun.spawnSync(["node", "scripts/check.mjs"], { cwd: project });
  expect(run.exitCode).toBe(1);
  expect(run.stderr.toString()).toMatch(
    /^node_modules is a link, and lacks .+: install where it leads to, or remove the link\.\n$/,
  );
  expect(existsSync(join(shared, "theirs"))).toBe(true);
  rmSync(folder, { recursive: true, force: true });
});
