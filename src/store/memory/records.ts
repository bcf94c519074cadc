import type { SessionId } from "../../core/ids.ts";
import type { AttendanceRecord } from "../../core/records.ts";
import type { RecordStore, SessionHead } from "../../ports/store.ts";

/** Records by session; `heads` is shared with the sessions. */
export function memoryRecords(heads: Map<SessionId, SessionHead>): RecordStore {
  const bySession = new Map<SessionId, readonly AttendanceRecord[]>();
  return {
    async project(id, records, projectedSeq) {
      const head = heads.get(id);
      if (!head) throw new Error(`session ${id} is not there`);
      bySession.set(id, [...records]);
      heads.set(id, { ...head, projectedSeq });
    },
    async latest(id, student) {
      const found = [...bySession.values()]
        .flat()
        .filter((record) => record.classId === id && record.studentId === student)
        .sort(newestFirst);
      return found[0]?.status ?? null;
    },
    ofSession: async (id) => [...(bySession.get(id) ?? [])],
  };
}

const newestFirst = (a: AttendanceRecord, b: AttendanceRecord) =>
  b.at - a.at || (a.sessionId < b.sessionId ? 1 : -1);
