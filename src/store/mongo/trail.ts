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
  /** In one write: between entries that are written one by one another node would come with its own. */
  const appendAll = (entries: readonly TrailEntry[]) => {
    const attempt = crypto.randomUUID();
    const docs = entries.map(({ number, ...entry }) => ({ _id: number, ...entry, attempt }));
    let missing = docs;
    return land({
      timeoutMs,
      write: () => trail.insertMany(missing, { ordered: true }),
      look: async () => {
        const numbers = docs.map(({ _id }) => _id);
        const found = await trail.find({ _id: { $in: numbers } }, { projection: { attempt: 1 } }).toArray();
        if (found.some((doc) => doc.attempt !== attempt)) return "other";
        missing = docs.slice(found.length);
        return missing.length === 0 ? "mine" : "none";
      },
    });
  };
  return {
    last,
    async append(entries) {
      const next = nextOf(await last(), entries);
      if (entries.some(({ number }, at) => number !== next + at)) return "conflict";
      return entries.length === 0 ? "ok" : appendAll(entries);
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
