import type { Database } from "bun:sqlite";
import type { SealedBatch } from "../../core/batch.ts";
import type { SessionId, UserId } from "../../core/ids.ts";
import type { AppendOutcome, SessionStore } from "../../ports/store.ts";
import { commandsIn } from "../commands-in.ts";
import { endOf, follows, type LogEnd } from "../follows.ts";
import type { Transact } from "./transact.ts";

/** More sessions than run at once in a large school; beyond it their ends are read again. */
const ENDS_MAX = 10_000;

export interface LogWriter {
  /** Writes one batch within the caller's transaction. */
  write(batch: SealedBatch): void;
  readonly append: SessionStore["append"];
}

/**
 * Appends to logs, a call's batches in one transaction, at the time of the call. It remembers where the logs of
 * running sessions end (a third faster with a hundred sessions in a commit); an error makes it forget them all.
 */
export function logWriter(db: Database, transact: Transact): LogWriter {
  const ends = new Map<SessionId, LogEnd>();
  const endInFile = db.prepare<LogEnd, [SessionId]>(
    "SELECT number, hash, last_seq AS seq FROM batches WHERE session_id = ?1 ORDER BY number DESC LIMIT 1",
  );
  const write = writing(db);

  function next(batch: SealedBatch, written: Map<SessionId, LogEnd>): AppendOutcome {
    const id = batch.sessionId;
    const end = written.get(id) ?? ends.get(id) ?? endInFile.get(id);
    if (!end || !follows(end, batch)) return "conflict";
    if (!write(batch)) {
      ends.delete(id);
      return "conflict";
    }
    written.set(id, endOf(batch));
    return "ok";
  }

  function appendAll(batches: readonly SealedBatch[]): AppendOutcome[] {
    const written = new Map<SessionId, LogEnd>();
    const outcomes = transact(() => batches.map((batch) => next(batch, written)));
    if (ends.size + written.size > ENDS_MAX) ends.clear();
    for (const [id, end] of written) ends.set(id, end);
    for (const batch of batches) if (batch.endedAt !== null) ends.delete(batch.sessionId);
    return outcomes;
  }

  return {
    write,
    append(batches) {
      try {
        return appendAll(batches).map((outcome) => Promise.resolve(outcome));
      } catch (error) {
        ends.clear();
        return batches.map(() => Promise.reject(error));
      }
    },
  };
}

/** Puts a batch into the log and its head row; false where the log has one of that number. */
function writing(db: Database): (batch: SealedBatch) => boolean {
  const insert = db.prepare<unknown, [SessionId, number, number, string, string]>(
    `INSERT INTO batches (session_id, number, last_seq, hash, body)
     VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (session_id, number) DO NOTHING`,
  );
  const advance = db.prepare<unknown, [SessionId, number]>("UPDATE sessions SET head_seq = ?2 WHERE id = ?1");
  const end = db.prepare<unknown, [SessionId, number]>("UPDATE sessions SET ended_at = ?2 WHERE id = ?1");
  const command = db.prepare<unknown, [UserId, string, SessionId, number, string]>(
    "INSERT INTO commands (author, id, session_id, seq, digest) VALUES (?1, ?2, ?3, ?4, ?5)",
  );
  return (batch) => {
    const { sessionId, number, lastSeq, hash, body, endedAt } = batch;
    if (insert.run(sessionId, number, lastSeq, hash, body).changes === 0) return false;
    advance.run(sessionId, lastSeq);
    if (endedAt !== null) end.run(sessionId, endedAt);
    for (const { author, id, seq, digest } of commandsIn(batch))
      command.run(author, id, sessionId, seq, digest);
    return true;
  };
}
