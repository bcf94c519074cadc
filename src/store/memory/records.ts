import type { SessionId } from "../../core/ids.ts";
import type { AttendanceRecord } from "../../core/records.ts";
import type { RecordStore, SessionHead } from "../../ports/store.ts";
import { startedBefore } from "./sessions.ts";

/** Records by session; both maps are shared with the sessions. */
export function memoryRecords(
  heads: Map<SessionId, SessionHead>,
  bySession: Map<SessionId, readonly AttendanceRecord[]>,
): RecordStore {
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
    async ofStudent(id, student, before, limit) {
      const ended = startedBefore([...heads.values()], before).filter(
        (head) => head.classId === id && head.endedAt !== null,
      );
      const dated = ended.flatMap(({ id: session, startedAt }) =>
        (bySession.get(session) ?? [])
          .filter(({ studentId }) => studentId === student)
          .map((record) => ({ ...record, startedAt })),
      );
      return dated.slice(0, limit);
    },
  };
}
