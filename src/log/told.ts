import type { Notice } from "../core/session/decide.ts";
import type { LoggedEvent, Stamp } from "../core/session/events.ts";

/** What the class is told at once: events and the notices between them, in the order of the log. */
export interface Told {
  readonly items: readonly (LoggedEvent | Notice)[];
  /** The sequence numbers that the items cover, both ends included; null where there are only notices. */
  readonly range: readonly [from: number, to: number] | null;
}

/** Who asks, how, and by which command id, where there is one. */
export type Author = Pick<Stamp, "by" | "via" | "command">;

/** What became of a command: its first event, and what the rule gave; undefined where it is a resend of one done before. */
export interface Committed<T> {
  readonly seq: number;
  readonly value: T | undefined;
}
