import type { Document, Filter } from "mongodb";
import type { StoredBatch } from "../../core/batch.ts";
import type { SessionId } from "../../core/ids.ts";
import type { SessionHead, SessionStore } from "../../ports/store.ts";
import type { RoomMirror } from "./classes.ts";
import { CommandLookup } from "./command-lookup.ts";
import type { Mongo } from "./connect.ts";
import type { BatchBody, HeadDoc } from "./documents.ts";
import { batchesAfter, batchKey, readHeads, readPlainHeads } from "./heads.ts";
import { LogWriter } from "./log.ts";
import { startSession } from "./starts.ts";

/** Sessions in MongoDB: a head row each, which holds the first batch, and a document for every other batch. */
export function mongoSessions(mongo: Mongo, rooms: RoomMirror): SessionStore {
  const log = new LogWriter(mongo);
  const commands = new CommandLookup(mongo);
  return {
    ...listing(mongo),
    ...paging(mongo),
    append: (batches) => log.append(batches),
    async start(head, first) {
      const outcome = await startSession(mongo, head, first);
      if (outcome === "ok") await rooms.opened(head);
      return outcome;
    },
    read: (id, after, limit) => readBatches(mongo, id, after, limit),
    async remove(id) {
      // The head row first: what a crash leaves behind belongs to no session and is found by nobody.
      await mongo.heads.deleteOne({ _id: id });
      await mongo.batches.deleteMany({ _id: { $gt: `${id}/`, $lt: `${id}0` } });
      await mongo.chat.deleteMany({ session: id });
    },
    commandsOf: (author, id) => commands.find(author, id),
    async grown(known) {
      // Logs have no gaps: one has gone on where it has the next number.
      const next = known.map(({ id, number }) => batchKey(id, number + 1));
      const found = await mongo.batches
        .find({ _id: { $in: next } }, { projection: { sessionId: 1 } })
        .toArray();
      return found.map(({ sessionId }) => sessionId);
    },
  };
}

const isRunning = ({ endedAt }: SessionHead) => endedAt === null;

function listing(
  mongo: Mongo,
): Pick<SessionStore, "head" | "runningOf" | "running" | "runningIn" | "unprojected"> {
  const byStart = { order: 1 } as const;
  const one = async (filter: Filter<HeadDoc>) =>
    (await readPlainHeads(mongo, { filter, sort: byStart, limit: 1 }))[0] ?? null;
  const running = async (filter: Filter<HeadDoc>) => {
    const heads = await readPlainHeads(mongo, { filter: { ...filter, endedAt: null }, sort: byStart });
    return heads.filter(isRunning);
  };
  return {
    head: (id) => one({ _id: id }),
    runningOf: async (id) => (await running({ classId: id }))[0] ?? null,
    running: () => running({}),
    runningIn: (ids) => running({ classId: { $in: [...ids] } }),
    async unprojected() {
      const heads = await readPlainHeads(mongo, { filter: { behind: true }, sort: { _id: 1 } });
      return heads.filter((head) => !isRunning(head) && head.projectedSeq < head.headSeq);
    },
  };
}

function paging(mongo: Mongo): Pick<SessionStore, "page" | "pageByStart" | "held"> {
  return {
    page: (after, limit) =>
      readPlainHeads(mongo, {
        filter: after === null ? {} : { _id: { $gt: after } },
        sort: { _id: 1 },
        limit,
      }),
    async pageByStart(after, limit) {
      const bound = await startBound(mongo, after, "$gt");
      return bound ? readPlainHeads(mongo, { filter: bound, sort: { order: 1 }, limit }) : [];
    },
    async held(of, before, limit) {
      const bound = await startBound(mongo, before, "$lt");
      return bound ? readHeads(mongo, { filter: { ...of, ...bound }, sort: { order: -1 }, limit }) : [];
    },
  };
}

/** Limits a filter to sessions started before or after one; null where there is no such session. */
export async function startBound(
  { heads }: Mongo,
  session: SessionId | null,
  side: "$lt" | "$gt",
): Promise<Filter<HeadDoc> | null> {
  if (session === null) return {};
  const found = await heads.findOne({ _id: session }, { projection: { order: 1 } });
  const bound: Document = { [side]: found?.order };
  return found && { order: bound };
}

async function readBatches(
  { heads, batches }: Mongo,
  id: SessionId,
  after: number,
  limit = 0,
): Promise<StoredBatch[]> {
  const stored = ({ number, body, hash }: BatchBody): StoredBatch => ({ sessionId: id, number, body, hash });
  const begin = after < 1 ? heads.findOne({ _id: id }, { projection: { first: 1 } }) : null;
  const more = batches
    .find(batchesAfter(id, after), { projection: { number: 1, body: 1, hash: 1 } })
    .sort({ _id: 1 })
    .limit(limit);
  const [head, rest] = await Promise.all([begin, more.toArray()]);
  const all = [...(head ? [head.first] : []), ...rest].map(stored);
  return limit === 0 ? all : all.slice(0, limit);
}
