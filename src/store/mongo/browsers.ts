import type { BrowserSession, BrowserSessionStore } from "../../ports/browser-sessions.ts";
import type { Mongo } from "./connect.ts";
import type { BrowserDoc } from "./documents.ts";

/** Signed-in browsers in MongoDB. */
export function mongoBrowsers({ browsers }: Mongo): BrowserSessionStore {
  return {
    async add({ id, ...session }) {
      await browsers.insertOne({ _id: id, ...session });
    },
    async byHash(hash) {
      const found = await browsers.findOne({ hash });
      return found && sessionOf(found);
    },
    async ofUser(userId) {
      const found = browsers.find({ userId }).sort({ usedAt: -1, _id: -1 });
      return (await found.toArray()).map(sessionOf);
    },
    async touch(id, usedAt) {
      await browsers.updateOne({ _id: id }, { $max: { usedAt } });
    },
    remove: async (id, userId) => (await browsers.deleteOne({ _id: id, userId })).deletedCount > 0,
    removeOfUser: async (userId) => (await browsers.deleteMany({ userId })).deletedCount,
    async expire(madeBefore, usedBefore) {
      await browsers.deleteMany({
        $or: [{ createdAt: { $lt: madeBefore } }, { usedAt: { $lt: usedBefore } }],
      });
    },
  };
}

const sessionOf = ({ _id, ...session }: BrowserDoc): BrowserSession => ({ id: _id, ...session });
