import { type Collection, type CreateIndexesOptions, type Document, MongoServerError } from "mongodb";
import { BY_ORDER } from "./classes.ts";
import type { Mongo } from "./connect.ts";
import { ANY_CASE } from "./find-users.ts";
import { attendanceName, findTheirs } from "./theirs.ts";

interface Index {
  readonly key: Readonly<Record<string, 1 | -1>>;
  readonly options?: CreateIndexesOptions;
}

/**
 * Makes the indexes that our queries go by. On others' collections none is unique, and where there is one of the
 * same kind already it is left as it is. A large collection may take minutes the first time.
 */
export async function makeIndexes(mongo: Mongo): Promise<void> {
  // One that is yet to come has its index before its first document.
  const attendance = (await attendanceName(mongo.db)) ?? (await findTheirs(mongo)).attendance;
  await Promise.all([
    make(mongo.heads, HEADS),
    make(mongo.batches, [{ key: { "commands.author": 1, "commands.id": 1 }, options: { sparse: true } }]),
    make(mongo.tickets, [{ key: { expiresAt: 1 } }]),
    make(mongo.browsers, [
      { key: { hash: 1 } },
      { key: { userId: 1, usedAt: -1 } },
      { key: { createdAt: 1 } },
      { key: { usedAt: 1 } },
    ]),
    make(mongo.trail, [
      { key: { actor: 1, _id: -1 } },
      { key: { subject: 1, _id: -1 } },
      { key: { deed: 1, _id: -1 } },
    ]),
    make(mongo.chat, [{ key: { session: 1, at: 1, _id: 1 } }, { key: { user: 1, at: 1, _id: 1 } }]),
    make(mongo.nodes, [{ key: { at: 1 } }]),
    make(mongo.users, USERS),
    make(mongo.classes, [{ key: { teacherId: 1 } }, { key: { studentIds: 1 } }, { key: BY_ORDER }]),
    ...(attendance ? [make(mongo.db.collection(attendance), [{ key: { classId: 1, studentId: 1 } }])] : []),
  ]);
}

const RUNNING = { endedAt: null };

const HEADS: readonly Index[] = [
  { key: { classId: 1 }, options: { unique: true, partialFilterExpression: RUNNING } },
  { key: { order: 1 } },
  { key: { endedAt: 1, order: 1 }, options: { partialFilterExpression: RUNNING } },
  { key: { behind: 1 }, options: { partialFilterExpression: { behind: true } } },
  { key: { classId: 1, order: -1 } },
  { key: { teacherId: 1, order: -1 } },
  { key: { "first.commands.author": 1, "first.commands.id": 1 }, options: { sparse: true } },
];

const USERS: readonly Index[] = [
  { key: { email: 1 }, options: { collation: ANY_CASE } },
  { key: { role: 1 }, options: { collation: ANY_CASE } },
  { key: { auth0Id: 1 }, options: { sparse: true } },
  { key: { rollcallId: 1 }, options: { sparse: true } },
];

const nameOf = (key: object): string => `rollcall_${Object.keys(key).join("_")}`;

const isThere = (error: unknown): boolean =>
  error instanceof MongoServerError && ALREADY_THERE.includes(Number(error.code));

function unlessThere(error: unknown): void {
  if (!isThere(error)) throw error;
}

/** An index of that key under another name, or with other options. */
const ALREADY_THERE = [85, 86];

async function make<T extends Document>(collection: Collection<T>, indexes: readonly Index[]): Promise<void> {
  const named = indexes.map(({ key, options }) => ({ ...options, key, name: nameOf(key) }));
  try {
    await collection.createIndexes(named);
  } catch (error) {
    if (!isThere(error)) throw error;
    // One of them is there already in another's words, and then none was made: each by itself.
    for (const index of named) await collection.createIndexes([index]).catch(unlessThere);
  }
}
