import type { OriginStore } from "../../ports/origin.ts";
import type { Mongo } from "./connect.ts";

const ORIGIN = "origin";

/** The origin in MongoDB. */
export function mongoOrigin({ meta }: Mongo): OriginStore {
  return {
    async read() {
      const found = await meta.findOne({ _id: ORIGIN });
      if (!found) return null;
      return { from: found.from, startedAt: found.startedAt, finishedAt: found.finishedAt };
    },
    async write({ from, startedAt, finishedAt }) {
      await meta.replaceOne({ _id: ORIGIN }, { from, startedAt, finishedAt }, { upsert: true });
    },
  };
}
