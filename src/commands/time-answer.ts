import type { Interval } from "../core/presence/intervals.ts";
import type { TimeInRoom } from "../core/presence/time-in-room.ts";
import type { Session } from "../core/session/state.ts";

const iso = (at: number) => new Date(at).toISOString();

/** Somebody's time in a room as answers show it; null is none. */
export const timeAnswer = (time: TimeInRoom | null) => ({
  inRoomMs: time?.inRoomMs ?? 0,
  intervals: (time?.intervals ?? []).map(intervalAnswer),
});

/** PR9: the rule by which the end set marks, and its arithmetic; null where it set none. */
export const setByAnswer = ({ policy }: Readonly<Session>) =>
  policy && { ...policy.policy, sessionMs: policy.sessionMs, neededMs: policy.neededMs };

const intervalAnswer = ({ from, fromBy, to, toBy, bridged }: Interval) => ({
  from: iso(from),
  fromBy,
  to: to === null ? null : iso(to),
  toBy,
  bridged: bridged.map(([since, until]) => ({ from: iso(since), to: iso(until) })),
});
