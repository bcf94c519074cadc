import type { Failures } from "../core/throttle.ts";
import type { Clock } from "../ports/clock.ts";
import type { FailureWindows } from "../ports/throttle.ts";

interface Kept extends Failures {
  readonly until: number;
}

/** Failures in the memory of this process, `most` keys at the same time: beyond that the longest untouched go. */
export function memoryWindows(most: number, clock: Clock): FailureWindows {
  // A map keeps the order of insertion, and every change inserts anew: the first is the longest untouched.
  const windows = new Map<string, Kept>();
  const alive = (key: string): Kept | null => {
    const found = windows.get(key);
    if (!found) return null;
    if (found.until > clock.now()) return found;
    windows.delete(key);
    return null;
  };
  return {
    of: async (key) => alive(key),
    async add(key, at, keepMs) {
      const count = (alive(key)?.count ?? 0) + 1;
      windows.delete(key);
      windows.set(key, { count, lastAt: at, until: at + keepMs });
      for (const oldest of windows.keys()) {
        if (windows.size <= most) return;
        windows.delete(oldest);
      }
    },
    async forget(key) {
      windows.delete(key);
    },
  };
}
