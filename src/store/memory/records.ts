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
      // The map keeps the sessions in the order of their starts.
      const ended = [...heads.values()].filter((head) => head.classId === id && head.endedAt !== null);
      const records = ended.flatMap((head) => bySession.get(head.id) ?? []);
      return records.findLast((record) => record.studentId === student)?.status ?? null;
    },
    ofSession: async (id) => [...(bySession.get(id) ?? [])],
  };
}
