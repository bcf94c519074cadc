import { readdirSync, readFileSync } from "node:fs";

/** A flag that Chromium does not know, by which its processes are found again. */
const MARK = "--lid-of";

/** A machine whose lid can be closed: every process of a browser stops at once, and goes on as if no time had passed. */
export class Lid {
  readonly flag = `${MARK}=${crypto.randomUUID()}`;

  close(): void {
    this.#signal("SIGSTOP");
  }

  open(): void {
    this.#signal("SIGCONT");
  }

  #signal(signal: NodeJS.Signals): void {
    const processes = processesNow();
    const first = processes.filter(({ command }) => command.includes(this.flag)).map(({ pid }) => pid);
    if (first.length === 0) throw new Error("no browser has this lid");
    const its = new Set(first);
    // Children come after their parents, save where the numbers have begun anew.
    for (let size = 0; size < its.size; ) {
      size = its.size;
      for (const { pid, parent } of processes) if (its.has(parent)) its.add(pid);
    }
    for (const pid of its) process.kill(pid, signal);
  }
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function processesNow(): Process[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const [, parent] = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, "utf8")) ?? [];
      const command = readFileSync(`/proc/${name}/cmdline`, "utf8");
      return { pid: Number(name), parent: Number(parent), command };
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}
