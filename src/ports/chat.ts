import type { SessionId, UserId } from "../core/ids.ts";

/** What somebody said in a session's room. Its text stands in no log, so that it can be erased. */
export interface ChatMessage {
  readonly id: string;
  readonly session: SessionId;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly user: UserId;
  readonly text: string;
}

/** A message's place in its session: they are in the order of their times, those of one moment in that of their ids. */
export type ChatPlace = Pick<ChatMessage, "at" | "id">;

/** What was said in the rooms of classes that keep it. It goes with its session. */
export interface ChatStore {
  /** Adding one twice changes nothing. */
  add(message: ChatMessage): Promise<void>;
  /** The last of a session's, the oldest first, no more than `limit`. */
  last(session: SessionId, limit: number): Promise<ChatMessage[]>;
  /** Up to `limit` of a session's behind a place, or from the first on. */
  page(session: SessionId, after: ChatPlace | null, limit: number): Promise<ChatMessage[]>;
  /** All that the user said, the oldest first. */
  ofUser(user: UserId): Promise<ChatMessage[]>;
  /** Forgets all that the user said. */
  eraseOf(user: UserId): Promise<void>;
}
