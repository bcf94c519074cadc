import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dir, "..", "..");

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A data folder of its own for a test; `remove` when done. */
export function folder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "rollcall-cli-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Runs the command line as an operator would and waits for its end. */
export async function rollcall(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
  const child = Bun.spawn([process.execPath, "src/main.ts", ...args], {
    cwd: root,
    env: { PATH: process.env.PATH ?? "", HOST: "127.0.0.1", PORT: "0", ...env },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, out, err };
}

/** One sentence to the operator: a single line that ends as one, and no stack. */
export const isOneSentence = (text: string): boolean =>
  /^[A-Z][^\n]+\.\n$/.test(text) && !text.includes("    at ");
