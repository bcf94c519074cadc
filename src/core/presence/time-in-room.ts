import type { UserId } from "../ids.ts";
import type { Session } from "../session/state.ts";
import { type Interval, lengthWithin, union } from "./intervals.ts";

/** What the stays that src/presence has written down come to: somebody's time in the room of a session. */
export interface TimeInRoom {
  readonly inRoomMs: number;
  readonly intervals: readonly Interval[];
}

const NEVER: TimeInRoom = { inRoomMs: 0, intervals: [] };

/** PR1–PR4: a person's time in the room, within the session; of a running one up to `now`. Gaps shorter than `bridgeMs` count. */
export function timeInRoom(
  session: Readonly<Session>,
  user: UserId,
  now: number,
  bridgeMs: number,
): TimeInRoom {
  const stays = session.stays.get(user);
  if (!stays) return NEVER;
  const intervals = union(stays, bridgeMs);
  return { inRoomMs: lengthWithin(intervals, session.startedAt, session.endedAt ?? now), intervals };
}

/** How long the session lasts, up to `now` while it runs, in milliseconds. */
export const lengthOf = ({ startedAt, endedAt }: Readonly<Session>, now: number): number =>
  Math.max(0, (endedAt ?? now) - startedAt);

/** Since when somebody is in the room, in milliseconds since the epoch; null where they are not. */
export const hereSince = ({ intervals }: TimeInRoom): number | null => {
  const last = intervals.at(-1);
  return last && last.to === null ? last.from : null;
};

/** What a store kept of somebody's time in the room; null where it is none, or odd. */
export function timeKept(kept: unknown): TimeInRoom | null {
  if (!isObject(kept) || typeof kept.inRoomMs !== "number" || !Array.isArray(kept.intervals)) return null;
  const intervals = kept.intervals.map(intervalKept);
  const whole = intervals.filter((each) => each !== null);
  return whole.length === intervals.length ? { inRoomMs: kept.inRoomMs, intervals: whole } : null;
}

const WITNESSES = ["socket", "webhook", "list", "last-sign-of-life", "end"] as const;
const witnessOf = (kept: unknown) => WITNESSES.find((each) => each === kept);

function intervalKept(kept: unknown): Interval | null {
  if (!isObject(kept) || typeof kept.from !== "number" || !Array.isArray(kept.bridged)) return null;
  const [fromBy, toBy] = [witnessOf(kept.fromBy), witnessOf(kept.toBy) ?? null];
  const to = typeof kept.to === "number" ? kept.to : null;
  const bridged = kept.bridged.flatMap((gap: unknown) => gapKept(gap));
  return fromBy && bridged.length === kept.bridged.length
    ? { from: kept.from, fromBy, to, toBy, bridged }
    : null;
}

function gapKept(kept: unknown): (readonly [number, number])[] {
  const [from, to]: unknown[] = Array.isArray(kept) ? kept : [];
  return typeof from === "number" && typeof to === "number" ? [[from, to]] : [];
}

const isObject = (kept: unknown): kept is Readonly<Record<string, unknown>> =>
  typeof kept === "object" && kept !== null && !Array.isArray(kept);
