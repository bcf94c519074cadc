import { type Document, type Filter, type FindCursor, ObjectId, Timestamp } from "mongodb";
import { areAtFirst, settingsOf } from "../../core/class-settings.ts";
import { type ClassId, isClassId, isUserId, type UserId } from "../../core/ids.ts";
import type { Class } from "../../core/people.ts";
import type { ClassStore, SessionHead } from "../../ports/store.ts";
import type { Mongo, TheirDoc } from "./connect.ts";
import { idOf, kindOf, refAs, refsOf } from "./ids.ts";
import { isDuplicate, land } from "./outcome.ts";
import { type Filled, type Theirs, textOf } from "./theirs.ts";

/** Tells the program beside us which class has a room open; it reads that in the class. */
export interface RoomMirror {
  opened(head: Pick<SessionHead, "classId" | "roomId">): Promise<void>;
  closed(head: Pick<SessionHead, "classId" | "roomId">): Promise<void>;
}

/** Classes in MongoDB, in the collection and the shape that others' programs know. */
export function mongoClasses(mongo: Mongo, theirs: Theirs, filled: Filled): ClassStore {
  return { ...reads(mongo), ...rolls(mongo), add: adding(mongo, theirs, filled) };
}

/** A class out of a document; null where it is none. */
function classOf(doc: TheirDoc): Class | null {
  const [id, teacherId] = [idOf(doc._id), idOf(doc.teacherId)];
  const name = textOf(doc.className) ?? textOf(doc.name);
  if (id === null || !isClassId(id) || teacherId === null || !isUserId(teacherId) || name === null)
    return null;
  const roll: unknown[] = Array.isArray(doc.studentIds) ? doc.studentIds : [];
  const students = roll.flatMap((each) => {
    const student = idOf(each);
    return student !== null && isUserId(student) ? [student] : [];
  });
  const archivedAt = doc.archivedAt instanceof Date ? doc.archivedAt.getTime() : null;
  return {
    id,
    name,
    teacherId,
    studentIds: [...new Set(students)],
    archivedAt,
    settings: settingsOf(doc.rollcallSettings),
  };
}

const byKey = (id: ClassId): Filter<TheirDoc> => ({ _id: { $in: refsOf(id) } });
const taughtBy = (teacher: UserId) => ({ teacherId: { $in: refsOf(teacher) } });
const attendedBy = (student: UserId) => ({ studentIds: { $in: refsOf(student) } });
const UNARCHIVED = { archivedAt: null };

function reads({ classes }: Mongo): Pick<ClassStore, "byId" | "ofTeacher" | "ofStudent" | "idsOf" | "page"> {
  const isIndexed = async () => {
    const indexes = await classes.indexes().catch(() => []);
    return indexes.some(({ key }) => Bun.deepEquals({ ...key }, { ...BY_ORDER }));
  };
  const list = async (filter: Filter<TheirDoc>) => {
    const docs = await classes.find({ ...filter, ...UNARCHIVED }).toArray();
    return classesOf(docs.toSorted(byAge));
  };
  return {
    async byId(id) {
      const docs = await classes.find(byKey(id)).toArray();
      return classesOf(docs)[0] ?? null;
    },
    ofTeacher: (teacher) => list(taughtBy(teacher)),
    ofStudent: (student) => list(attendedBy(student)),
    async idsOf(user) {
      const mine = { $or: [taughtBy(user), attendedBy(user)], ...UNARCHIVED };
      const docs = await classes.find(mine, { projection: { _id: 1 } }).toArray();
      return docs.map(({ _id }) => idOf(_id)).filter((id) => id !== null && isClassId(id));
    },
    async page(after, limit) {
      const found = after === null ? null : await classes.findOne(byKey(after));
      if (after !== null && !found) return [];
      if (!(await isIndexed())) return takeClasses(behind(classes.find().sort(BY_ORDER), found), limit);
      const walk = classes.find().sort(BY_ORDER).hint(BY_ORDER);
      const from = found && { rollcallOrder: found.rollcallOrder ?? null, _id: found._id };
      return takeClasses(from ? walk.min(from).skip(1) : walk, limit);
    },
  };
}

/** In this order classes are walked: others' own by their ids, then ours as they were made. */
export const BY_ORDER = { rollcallOrder: 1, _id: 1 } as const;

/** What follows a document. A database that we only read, and never served, has no index to find the place by. */
async function* behind(walk: FindCursor<TheirDoc>, last: TheirDoc | null): AsyncGenerator<TheirDoc> {
  let isBehind = last === null;
  for await (const doc of walk) {
    if (isBehind) yield doc;
    else isBehind = idOf(doc._id) === idOf(last?._id);
  }
}

async function takeClasses(walk: AsyncIterable<TheirDoc>, limit: number): Promise<Class[]> {
  const taken: Class[] = [];
  for await (const doc of walk) {
    const found = classOf(doc);
    if (found) taken.push(found);
    if (taken.length === limit) break;
  }
  return taken;
}

