import type { Database } from "bun:sqlite";
import type { ClassId, SessionId, UserId } from "../../core/ids.ts";
import { type TimeInRoom, timeKept } from "../../core/presence/time-in-room.ts";
import type { AttendanceRecord, MarkedBy } from "../../core/records.ts";
import type { Status } from "../../core/session/events.ts";
import type { DatedRecord, RecordStore } from "../../ports/store.ts";
import { STARTED_BEFORE } from "./sessions.ts";
import type { Transact } from "./transact.ts";

const RECORD = `records.session_id AS sessionId, records.class_id AS classId, records.student_id AS studentId,
  records.status, records.since, records.marked_by AS "by", records.at, records.room`;

type Row<Record> = Omit<Record, "room"> & { readonly room: string | null };

const shownAs = <Record extends AttendanceRecord>(row: Row<Record>) => ({ ...row, room: timeIn(row.room) });
const timeIn = (text: string | null): TimeInRoom | null =>
  text === null ? null : timeKept(JSON.parse(text));

/** Records in SQLite. */
export function sqliteRecords(db: Database, transact: Transact): RecordStore {
  const clear = db.prepare<unknown, [SessionId]>("DELETE FROM records WHERE session_id = ?1");
  const insert = db.prepare<
    unknown,
    [SessionId, UserId, ClassId, Status, number, MarkedBy, number, string | null]
  >(
    `INSERT INTO records (session_id, student_id, class_id, status, since, marked_by, at, room)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)`,
  );
  const shown = db.prepare<unknown, [SessionId, number, number, number]>(
    "UPDATE sessions SET projected_seq = ?2, present = ?3, absent = ?4 WHERE id = ?1",
  );
  // Walks the class's sessions from the last: an index of records by student would make each end rewrite a page
  // of it for every student (5,000 records: 9 ms without it, 90 ms and growing with it).
  const latest = db.prepare<{ status: Status }, [ClassId, UserId]>(
    `SELECT status FROM sessions CROSS JOIN records ON session_id = id AND student_id = ?2
     WHERE sessions.class_id = ?1 AND ended_at IS NOT NULL ORDER BY sessions.rowid DESC LIMIT 1`,
  );
  const ofSession = db.prepare<Row<AttendanceRecord>, [SessionId]>(
    `SELECT ${RECORD} FROM records WHERE session_id = ?1`,
  );
  const ofStudent = db.prepare<Row<DatedRecord>, [ClassId, SessionId | null, UserId, number]>(
    `SELECT ${RECORD}, sessions.started_at AS startedAt
     FROM sessions CROSS JOIN records ON session_id = id AND student_id = ?3
     WHERE sessions.class_id = ?1 AND ended_at IS NOT NULL AND ${STARTED_BEFORE}
     ORDER BY sessions.rowid DESC LIMIT ?4`,
  );
  return {
    project: async (id, records, projectedSeq) =>
      transact(() => {
        clear.run(id);
        let present = 0;
        for (const { studentId, classId, status, since, by, at, room } of records) {
          const time = room === null ? null : JSON.stringify(room);
          insert.run(id, studentId, classId, status, since, by, at, time);
          if (status === "present") present++;
        }
        const { changes } = shown.run(id, projectedSeq, present, records.length - present);
        if (changes === 0) throw new Error(`session ${id} is not there`);
      }),
    latest: async (id, student) => latest.get(id, student)?.status ?? null,
    ofSession: async (id) => ofSession.all(id).map(shownAs),
    ofStudent: async (id, student, before, limit) => ofStudent.all(id, before, student, limit).map(shownAs),
  };
}
