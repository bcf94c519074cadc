import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A small disk of its own, in memory, mounted in a temporary folder. Needs root, on Linux. */
export class SmallDisk {
  readonly folder = mkdtempSync(join(tmpdir(), "rollcall-disk-"));
  readonly #ballast = join(this.folder, "ballast");
  #mounted = false;

  /** Throws where mounting is not permitted: a full disk that was not tried is not a test passed. */
  constructor(mebibytes: number) {
    run("mount", "-t", "tmpfs", "-o", `size=${mebibytes}m`, "tmpfs", this.folder);
    this.#mounted = true;
    process.on("exit", () => this.remove());
  }

  /** Takes all the room that is left, to the last byte. */
  fill(): void {
    for (let bytes = 1 << 20; bytes >= 1; bytes >>= 1) {
      const some = new Uint8Array(bytes);
      while (appends(this.#ballast, some));
    }
  }

  /** Gives the room free again. */
  empty(): void {
    rmSync(this.#ballast, { force: true });
  }

  remove(): void {
    if (!this.#mounted) return;
    this.#mounted = false;
    // Lazily, for a process that was just killed may still hold a file.
    run("umount", "-l", this.folder);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function appends(file: string, bytes: Uint8Array): boolean {
  try {
    writeFileSync(file, bytes, { flag: "a" });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOSPC") return false;
    throw error;
  }
}

function run(...command: string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(command);
  if (exitCode !== 0) throw new Error(`${command.join(" ")}: ${stderr.toString().trim()}`);
}