const classesOf = (docs: readonly TheirDoc[]): Class[] => docs.map(classOf).filter((one) => one !== null);

/** Oldest first: ours by the database's time of their insert, others' by the time in their ids, in seconds. */
function byAge(a: TheirDoc, b: TheirDoc): number {
  const [one, other] = [ageOf(a), ageOf(b)];
  return one.seconds - other.seconds || one.count - other.count || (String(a._id) < String(b._id) ? -1 : 1);
}

function ageOf({ _id, rollcallOrder }: TheirDoc): { seconds: number; count: number } {
  if (rollcallOrder instanceof Timestamp) return { seconds: rollcallOrder.t, count: rollcallOrder.i };
  return { seconds: _id instanceof ObjectId ? _id.getTimestamp().getTime() / 1000 : 0, count: 0 };
}

function adding({ classes, timeoutMs }: Mongo, theirs: Theirs, filled: Filled): ClassStore["add"] {
  return async ({ id, name, teacherId, studentIds, archivedAt, settings }) => {
    const doc: TheirDoc = {
      _id: refAs(theirs.classIds, id),
      className: name,
      teacherId: refAs(theirs.members, teacherId),
      studentIds: studentIds.map((student) => refAs(theirs.members, student)),
      ...(archivedAt !== null && { archivedAt: new Date(archivedAt) }),
      ...(!areAtFirst(settings) && { rollcallSettings: settings }),
      rollcallOrder: new Timestamp({ t: 0, i: 0 }),
    };
    const fills = Object.fromEntries(
      filled.classes.filter((field) => !(field in doc)).map((field) => [field, id]),
    );
    const write = () => classes.insertOne({ ...fills, ...doc });
    const look = async () => ((await classes.findOne({ _id: doc._id })) ? "mine" : "none");
    try {
      await write();
    } catch (error) {
      if (isDuplicate(error)) throw new Error(`class ${id} is already there`, { cause: error });
      await land({ write, look, timeoutMs }, error);
    }
  };
}

function rolls({
  classes,
}: Mongo): Pick<
  ClassStore,
  "addStudent" | "removeStudent" | "rename" | "configure" | "archive" | "handOver"
> {
  return {
    async addStudent(id, student, limit) {
      const found = await classes.findOne(byKey(id), {
        projection: { teacherId: 1, studentIds: { $slice: 1 } },
      });
      if (!found) throw new Error(`class ${id} is not there`);
      const roll: unknown[] = Array.isArray(found.studentIds) ? found.studentIds : [];
      // As the others on the roll are named, so that whoever else reads it finds them all.
      const kind = kindOf(roll[0]) ?? kindOf(found.teacherId) ?? "ObjectId";
      const room = { [`studentIds.${limit - 1}`]: { $exists: false }, studentIds: { $nin: refsOf(student) } };
      // Nothing can be pushed to the null that others' classes may have for an empty roll.
      if (found.studentIds === null)
        await classes.updateOne({ ...byKey(id), studentIds: null }, { $set: { studentIds: [] } });
      const push: Document = { studentIds: refAs(kind, student) };
      const { matchedCount } = await classes.updateOne({ ...byKey(id), ...room }, { $push: push });
      if (matchedCount > 0) return "ok";
      const there = await classes.findOne(
        { ...byKey(id), ...attendedBy(student) },
        { projection: { _id: 1 } },
      );
      return there ? "ok" : "full";
    },
    async removeStudent(id, student) {
      const pull: Document = { studentIds: { $in: refsOf(student) } };
      await classes.updateOne(byKey(id), { $pull: pull });
    },
    async rename(id, name) {
      await classes.updateOne(byKey(id), { $set: { className: name } });
    },
    async configure(id, settings) {
      await classes.updateOne(byKey(id), { $set: { rollcallSettings: settings } });
    },
    async handOver(id, teacher) {
      const found = await classes.findOne(byKey(id), { projection: { teacherId: 1 } });
      const teacherId = refAs(kindOf(found?.teacherId) ?? "ObjectId", teacher);
      await classes.updateOne(byKey(id), { $set: { teacherId } });
    },
    async archive(id, at) {
      await classes.updateOne(byKey(id), { $set: { archivedAt: new Date(at) } });
    },
  };
}

/** Keeps `activeRoomId` in the classes. */
export function mongoRooms({ classes }: Mongo): RoomMirror {
  return {
    async opened({ classId, roomId }) {
      try {
        await classes.updateOne(byKey(classId), { $set: { activeRoomId: roomId } });
      } catch {
        // The session has started whether the class says so or not; the server itself never reads it there.
      }
    },
    async closed({ classId, roomId }) {
      await classes.updateOne({ ...byKey(classId), activeRoomId: roomId }, { $unset: { activeRoomId: "" } });
    },
  };
}
