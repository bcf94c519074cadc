import { type AnyBulkWriteOperation, type Collection, ObjectId } from "mongodb";
import type { ClassId, UserId } from "../../core/ids.ts";
import type { AttendanceRecord } from "../../core/records.ts";
import type { Status } from "../../core/session/events.ts";
import type { Mongo, TheirDoc } from "./connect.ts";
import type { HeadDoc } from "./documents.ts";
import { kindOf, type RefKind, refAs, refsOf } from "./ids.ts";
import { isDuplicate } from "./outcome.ts";
import { attendanceName, filledFields, type Theirs } from "./theirs.ts";

/** The attendance that others' programs read and write: one document for a class and a student, the last session's. */
export interface AttendanceMirror {
  /** Writes what a session came to, unless a later one has; doing it again changes nothing. */
  write(head: Pick<HeadDoc, "classId" | "order">, records: readonly AttendanceRecord[]): Promise<void>;
  /** What stands there; null where nothing does, or there is no such collection. */
  latest(id: ClassId, student: UserId): Promise<Status | null>;
}

/** How many documents of it no session of ours has written. */
export const countOthers = ({ db }: Mongo, { attendance }: Theirs): Promise<number> =>
  attendance === null
    ? Promise.resolve(0)
    : db.collection(attendance).countDocuments({ rollcallOrder: null });

type Attendance = Collection<TheirDoc>;

/** Keeps `attendance` or `attendances`, whichever there is. */
export function mongoAttendance(mongo: Mongo, theirs: Theirs): AttendanceMirror {
  let name = theirs.attendance;
  const collection = (): Attendance | null => (name === null ? null : mongo.db.collection(name));
  return {
    async write(head, records) {
      name ??= await attendanceName(mongo.db);
      const attendance = collection();
      if (!attendance || records.length === 0) return;
      const shape = await shapeOf(attendance, theirs.members);
      const writes = records.map((record) => writeOf(head, record, shape));
      await writeAll(attendance, writes);
    },
    async latest(id, student) {
      const attendance = collection();
      if (!attendance) return null;
      const pair = { classId: { $in: refsOf(id) }, studentId: { $in: refsOf(student) } };
      const [found] = await attendance.find(pair).sort({ _id: -1 }).limit(1).toArray();
      return found ? statusOf(found.status) : null;
    },
  };
}

/** The status that a document of others' says, in any letter case; null where it says none of ours. */
export function statusOf(value: unknown): Status | null {
  const text = typeof value === "string" ? value.toLowerCase() : null;
  return text === "present" || text === "absent" ? text : null;
}

interface Shape {
  readonly classes: RefKind;
  readonly students: RefKind;
  readonly filled: readonly string[];
}

async function shapeOf(attendance: Attendance, otherwise: RefKind): Promise<Shape> {
  const [last] = await attendance.find().sort({ _id: -1 }).limit(1).toArray();
  return {
    classes: kindOf(last?.classId) ?? otherwise,
    students: kindOf(last?.studentId) ?? otherwise,
    filled: await filledFields(attendance),
  };
}

function writeOf(
  { classId, order }: Pick<HeadDoc, "classId" | "order">,
  { studentId, status }: AttendanceRecord,
  { classes, students, filled }: Shape,
): AnyBulkWriteOperation<TheirDoc> {
  const kept = (field: string, value: unknown) => ({
    [field]: { $ifNull: [`$${field}`, { $literal: value }] },
  });
  const id = pairId(classId, studentId);
  // A document without our mark was written by another program, before us.
  const isNewer = { $lte: ["$rollcallOrder", order] };
  const fields = filled.filter((field) => !["classId", "studentId", "status"].includes(field));
  return {
    updateOne: {
      filter: { classId: { $in: refsOf(classId) }, studentId: { $in: refsOf(studentId) } },
      update: [
        {
          $set: {
            ...kept("_id", id),
            ...kept("classId", refAs(classes, classId)),
            ...kept("studentId", refAs(students, studentId)),
            ...Object.assign({}, ...fields.map((field) => kept(field, id.toHexString()))),
            status: { $cond: [isNewer, status, "$status"] },
            rollcallOrder: { $cond: [isNewer, order, "$rollcallOrder"] },
          },
        },
      ],
      upsert: true,
    },
  };
}

/** The same for the same pair, so that of two nodes that write it at once one inserts and the other updates. */
function pairId(classId: ClassId, studentId: UserId): ObjectId {
  const hash = new Bun.CryptoHasher("sha256").update(`${classId} ${studentId}`).digest("hex");
  return new ObjectId(hash.slice(0, 24));
}

async function writeAll(attendance: Attendance, writes: AnyBulkWriteOperation<TheirDoc>[]): Promise<void> {
  try {
    await attendance.bulkWrite(writes, { ordered: false });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    // Somebody else wrote the same pair at the same time: it is there now.
    await attendance.bulkWrite(writes, { ordered: false });
  }
}
