import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folders: string[] = [];
process.on("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder on disk; removed at the end of the process at the latest. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  folders.push(folder);
  return folder;
}
