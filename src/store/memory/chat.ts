import type { SessionId } from "../../core/ids.ts";
import type { ChatMessage, ChatPlace, ChatStore } from "../../ports/chat.ts";

/** What was said, in an array; `heads` are the sessions that there are. */
export function memoryChat(heads: ReadonlyMap<SessionId, unknown>): ChatStore {
  let said: ChatMessage[] = [];
  const all = (is: (message: ChatMessage) => boolean) =>
    said.filter((message) => heads.has(message.session) && is(message));
  return {
    async add(message) {
      if (!said.some(({ id }) => id === message.id)) said.push(message);
    },
    last: async (session, limit) => all((message) => message.session === session).slice(-limit),
    page: async (session, after, limit) =>
      all((message) => message.session === session && (after === null || inOrder(after, message) < 0))
        .toSorted(inOrder)
        .slice(0, limit),
    ofUser: async (user) => all((message) => message.user === user),
    async eraseOf(user) {
      said = said.filter((message) => message.user !== user);
    },
  };
}

const inOrder = (one: ChatPlace, other: ChatPlace): number =>
  one.at - other.at || (one.id === other.id ? 0 : one.id < other.id ? -1 : 1);
