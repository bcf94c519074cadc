import { cpuMs } from "../machine.ts";

/** What a stretch of time cost. */
export interface Spent {
  readonly ms: number;
  /** CPU time of the server. */
  readonly serverMs: number;
  /** How busy the load's own core was, 0 to 1: at 1 the load is what is measured. */
  readonly loadBusy: number;
}

/** Begins a stretch; what it gives ends it. */
export function stretch(pid: number): () => Spent {
  const [began, server, own] = [performance.now(), cpuMs(pid), process.cpuUsage()];
  return () => {
    const ms = performance.now() - began;
    const { user, system } = process.cpuUsage(own);
    return { ms, serverMs: cpuMs(pid) - server, loadBusy: (user + system) / 1000 / ms };
  };
}

/** The value that this share of the samples does not exceed. */
export function quantile(samples: readonly number[], share: number): number {
  const ranked = samples.toSorted((a, b) => a - b);
  return ranked[Math.min(ranked.length - 1, Math.floor(ranked.length * share))] ?? Number.NaN;
}
