import type { PresenceRule } from "./presence/policy.ts";

/** What a teacher has settled for a class, beside its name and its roll. */
export interface ClassSettings {
  /** What time in the video room means for the marks; null: nothing. */
  readonly presence: PresenceRule | null;
  /** Whether what is said in the video room is kept with the session. */
  readonly keepsChat: boolean;
}

/** As a class is made. */
export const SETTINGS_AT_FIRST: ClassSettings = { presence: null, keepsChat: false };

/** The settings out of what a store kept; whatever is not there, or is odd, is as at first. */
export function settingsOf(kept: unknown): ClassSettings {
  if (!isObject(kept)) return SETTINGS_AT_FIRST;
  return { presence: ruleOf(kept.presence), keepsChat: kept.keepsChat === true };
}

/** Whether there is nothing in them worth keeping. */
export const areAtFirst = ({ presence, keepsChat }: ClassSettings): boolean =>
  presence === null && !keepsChat;

function ruleOf(kept: unknown): PresenceRule | null {
  if (!isObject(kept)) return null;
  const { kind, apply, percent, minutes } = kept;
  if (apply !== "propose" && apply !== "set") return null;
  if (kind === "share" && isWhole(percent)) return { kind, percent, apply };
  return kind === "minutes" && isWhole(minutes) ? { kind, minutes, apply } : null;
}

const isObject = (kept: unknown): kept is Readonly<Record<string, unknown>> =>
  typeof kept === "object" && kept !== null && !Array.isArray(kept);
const isWhole = (kept: unknown): kept is number => Number.isSafeInteger(kept);
