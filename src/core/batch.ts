import type { SessionId } from "./ids.ts";
import type { LoggedEvent } from "./session/events.ts";

/** The hash that the first batch of a log, and the first entry of the audit chain, names as the one before. */
export const GENESIS = "0".repeat(64);

/** A place in a session's log: the number of its last batch (0 where it has none) and that batch's hash. */
export interface LogPosition {
  readonly number: number;
  readonly hash: string;
}

/**
 * What one append writes. `body` is the JSON of everything below and is exactly what is hashed; `hash` is
 * its SHA-256 in hex. The other fields repeat what a store needs to check the order without parsing.
 */
export interface SealedBatch {
  readonly sessionId: SessionId;
  /** Counts from 1 within the session. */
  readonly number: number;
  /** The hash of the batch before. */
  readonly prev: string;
  readonly writer: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** Set where the batch holds the `ended` event: its time, milliseconds since the epoch. */
  readonly endedAt: number | null;
  readonly events: readonly LoggedEvent[];
  readonly body: string;
  readonly hash: string;
}

/** A batch as a store gives it back: nothing in it is believed before `openBatch` has checked it. */
export interface StoredBatch {
  readonly sessionId: SessionId;
  readonly number: number;
  readonly body: string;
  readonly hash: string;
}
