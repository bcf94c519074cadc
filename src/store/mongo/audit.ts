import type { AuditEntry, AuditStore } from "../../ports/store.ts";
import type { Mongo } from "./connect.ts";
import type { AuditDoc } from "./documents.ts";
import { land } from "./outcome.ts";

/** The audit chain in MongoDB: a document an entry, its number the `_id`. */
export function mongoAudit({ audit, timeoutMs }: Mongo): AuditStore {
  const last = async (): Promise<AuditEntry | null> => {
    const [found] = await audit.find().sort({ _id: -1 }).limit(1).toArray();
    return found ? entryOf(found) : null;
  };
  return {
    last,
    async append({ number, body, hash }) {
      if (((await last())?.number ?? 0) + 1 !== number) return "conflict";
      const attempt = crypto.randomUUID();
      return land({
        timeoutMs,
        write: () => audit.insertOne({ _id: number, body, hash, attempt }),
        look: async () => {
          const found = await audit.findOne({ _id: number });
          if (!found) return "none";
          return found.attempt === attempt ? "mine" : "other";
        },
      });
    },
    read: async (after, limit) => {
      const found = audit.find({ _id: { $gt: after } }).sort({ _id: 1 });
      return (await found.limit(limit).toArray()).map(entryOf);
    },
  };
}

const entryOf = ({ _id, body, hash }: AuditDoc): AuditEntry => ({ number: _id, body, hash });
