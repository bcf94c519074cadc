import type { LogPosition, SealedBatch } from "../core/batch.ts";
import type { SessionId } from "../core/ids.ts";
import type { LoggedEvent } from "../core/session/events.ts";
import type { Session } from "../core/session/state.ts";
import type { LiveSession, Told } from "./live-session.ts";
import type { LoadedLog, ReadBatch } from "./load.ts";

/** What a live session needs of those around it. */
export interface Surroundings {
  /** Names this server's run in the batches that it writes. */
  readonly writer: string;
  /** How many of the last events are kept for those who resume. */
  readonly tailEvents: number;
  /** Asks for a turn at the end of this turn of the event loop. */
  schedule(live: LiveSession): void;
  /** Tells the class. */
  publish(session: Session, told: Told): void;
  /** Tells the other nodes of a batch that this one has written. */
  announce(session: Session, batch: SealedBatch): void;
  /** Whether other nodes may wait for theirs and cannot say so. */
  isUnheard(): boolean;
  /** Tells the other nodes that this one waits for its turn to write. */
  want(session: Session): void;
  /** Brings the records up to an end; rejects where they could not be written. `by` says whose end it is. */
  finish(session: Session, ended: LoggedEvent, position: LogPosition, by: Ender): Promise<void>;
  /** Reads session and position anew from the store; rejects where it has less than what is known. */
  reload(id: SessionId, known: LogPosition): Promise<LoadedLog>;
  /** Reads what follows in the log. */
  readOn(id: SessionId, after: LogPosition): Promise<readonly ReadBatch[]>;
  /** Called once an end has its records. */
  closed(live: LiveSession): void;
  /** Something failed that an operator should know of. */
  troubled(what: string, id: SessionId, error: unknown): void;
}

/** Who wrote an end: another node is about to write its records too. */
export type Ender = "this" | "other";
