import { readFileSync, statfsSync } from "node:fs";
import { availableParallelism, cpus, release, tmpdir, totalmem } from "node:os";

/** The server under measure has a core of its own, everything else the other; null where there is no second one. */
const CORES = pinnable() ? ({ server: 0, load: 1 } as const) : null;

function pinnable(): boolean {
  return availableParallelism() > 1 && Bun.which("taskset") !== null;
}

/** The command, held to the server's or the load's core where that can be done. */
export function pinned(to: "server" | "load", command: readonly string[]): string[] {
  return CORES ? ["taskset", "-c", String(CORES[to]), ...command] : [...command];
}

/** Holds this very process, all its threads, to the load's core: it must not disturb the server's. */
export function keepToLoadCore(): void {
  if (CORES) Bun.spawnSync(["taskset", "-acp", String(CORES.load), String(process.pid)]);
}

/** Lets a process that we started run on every core again: it would be held to the load's, as we are. */
export function freeOfCores(pid: number): void {
  if (CORES) Bun.spawnSync(["taskset", "-acp", `0-${availableParallelism() - 1}`, String(pid)]);
}

/** proc(5): the unit of times in /proc, 10 ms on every Linux there is. */
const TICK_MS = 10;

/** CPU time in ms that a process has used, user and system, all of its threads. Linux only. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name in brackets may hold spaces; what follows it begins with field 3.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Memory in bytes that a process has in RAM. Linux only. */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
}

const TMPFS = 0x01021994;

/** What was measured on. */
export function machine() {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    pinned: CORES !== null,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    linux: release(),
    bun: Bun.version,
    node: Bun.spawnSync(["node", "--version"]).stdout.toString().trim(),
    /** Where it is tmpfs, nothing was durable and the figures say little. */
    disk: statfsSync(tmpdir()).type === TMPFS ? "tmpfs" : "disk",
  };
}
