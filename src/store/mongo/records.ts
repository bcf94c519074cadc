import type { ClassId, SessionId } from "../../core/ids.ts";
import { timeKept } from "../../core/presence/time-in-room.ts";
import type { AttendanceRecord } from "../../core/records.ts";
import type { DatedRecord, RecordStore } from "../../ports/store.ts";
import type { AttendanceMirror } from "./attendance.ts";
import type { RoomMirror } from "./classes.ts";
import type { Mongo } from "./connect.ts";
import type { HeadDoc, RecordDoc } from "./documents.ts";
import { readEnd } from "./heads.ts";
import { startBound } from "./sessions.ts";

/** Records in MongoDB: in the head row of their session, so that one update projects them all. */
export function mongoRecords(mongo: Mongo, rooms: RoomMirror, attendance: AttendanceMirror): RecordStore {
  const { heads } = mongo;
  return {
    async project(id, records, projectedSeq) {
      const head = await heads.findOne({ _id: id }, { projection: { "first.body": 0, records: 0 } });
      const end = head && (await readEnd(mongo, id));
      if (!head || !end) throw new Error(`session ${id} is not there`);
      if (end.endedAt !== null) {
        await attendance.write(head, records);
        await rooms.closed(head);
      }
      const update = {
        $set: {
          ...countsOf(records),
          records: records.map(docOf),
          projectedSeq,
          behind: projectedSeq < end.seq,
          ...(end.endedAt !== null && { endedAt: end.endedAt }),
        },
        $max: { headSeq: end.seq },
      };
      // A node that was slow does not put an older projection over a newer one.
      await heads.updateOne({ _id: id, projectedSeq: { $lte: projectedSeq } }, update);
    },
    async latest(id, student) {
      const told = await attendance.latest(id, student);
      if (told !== null) return told;
      const [last] = await recordsOf(mongo, id, student, null, 1);
      return last?.status ?? null;
    },
    async ofSession(id) {
      const head = await heads.findOne({ _id: id }, { projection: { classId: 1, records: 1 } });
      return head ? (head.records ?? []).map((record) => recordOf(id, head.classId, record)) : [];
    },
    ofStudent: (id, student, before, limit) => recordsOf(mongo, id, student, before, limit),
  };
}

async function recordsOf(
  mongo: Mongo,
  id: ClassId,
  student: string,
  before: SessionId | null,
  limit: number,
): Promise<DatedRecord[]> {
  const bound = await startBound(mongo, before, "$lt");
  if (!bound) return [];
  const found = await mongo.heads
    .find<Pick<HeadDoc, "_id" | "classId" | "startedAt" | "records">>(
      { classId: id, endedAt: { $ne: null }, records: { $elemMatch: { studentId: student } }, ...bound },
      { projection: { classId: 1, startedAt: 1, records: { $elemMatch: { studentId: student } } } },
    )
    .sort({ order: -1 })
    .limit(limit)
    .toArray();
  return found.flatMap(({ _id, classId, startedAt, records = [] }) =>
    records.map((record) => ({ ...recordOf(_id, classId, record), startedAt })),
  );
}

const docOf = ({ studentId, status, since, by, at, room }: AttendanceRecord): RecordDoc => ({
  studentId,
  status,
  since,
  by,
  at,
  ...(room && { room }),
});

const recordOf = (sessionId: SessionId, classId: ClassId, record: RecordDoc): AttendanceRecord => ({
  sessionId,
  classId,
  ...record,
  room: timeKept(record.room),
});

function countsOf(records: readonly AttendanceRecord[]) {
  const present = records.filter(({ status }) => status === "present").length;
  return { present, absent: records.length - present };
}
