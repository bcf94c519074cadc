import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { z } from "zod";

/** Who holds a data folder, as its lock file says. What the system does not tell is null. */
export const holderSchema = z.object({
  /** Tells this lock from every other, those of the same process too. */
  nonce: z.uuid(),
  pid: z.int().positive(),
  host: z.string(),
  /** Pids mean something only within one: two containers may share a host name. */
  pidNamespace: z.string().nullable(),
  /** When the process started, in clock ticks since the boot: a pid is used again, this is not. */
  startTime: z.string().nullable(),
  bootId: z.string().nullable(),
  /** ISO 8601. */
  since: z.iso.datetime(),
  url: z.string().optional(),
});

export type Holder = z.infer<typeof holderSchema>;

/** A holder that cannot be looked at shows by its file's time that it lives; silent this long, in ms, it does not. */
const SILENT_MS = 15_000;

/** This process as a holder; `now` in ms since the epoch. */
export function holderHere(now: number): Holder {
  return {
    nonce: crypto.randomUUID(),
    pid: process.pid,
    host: hostname(),
    pidNamespace: attempt(() => readlinkSync("/proc/self/ns/pid")),
    startTime: startTimeOf(process.pid),
    bootId: attempt(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
    since: new Date(now).toISOString(),
  };
}

/**
 * Whether a holder is gone. Looked at from `here`: on the same machine by its process, elsewhere by its last sign
 * of life (`beatAt`, ms since the epoch). `ours` tells the locks that this very process holds.
 */
export function isGone(
  { holder, beatAt }: { readonly holder: Holder | null; readonly beatAt: number },
  here: Holder,
  now: number,
  ours: (holder: Holder) => boolean,
): boolean {
  const silent = now - beatAt > SILENT_MS;
  if (!holder || holder.host !== here.host) return silent;
  if (holder.bootId !== here.bootId) return true;
  if (holder.pidNamespace !== here.pidNamespace) return silent;
  if (holder.pid === here.pid) return !ours(holder);
  if (!isAlive(holder.pid)) return true;
  return holder.startTime === null ? silent : startTimeOf(holder.pid) !== holder.startTime;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process may not be signalled, but it is there.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** The 22nd field of /proc/PID/stat; null too for a process that has ended and was not yet waited for. */
function startTimeOf(pid: number): string | null {
  return attempt(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field, a name in brackets, may hold blanks; the third is the state.
    const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? null : (rest[18] ?? null);
  });
}

function attempt<T>(look: () => T): T | null {
  try {
    return look();
  } catch {
    return null;
  }
}
