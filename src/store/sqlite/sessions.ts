import type { Database } from "bun:sqlite";
import type { StoredBatch } from "../../core/batch.ts";
import type { ClassId, RoomId, SessionId, UserId } from "../../core/ids.ts";
import type { CommandPlace, HeldSession, SessionHead, SessionStore } from "../../ports/store.ts";
import { follows, NOT_BEGUN } from "../follows.ts";
import { type LogWriter, logWriter } from "./log.ts";
import type { Transact } from "./transact.ts";

const COLUMNS = `id, class_id AS classId, teacher_id AS teacherId, room_id AS roomId, started_at AS startedAt,
  ended_at AS endedAt, head_seq AS headSeq, projected_seq AS projectedSeq`;
const HEAD = `${COLUMNS} FROM sessions`;

/** Sessions follow each other as their rows do; none is before one that there is not. */
export const STARTED_BEFORE = `sessions.rowid <
  CASE WHEN ?2 IS NULL THEN ${Number.MAX_SAFE_INTEGER} ELSE (SELECT rowid FROM sessions WHERE id = ?2) END`;

/** Sessions in SQLite: a head row each, and their logs. */
export function sqliteSessions(db: Database, transact: Transact): SessionStore {
  const log = logWriter(db, transact);
  return {
    ...reads(db),
    start: starting(db, transact, log),
    append: log.append,
    remove: removing(db, transact),
  };
}

/** To SQLite, no limit. */
const ALL = -1;

function reads(db: Database): Omit<SessionStore, "start" | "append" | "remove"> {
  const batches = db.prepare<StoredBatch, [SessionId, number, number]>(
    `SELECT session_id AS sessionId, number, body, hash FROM batches
     WHERE session_id = ?1 AND number > ?2 ORDER BY number LIMIT ?3`,
  );
  const one = db.prepare<SessionHead, [SessionId]>(`SELECT ${HEAD} WHERE id = ?1`);
  const runningOf = db.prepare<SessionHead, [ClassId]>(
    `SELECT ${HEAD} WHERE class_id = ?1 AND ended_at IS NULL`,
  );
  const running = db.prepare<SessionHead, []>(`SELECT ${HEAD} WHERE ended_at IS NULL ORDER BY rowid`);
  const runningIn = db.prepare<SessionHead, [string]>(
    `SELECT ${HEAD} WHERE ended_at IS NULL AND class_id IN (SELECT value FROM json_each(?1)) ORDER BY rowid`,
  );
  const next = db.prepare<unknown, [SessionId, number]>(
    "SELECT 1 FROM batches WHERE session_id = ?1 AND number > ?2 LIMIT 1",
  );
  const behind = db.prepare<SessionHead, []>(
    `SELECT ${HEAD} WHERE ended_at IS NOT NULL AND projected_seq < head_seq ORDER BY id`,
  );
  const commands = db.prepare<CommandPlace, [UserId, string]>(
    "SELECT session_id AS sessionId, seq, digest FROM commands WHERE author = ?1 AND id = ?2",
  );
  const anyCommand = db.prepare<unknown, [UserId, string]>(
    "SELECT 1 FROM commands WHERE author = ?1 AND id = ?2 LIMIT 1",
  );
  const page = db.prepare<SessionHead, [string, number]>(`SELECT ${HEAD} WHERE id > ?1 ORDER BY id LIMIT ?2`);
  const held = (column: "class_id" | "teacher_id") =>
    db.prepare<HeldSession, [string, SessionId | null, number]>(
      `SELECT ${COLUMNS}, present, absent FROM sessions
       WHERE ${column} = ?1 AND ${STARTED_BEFORE} ORDER BY rowid DESC LIMIT ?3`,
    );
  const [ofClass, ofTeacher] = [held("class_id"), held("teacher_id")];
  const pageByStart = db.prepare<SessionHead, [SessionId | null, number]>(
    `SELECT ${HEAD} WHERE rowid > coalesce((SELECT rowid FROM sessions WHERE id = ?1), 0)
     ORDER BY rowid LIMIT ?2`,
  );
  return {
    read: async (id, after, limit = ALL) => batches.all(id, after, limit),
    held: async (of, before, limit) =>
      "classId" in of ? ofClass.all(of.classId, before, limit) : ofTeacher.all(of.teacherId, before, limit),
    // Nearly all that are asked for are new.
    commandsOf: async (author, id) => (anyCommand.get(author, id) ? commands.all(author, id) : []),
    head: async (id) => one.get(id),
    runningOf: async (id) => runningOf.get(id),
    running: async () => running.all(),
    runningIn: async (ids) => runningIn.all(JSON.stringify(ids)),
    grown: async (known) => known.flatMap(({ id, number }) => (next.get(id, number) ? id : [])),
    unprojected: async () => behind.all(),
    page: async (after, limit) => page.all(after ?? "", limit),
    pageByStart: async (after, limit) => pageByStart.all(after, limit),
  };
}

function removing(db: Database, transact: Transact): SessionStore["remove"] {
  const parts = ["records", "commands", "batches", "chat"].map((table) =>
    db.prepare<unknown, [SessionId]>(`DELETE FROM ${table} WHERE session_id = ?1`),
  );
  const head = db.prepare<unknown, [SessionId]>("DELETE FROM sessions WHERE id = ?1");
  return async (id) =>
    transact(() => {
      for (const part of parts) part.run(id);
      head.run(id);
    });
}

function starting(db: Database, transact: Transact, log: LogWriter): SessionStore["start"] {
  const running = db.prepare<unknown, [ClassId]>(
    "SELECT 1 FROM sessions WHERE class_id = ?1 AND ended_at IS NULL",
  );
  const insert = db.prepare<unknown, [SessionId, ClassId, UserId, RoomId, number, number]>(
    `INSERT INTO sessions (id, class_id, teacher_id, room_id, started_at, head_seq, projected_seq)
     VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6)`,
  );
  return async (head, first) => {
    if (!follows(NOT_BEGUN, first)) throw new Error(`session ${head.id}: batch ${first.number} comes first`);
    return transact(() => {
      if (running.get(head.classId)) return "running";
      insert.run(head.id, head.classId, head.teacherId, head.roomId, head.startedAt, head.projectedSeq);
      log.write(first);
      return "ok";
    });
  };
}
