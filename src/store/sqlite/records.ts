import type { Database } from "bun:sqlite";
import type { ClassId, SessionId, UserId } from "../../core/ids.ts";
import type { AttendanceRecord } from "../../core/records.ts";
import type { Status } from "../../core/session/events.ts";
import type { RecordStore } from "../../ports/store.ts";
import type { Transact } from "./transact.ts";

/** Records in SQLite. */
export function sqliteRecords(db: Database, transact: Transact): RecordStore {
  const clear = db.prepare<unknown, [SessionId]>("DELETE FROM records WHERE session_id = ?1");
  const insert = db.prepare<unknown, [SessionId, string]>(
    `INSERT INTO records (session_id, student_id, class_id, status, at)
     SELECT ?1, value ->> 'studentId', value ->> 'classId', value ->> 'status', value ->> 'at' FROM json_each(?2)`,
  );
  const shown = db.prepare<unknown, [SessionId, number]>(
    "UPDATE sessions SET projected_seq = ?2 WHERE id = ?1",
  );
  const latest = db.prepare<{ status: Status }, [ClassId, UserId]>(
    `SELECT status FROM records WHERE class_id = ?1 AND student_id = ?2
     ORDER BY at DESC, session_id DESC LIMIT 1`,
  );
  const ofSession = db.prepare<AttendanceRecord, [SessionId]>(
    `SELECT session_id AS sessionId, class_id AS classId, student_id AS studentId, status, at
     FROM records WHERE session_id = ?1`,
  );
  return {
    project: async (id, records, projectedSeq) =>
      transact(() => {
        clear.run(id);
        insert.run(id, JSON.stringify(records));
        if (shown.run(id, projectedSeq).changes === 0) throw new Error(`session ${id} is not there`);
      }),
    latest: async (id, student) => latest.get(id, student)?.status ?? null,
    ofSession: async (id) => ofSession.all(id),
  };
}
