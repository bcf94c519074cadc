/** Wrong passwords in a row for one account from one place. Times are milliseconds since the epoch. */
export interface Failures {
  readonly count: number;
  readonly lastAt: number;
}

/** How patience runs out: so many wrong ones are free, then the wait doubles from `firstMs` up to `mostMs`. */
export interface Patience {
  readonly free: number;
  readonly firstMs: number;
  readonly mostMs: number;
}

/** TH1: how long, in milliseconds, the next try has to wait; 0 where it may be made at once. */
export function waitAfter(
  failures: Failures | null,
  now: number,
  { free, firstMs, mostMs }: Patience,
): number {
  if (failures === null || failures.count < free) return 0;
  const wait = Math.min(mostMs, firstMs * 2 ** (failures.count - free));
  // A clock that went back makes nobody wait longer than the wait is.
  return Math.min(wait, Math.max(0, failures.lastAt + wait - now));
}
