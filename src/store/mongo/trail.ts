import type { Filter } from "mongodb";
import type { AuditEntry } from "../../ports/store.ts";
import type { TrailEntry, TrailStore } from "../../ports/trail.ts";
import { nextOf } from "../next-of.ts";
import type { Mongo } from "./connect.ts";
import type { TrailDoc } from "./documents.ts";
import { land } from "./outcome.ts";

/** The trail in MongoDB: a document an entry, its number the `_id`; the details in a field that is not hashed. */
export function mongoTrail({ trail, timeoutMs }: Mongo): TrailStore {
  const last = async (): Promise<AuditEntry | null> => {
    const [found] = await trail.find().sort({ _id: -1 }).limit(1).toArray();
    return found ? { number: found._id, body: found.body, hash: found.hash } : null;
  };
  const appendOne = ({ number, ...entry }: TrailEntry) => {
    const attempt = crypto.randomUUID();
    return land({
      timeoutMs,
      write: () => trail.insertOne({ _id: number, ...entry, attempt }),
      look: async () => {
        const found = await trail.findOne({ _id: number });
        if (!found) return "none";
        return found.attempt === attempt ? "mine" : "other";
      },
    });
  };
  return {
    last,
    async append(entries) {
      const next = nextOf(await last(), entries);
      if (entries.some(({ number }, at) => number !== next + at)) return "conflict";
      for (const entry of entries) if ((await appendOne(entry)) === "conflict") return "conflict";
      return "ok";
    },
    read: async (after, limit) => {
      const found = trail.find({ _id: { $gt: after } }).sort({ _id: 1 });
      return (await found.limit(limit).toArray()).map(entryOf);
    },
    async search({ before, since, until, deed, user, limit }) {
      const filter: Filter<TrailDoc> = {
        ...(before !== undefined && { _id: { $lt: before } }),
        ...((since !== undefined || until !== undefined) && {
          at: { ...(since !== undefined && { $gte: since }), ...(until !== undefined && { $lt: until }) },
        }),
        ...(deed !== undefined && { deed }),
        ...(user !== undefined && { $or: [{ actor: user }, { subject: user }] }),
      };
      return (await trail.find(filter).sort({ _id: -1 }).limit(limit).toArray()).map(entryOf);
    },
    async cut(upTo) {
      const end = (await last())?.number ?? 0;
      await trail.deleteMany({ _id: { $lte: Math.min(upTo, end - 1) } });
    },
    async eraseDetails(user) {
      await trail.updateMany({ $or: [{ actor: user }, { subject: user }] }, { $set: { details: null } });
    },
  };
}

const entryOf = ({ _id, attempt: _attempt, ...entry }: TrailDoc): TrailEntry => ({ number: _id, ...entry });
