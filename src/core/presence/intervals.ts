import type { Witness } from "../session/events.ts";

/** One device's stay in the room, in milliseconds since the epoch; `to` null: it is still there. */
export interface Stay {
  readonly device: string;
  readonly from: number;
  readonly fromBy: Witness;
  readonly to: number | null;
  readonly toBy: Witness | null;
}

/** Time in the room by whatever device; a gap that was bridged lies within `from` and `to` and is listed. */
export interface Interval {
  readonly from: number;
  readonly fromBy: Witness;
  readonly to: number | null;
  readonly toBy: Witness | null;
  /** Absences too short to count, as [from, to]. */
  readonly bridged: readonly (readonly [from: number, to: number])[];
}

/**
 * PR1–PR3: the union of a person's stays, in order and without overlap. A gap shorter than `bridgeMs` is bridged and
 * marked so. A stay that ends before it begins (a clock went back) lasts no time at all.
 */
export function union(stays: readonly Stay[], bridgeMs: number): Interval[] {
  const inOrder = stays.map(forward).sort((a, b) => a.from - b.from);
  const intervals: Interval[] = [];
  for (const stay of inOrder) {
    const last = intervals.at(-1);
    const joined = last && join(last, stay, bridgeMs);
    if (joined) intervals[intervals.length - 1] = joined;
    else intervals.push({ ...withoutDevice(stay), bridged: [] });
  }
  return intervals;
}

const forward = (stay: Stay): Stay =>
  stay.to !== null && stay.to < stay.from ? { ...stay, to: stay.from } : stay;

const withoutDevice = ({ from, fromBy, to, toBy }: Stay) => ({ from, fromBy, to, toBy });

/** Null where the gap between them is a real one. */
function join(last: Interval, next: Stay, bridgeMs: number): Interval | null {
  if (last.to === null) return last;
  const gap = next.from - last.to;
  if (gap > 0 && gap >= bridgeMs) return null;
  const bridged = gap > 0 ? [...last.bridged, [last.to, next.from] as const] : last.bridged;
  if (next.to !== null && next.to <= last.to) return last;
  return { ...last, to: next.to, toBy: next.toBy, bridged };
}

/** PR4: the milliseconds of the intervals within [from, to], bridged gaps among them. */
export function lengthWithin(intervals: readonly Interval[], from: number, to: number): number {
  return intervals.reduce((sum, each) => {
    const end = Math.min(each.to ?? to, to);
    return sum + Math.max(0, end - Math.max(each.from, from));
  }, 0);
}
