import type { SessionId, UserId } from "../core/ids.ts";

/** Somebody seen in a session's room by whoever carries its media. */
export interface Seen {
  readonly session: SessionId;
  readonly user: UserId;
  /** Tells one presence of this user from every other: a participant's own id, new each time it comes. */
  readonly device: string;
  /** Milliseconds since the epoch, by the carrier's word. */
  readonly when: number;
}

/** Takes what a carrier of media says of who is in a room, whichever node it says it to. Never throws, never waits. */
export interface RoomWitness {
  /** By its webhook: late, twice or out of order, it does no harm. */
  told(kind: "entered" | "left", seen: Seen): void;
  /** By its list, for which it was asked at `at`: these are in the session's room, and nobody else is that it has told of before. */
  listed(session: SessionId, present: readonly Omit<Seen, "session">[], at: number): void;
  /** It was asked for its list and did not answer: who is there by its word alone is not, since it named them last. */
  unanswered(session: SessionId): void;
}
