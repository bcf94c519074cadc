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

/** Batches that are read and checked in one turn, 2 ms at most. */
const PAGE = 200;

/**
 * Reads a session's whole log, checks its chain and replays it; others have their turns in between. Throws where the
 * log is broken or empty.
 */
export async function loadLog(sessions: Pick<SessionStore, "read">, id: SessionId): Promise<LoadedLog> {
  let position: LogPosition = { number: 0, hash: GENESIS };
  const log: LoggedEvent[] = [];
  for (;;) {
    const batches = await sessions.read(id, position.number, PAGE);
    for (const stored of batches) {
      for (const event of openBatch(stored, position).events) log.push(event);
      position = { number: stored.number, hash: stored.hash };
    }
    if (batches.length < PAGE) break;
    await nextTurn();
  }
  return { session: replayed(id, log), position, log };
}

/**
 * Reads anew a log that has come to `known`. Throws too where the store says less than that: what a class was told is
 * not taken back, and nothing is decided on what a mark stood before.
 */
export async function loadAgain(
  sessions: Pick<SessionStore, "read">,
  id: SessionId,
  known: LogPosition,
): Promise<LoadedLog> {
  const loaded = await loadLog(sessions, id);
  const { number } = loaded.position;
  if (number >= known.number) return loaded;
  throw new Error(`session ${id}: the store has ${number} batches of a log that had ${known.number}`);
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
