import type { Timestamp } from "mongodb";
import type { BrowserId, ClassId, RoomId, SessionId, UserId } from "../../core/ids.ts";
import type { TimeInRoom } from "../../core/presence/time-in-room.ts";
import type { MarkedBy } from "../../core/records.ts";
import type { Door } from "../../core/room/door.ts";
import type { Status } from "../../core/session/events.ts";
import type { BrowserSession } from "../../ports/browser-sessions.ts";
import type { ChatMessage } from "../../ports/chat.ts";
import type { TrailEntry } from "../../ports/trail.ts";

/** A command with an id, as the batch that holds it lists it. */
export interface CommandDoc {
  readonly author: UserId;
  readonly id: string;
  readonly seq: number;
  readonly digest: string;
}

/** What is kept of a batch, wherever it stands. */
export interface BatchBody {
  readonly number: number;
  readonly writer: string;
  readonly lastSeq: number;
  /** When the session ended, as of this batch: so the last one says it. */
  readonly endedAt: number | null;
  readonly hash: string;
  readonly body: string;
  readonly commands?: readonly CommandDoc[];
}

/** A batch of a log but its first. `_id` is SESSION/NUMBER: whoever inserts it first has written it. */
export interface BatchDoc extends BatchBody {
  readonly _id: string;
  readonly sessionId: SessionId;
}

export interface RecordDoc {
  readonly studentId: UserId;
  readonly status: Status;
  readonly since: number;
  readonly by: MarkedBy;
  readonly at: number;
  readonly room?: TimeInRoom;
}

/**
 * A session's head row. It holds the log's first batch, so that one insert starts the session, and the records, so
 * that one update projects them.
 */
export interface HeadDoc {
  readonly _id: SessionId;
  readonly classId: ClassId;
  readonly teacherId: UserId;
  readonly roomId: RoomId;
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** Of an ended session; while it runs the log says it. */
  readonly headSeq: number;
  readonly projectedSeq: number;
  /** The database's time of the insert, above that of every earlier one: the order of the starts. */
  readonly order: Timestamp;
  readonly first: BatchBody;
  /** Set before an end is written and until its records stand: the log must be looked at. */
  readonly behind?: boolean;
  readonly records?: readonly RecordDoc[];
  readonly present?: number;
  readonly absent?: number;
  /** Of the video room, where somebody has touched it. */
  readonly door?: Door;
}

export interface TicketDoc {
  readonly _id: string;
  readonly user: UserId;
  readonly expiresAt: number;
}

export interface BrowserDoc extends Omit<BrowserSession, "id"> {
  readonly _id: BrowserId;
}

export interface AuditDoc {
  readonly _id: number;
  readonly body: string;
  readonly hash: string;
  /** Of the call that wrote it. */
  readonly attempt: string;
}

export interface TrailDoc extends Omit<TrailEntry, "number"> {
  readonly _id: number;
  /** Of the call that wrote it. */
  readonly attempt: string;
}

export interface ChatDoc extends Omit<ChatMessage, "id"> {
  readonly _id: string;
}

/** Who has something that one user alone may have: an email, or an issuer's subject. */
export interface ClaimDoc {
  readonly _id: string;
  readonly user: UserId;
  /** When it was claimed, by the database's clock. */
  readonly at: Date;
}

export interface NodeDoc {
  readonly _id: string;
  readonly host: string;
  readonly secret: { readonly salt: string; readonly print: string };
  readonly news: "redis" | "poll";
  readonly carries: boolean;
  readonly unsaid: number;
  readonly beats: number;
  readonly at: Date;
}
