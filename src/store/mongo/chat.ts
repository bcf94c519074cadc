import type { ChatMessage, ChatStore } from "../../ports/chat.ts";
import type { Mongo } from "./connect.ts";
import type { ChatDoc } from "./documents.ts";

/** What was said, in MongoDB. */
export function mongoChat({ chat }: Mongo): ChatStore {
  return {
    async add({ id, session, at, user, text }) {
      const said = { session, at, user, text };
      await chat.updateOne({ _id: id }, { $setOnInsert: said }, { upsert: true });
    },
    async last(session, limit) {
      const found = await chat.find({ session }).sort({ at: -1, _id: -1 }).limit(limit).toArray();
      return found.map(messageOf).reverse();
    },
    async page(session, after, limit) {
      const behind = after && { $or: [{ at: { $gt: after.at } }, { at: after.at, _id: { $gt: after.id } }] };
      const found = await chat
        .find({ session, ...behind })
        .sort({ at: 1, _id: 1 })
        .limit(limit)
        .toArray();
      return found.map(messageOf);
    },
    async ofUser(user) {
      return (await chat.find({ user }).sort({ at: 1, _id: 1 }).toArray()).map(messageOf);
    },
    async eraseOf(user) {
      await chat.deleteMany({ user });
    },
  };
}

const messageOf = ({ _id, session, at, user, text }: ChatDoc): ChatMessage => ({
  id: _id,
  session,
  at,
  user,
  text,
});
