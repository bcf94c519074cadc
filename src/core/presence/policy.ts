import type { Status } from "../session/events.ts";

/** When time in the room makes a student present: a share of the session, or minutes of it. */
export type PresencePolicy =
  | { readonly kind: "share" /** Of the session, 1 to 100. */; readonly percent: number }
  | {
      readonly kind: "minutes" /** 1 or more; of a session that is shorter, all of it. */;
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

/** PR5: present from the policy's measure on, else absent; who was never in the room is absent, whatever the measure. */
export function propose(policy: PresencePolicy, inRoomMs: number, sessionMs: number): Proposal {
  const neededMs =
    policy.kind === "share"
      ? Math.ceil((sessionMs * policy.percent) / 100)
      : Math.min(policy.minutes * MINUTE_MS, sessionMs);
  const status = inRoomMs > 0 && inRoomMs >= neededMs ? "present" : "absent";
  return { status, inRoomMs, sessionMs, neededMs };
}
