import type { SessionId } from "../../core/ids.ts";
import type { ChatMessage, ChatStore } from "../../ports/chat.ts";

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
    ofUser: async (user) => all((message) => message.user === user),
    async eraseOf(user) {
      said = said.filter((message) => message.user !== user);
    },
  };
}
