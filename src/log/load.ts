import { GENESIS, type LogPosition } from "../core/batch.ts";
import type { SessionId } from "../core/ids.ts";
import type { LoggedEvent } from "../core/session/events.ts";
import { replay, type Session } from "../core/session/state.ts";
import type { SessionStore } from "../ports/store.ts";
import { nextTurn } from "./next-turn.ts";
import { BrokenBatch, openBatch } from "./seal.ts";

export interface LoadedLog {
  readonly session: Session;
  readonly position: LogPosition;
  readonly log: readonly LoggedEvent[];
}

const BEGINNING: LogPosition = { number: 0, hash: GENESIS };
const RESTART = "if the store was restored from a copy, restart the server";
/** Batches that are read and checked in one turn, 2 ms at most. */
const PAGE = 200;

/**
 * Reads a session's whole log, checks its chain and replays it; others have their turns in between. Throws where the
 * log is broken or empty, or where the store has less of it than is `known`, or another: what a class was told is not
 * taken back, and nothing is decided on what a mark stood before.
 */
export async function loadLog(
  sessions: Pick<SessionStore, "read">,
  id: SessionId,
  known: LogPosition = BEGINNING,
): Promise<LoadedLog> {
  let position = BEGINNING;
  const log: LoggedEvent[] = [];
  for (;;) {
    const batches = await sessions.read(id, position.number, PAGE);
    for (const stored of batches) {
      if (stored.number === known.number && stored.hash !== known.hash)
        throw new Error(`session ${id}: batch ${known.number} is another than it was; ${RESTART}`);
      for (const event of openBatch(stored, position).events) log.push(event);
      position = { number: stored.number, hash: stored.hash };
    }
    if (batches.length < PAGE) break;
    await nextTurn();
  }
  if (position.number < known.number)
    throw new Error(`session ${id}: ${position.number} batches of ${known.number} are there; ${RESTART}`);
  return { session: replayed(id, log), position, log };
}

function replayed(id: SessionId, log: readonly LoggedEvent[]): Session {
  try {
    return replay(id, log);
  } catch (error) {
    throw new BrokenBatch(error instanceof Error ? error.message : String(error));
  }
}

/** A batch of a log as it was read and checked. */
export interface ReadBatch {
  readonly events: readonly LoggedEvent[];
  /** Where the log stands with it. */
  readonly position: LogPosition;
}

/** Reads what follows in a session's log and checks its chain. Throws where that is broken. */
export async function readOn(
  sessions: Pick<SessionStore, "read">,
  id: SessionId,
  after: LogPosition,
): Promise<ReadBatch[]> {
  let before = after;
  return (await sessions.read(id, after.number)).map((stored) => {
    const { events } = openBatch(stored, before);
    before = { number: stored.number, hash: stored.hash };
    return { events, position: before };
  });
}
