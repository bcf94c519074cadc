import { Timestamp } from "mongodb";
import type { SealedBatch } from "../../core/batch.ts";
import type { ClassId } from "../../core/ids.ts";
import type { SessionHead } from "../../ports/store.ts";
import { follows, NOT_BEGUN } from "../follows.ts";
import type { Mongo } from "./connect.ts";
import type { HeadDoc } from "./documents.ts";
import { readEnd } from "./heads.ts";
import { bodyOf } from "./log.ts";
import { before, land } from "./outcome.ts";

/** The server puts its own time in the place of this one when it inserts, above every one that it gave before. */
const TIME_OF_INSERT = new Timestamp({ t: 0, i: 0 });

/**
 * Starts a session by one insert, of the head row that holds the first batch; the index on the class lets only one
 * running session in.
 */
export async function startSession(
  mongo: Mongo,
  head: SessionHead,
  first: SealedBatch,
): Promise<"ok" | "running"> {
  if (!follows(NOT_BEGUN, first)) throw new Error(`session ${head.id}: batch ${first.number} comes first`);
  const { id, ...fields } = head;
  const doc: HeadDoc = { _id: id, ...fields, order: TIME_OF_INSERT, first: bodyOf(first, null) };
  const outcome = await land({
    timeoutMs: mongo.timeoutMs,
    write: () => mongo.heads.insertOne(doc),
    look: async () => {
      const mine = await mongo.heads.findOne({ _id: id }, { projection: { "first.hash": 1 } });
      if (mine) return mine.first.hash === first.hash ? "mine" : "other";
      return (await runs(mongo, head.classId)) ? "other" : "none";
    },
  });
  return outcome === "conflict" ? "running" : "ok";
}

/** Whether a session of the class runs. One whose log has ended, but not its head row, gives its place free. */
async function runs(mongo: Mongo, of: ClassId): Promise<boolean> {
  const found = await mongo.heads.findOne({ classId: of, endedAt: null }, { projection: { behind: 1 } });
  if (!found?.behind) return found !== null;
  const end = await readEnd(mongo, found._id);
  if (end?.endedAt == null) return true;
  const update = { $set: { endedAt: end.endedAt }, $max: { headSeq: end.seq } };
  await before(performance.now() + mongo.timeoutMs, mongo.heads.updateOne({ _id: found._id }, update));
  return false;
}
