import type { Database } from "bun:sqlite";
import type { ClassId, SessionId, UserId } from "../../core/ids.ts";
import type { AttendanceRecord } from "../../core/records.ts";
import type { Status } from "../../core/session/events.ts";
import type { RecordStore } from "../../ports/store.ts";
import type { Transact } from "./transact.ts";

/** Records in SQLite. */
export function sqliteRecords(db: Database, transact: Transact): RecordStore {
  const clear = db.prepare<unknown, [SessionId]>("DELETE FROM records WHERE session_id = ?1");
  const insert = db.prepare<unknown, [SessionId, UserId, ClassId, Status, number]>(
    "INSERT INTO records (session_id, student_id, class_id, status, at) VALUES (?1, ?2, ?3, ?4, ?5)",
  );
  const shown = db.prepare<unknown, [SessionId, number]>(
    "UPDATE sessions SET projected_seq = ?2 WHERE id = ?1",
  );
  // Walks the class's sessions from the last: an index of records by student would make each end rewrite a page
  // of it for every student (5,000 records: 9 ms without it, 90 ms and growing with it).
  const latest = db.prepare<{ status: Status }, [ClassId, UserId]>(
    `SELECT status FROM sessions CROSS JOIN records ON session_id = id AND student_id = ?2
     WHERE sessions.class_id = ?1 AND ended_at IS NOT NULL ORDER BY sessions.rowid DESC LIMIT 1`,
  );
  const ofSession = db.prepare<AttendanceRecord, [SessionId]>(
    `SELECT session_id AS sessionId, class_id AS classId, student_id AS studentId, status, at
     FROM records WHERE session_id = ?1`,
  );
  return {
    project: async (id, records, projectedSeq) =>
      transact(() => {
        clear.run(id);
        for (const { studentId, classId, status, at } of records)
          insert.run(id, studentId, classId, status, at);
        if (shown.run(id, projectedSeq).changes === 0) throw new Error(`session ${id} is not there`);
      }),
    latest: async (id, student) => latest.get(id, student)?.status ?? null,
    ofSession: async (id) => ofSession.all(id),
  };
}
