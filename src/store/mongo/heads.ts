import type { Filter } from "mongodb";
import type { SessionId } from "../../core/ids.ts";
import type { HeldSession, SessionHead } from "../../ports/store.ts";
import type { LogEnd } from "../follows.ts";
import type { Mongo } from "./connect.ts";
import type { BatchBody, HeadDoc } from "./documents.ts";

/** Wide enough for any log, so that the order of the texts is that of the numbers. */
const DIGITS = 10;

/** A batch's `_id`. */
export const batchKey = (session: SessionId, number: number): string =>
  `${session}/${String(number).padStart(DIGITS, "0")}`;

/** The batches of a session with a number above `after`. */
export const batchesAfter = (session: SessionId, after: number) => ({
  sessionId: session,
  _id: { $gt: batchKey(session, after), $lt: `${session}0` },
});

/** Where a log ends, and when its session ended, if it has. */
export interface SessionEnd extends LogEnd {
  readonly endedAt: number | null;
}

const endOfBody = ({ number, hash, lastSeq, endedAt }: Omit<BatchBody, "body">): SessionEnd => ({
  number,
  hash,
  seq: lastSeq,
  endedAt,
});

/** Where the session's log ends, read at majority; null where it never started. */
export async function readEnd({ heads, batches }: Mongo, id: SessionId): Promise<SessionEnd | null> {
  const last = batches
    .find<Omit<BatchBody, "body">>(batchesAfter(id, 0), { projection: { body: 0, commands: 0 } })
    .sort({ _id: -1 })
    .limit(1);
  const [found] = await last.toArray();
  if (found) return endOfBody(found);
  const head = await heads.findOne({ _id: id }, { projection: { "first.body": 0, records: 0 } });
  return head && endOfBody(head.first);
}

interface Asked {
  readonly filter: Filter<HeadDoc>;
  readonly sort: Readonly<Record<string, 1 | -1>>;
  readonly limit?: number;
}

/** A head row with the end of its log: what the database joins. */
interface Joined extends HeadDoc {
  readonly last: readonly Pick<BatchBody, "lastSeq" | "endedAt">[];
}

/**
 * The heads of a filter, in order. Where head and log differ the log wins: a head row is written when its session
 * starts and ends, and what came between is in the log alone.
 */
export async function readHeads({ heads }: Mongo, { filter, sort, limit }: Asked): Promise<HeldSession[]> {
  const found = await heads
    .aggregate<Joined>([
      { $match: filter },
      { $sort: sort },
      ...(limit === undefined ? [] : [{ $limit: limit }]),
      { $project: { records: 0, "first.body": 0, "first.commands": 0 } },
      LAST_BATCH,
    ])
    .toArray();
  return found.map(headOf);
}

/** The same without their counts. */
export const readPlainHeads = async (mongo: Mongo, asked: Asked): Promise<SessionHead[]> =>
  (await readHeads(mongo, asked)).map(({ present, absent, ...head }) => head);

const LAST_BATCH = {
  $lookup: {
    from: "rollcall_batches",
    let: { id: "$_id", from: { $concat: ["$_id", "/"] }, to: { $concat: ["$_id", "0"] } },
    pipeline: [
      {
        $match: {
          $expr: {
            $and: [{ $eq: ["$sessionId", "$$id"] }, { $gt: ["$_id", "$$from"] }, { $lt: ["$_id", "$$to"] }],
          },
        },
      },
      { $sort: { _id: -1 } },
      { $limit: 1 },
      { $project: { lastSeq: 1, endedAt: 1 } },
    ],
    as: "last",
  },
};

function headOf({ _id, last, ...doc }: Joined): HeldSession {
  const { lastSeq, endedAt } = last[0] ?? doc.first;
  return {
    id: _id,
    classId: doc.classId,
    teacherId: doc.teacherId,
    roomId: doc.roomId,
    startedAt: doc.startedAt,
    endedAt: doc.endedAt ?? endedAt,
    headSeq: lastSeq,
    projectedSeq: doc.projectedSeq,
    present: doc.present ?? 0,
    absent: doc.absent ?? 0,
  };
}
