import type { UserId } from "../core/ids.ts";
import type { Interval } from "../core/presence/intervals.ts";
import { judge } from "../core/presence/policy.ts";
import type { TimeInRoom } from "../core/presence/time-in-room.ts";
import type { PolicyMeasure, Status } from "../core/session/events.ts";
import type { Session } from "../core/session/state.ts";

const iso = (at: number) => new Date(at).toISOString();

/** Somebody's time in a room as answers show it; null is none. */
export const timeAnswer = (time: TimeInRoom | null) => ({
  inRoomMs: time?.inRoomMs ?? 0,
  intervals: (time?.intervals ?? []).map(intervalAnswer),
});

/** PR9: the rule by which the end set marks, and its arithmetic; null where it set none. */
export const setByAnswer = ({ policy }: Readonly<Session>) => policy && measureAnswer(policy);

/** PR19: the rule that proposed marks at the end, and its arithmetic; null where none did. */
export const proposedByAnswer = ({ proposed }: Readonly<Session>) => proposed && measureAnswer(proposed);

const measureAnswer = ({ policy, sessionMs, neededMs }: PolicyMeasure) => ({
  ...policy,
  sessionMs,
  neededMs,
});

/** PR19: what the rule proposed of somebody at the end; null where none did, or they were on the roll no more. */
export function proposalOf(
  { proposed, roster }: Readonly<Session>,
  student: UserId,
  inRoomMs: number,
): Status | null {
  return proposed && roster.has(student) ? judge(inRoomMs, proposed.neededMs) : null;
}

const intervalAnswer = ({ from, fromBy, to, toBy, bridged }: Interval) => ({
  from: iso(from),
  fromBy,
  to: to === null ? null : iso(to),
  toBy,
  bridged: bridged.map(([since, until]) => ({ from: iso(since), to: iso(until) })),
});
