import type { NodeStore } from "../../ports/nodes.ts";
import type { Mongo } from "./connect.ts";

/** Rows of nodes that were silent this long are cleared away, in ms: until then a session may need to know when. */
const OLD_MS = 30 * 86_400_000;

/** Alive rows in MongoDB, timed by the database's clock. */
export function mongoNodes({ nodes }: Mongo): NodeStore {
  const since = (ms: number) => ({ $subtract: ["$$NOW", ms] });
  return {
    async beat({ id, host, secret, news }, voice) {
      const row = { host: { $literal: host }, secret: { $literal: secret }, news: { $literal: news } };
      const beats = { $add: [{ $ifNull: ["$beats", 0] }, 1] };
      const kept = await nodes.findOneAndUpdate(
        { _id: id },
        [{ $set: { ...row, ...voice, beats, at: "$$NOW" } }],
        {
          upsert: true,
          returnDocument: "after",
        },
      );
      if (!kept) throw new Error("MongoDB did not give back the node's row");
      if (kept.beats === 1) await nodes.deleteMany({ $expr: { $lt: ["$at", since(OLD_MS)] } });
      return kept.at.getTime();
    },
    async alive(ms) {
      const found = await nodes.find({ $expr: { $gte: ["$at", since(ms)] } }).toArray();
      const rows = found.map(({ _id, at, ...row }) => ({ id: _id, ...row, at: at.getTime() }));
      return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    async lastBeat(id) {
      const row = await nodes.findOne({ _id: id }, { projection: { at: 1 } });
      return row?.at.getTime() ?? null;
    },
    async leave(id) {
      await nodes.deleteOne({ _id: id });
    },
  };
}
