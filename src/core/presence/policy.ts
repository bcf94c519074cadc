import type { Status } from "../session/events.ts";

/** When time in the room makes a student present: a share of the session, or minutes of it. */
export type PresencePolicy =
  | { readonly kind: "share" /** Of the session, 1 to 100. */; readonly percent: number }
  | {
      readonly kind: "minutes" /** 1 or more. */;
      readonly minutes: number;
    };

/** What a class makes of time in the room: marks proposed to its teacher, or set by themselves at the end. */
export type PresenceRule = PresencePolicy & { readonly apply: "propose" | "set" };

/** The measure alone. */
export const policyOf = (rule: PresenceRule): PresencePolicy =>
  rule.kind === "share"
    ? { kind: rule.kind, percent: rule.percent }
    : { kind: rule.kind, minutes: rule.minutes };

/** A mark that the policy proposes, and the arithmetic behind it. */
export interface Proposal {
  readonly status: Status;
  readonly inRoomMs: number;
  readonly sessionMs: number;
  /** What the policy asked for in this session. */
  readonly neededMs: number;
}

const MINUTE_MS = 60_000;

/**
 * PR5: how long somebody must be there, of a session of `sessionMs`. Nobody is there for all of one: nothing asks
 * for more than all but `bridgeMs`, a gap too short to count, or half of a session that is hardly longer than the gap.
 */
export function neededOf(policy: PresencePolicy, sessionMs: number, bridgeMs: number): number {
  const asked = policy.kind === "share" ? (sessionMs * policy.percent) / 100 : policy.minutes * MINUTE_MS;
  const most = Math.max(sessionMs - bridgeMs, sessionMs / 2);
  return Math.ceil(Math.min(asked, most));
}

/** What a policy is applied to, in milliseconds. */
interface Measured {
  readonly inRoomMs: number;
  readonly sessionMs: number;
  /** A gap that is shorter does not count. */
  readonly bridgeMs: number;
}

/** PR5: what so much time in the room makes of somebody where `neededMs` are asked for. */
export const judge = (inRoomMs: number, neededMs: number): Status =>
  inRoomMs > 0 && inRoomMs >= neededMs ? "present" : "absent";

/** PR5: present from the policy's measure on, else absent; who was never in the room is absent, whatever the measure. */
export function propose(policy: PresencePolicy, { inRoomMs, sessionMs, bridgeMs }: Measured): Proposal {
  const neededMs = neededOf(policy, sessionMs, bridgeMs);
  return { status: judge(inRoomMs, neededMs), inRoomMs, sessionMs, neededMs };
}
