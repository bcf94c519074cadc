import type { Database } from "bun:sqlite";
import type { SessionId, UserId } from "../../core/ids.ts";
import type { ChatMessage, ChatStore } from "../../ports/chat.ts";

const MESSAGE = "id, session_id AS session, at, user_id AS user, text FROM chat";

/** What was said, in SQLite. */
export function sqliteChat(db: Database): ChatStore {
  const add = db.prepare<unknown, [string, SessionId, number, UserId, string]>(
    "INSERT OR IGNORE INTO chat (id, session_id, at, user_id, text) VALUES (?1, ?2, ?3, ?4, ?5)",
  );
  const last = db.prepare<ChatMessage, [SessionId, number]>(
    `SELECT ${MESSAGE} WHERE session_id = ?1 ORDER BY at DESC, id DESC LIMIT ?2`,
  );
  const page = db.prepare<ChatMessage, [SessionId, number, string, number]>(
    `SELECT ${MESSAGE} WHERE session_id = ?1 AND (at, id) > (?2, ?3) ORDER BY at, id LIMIT ?4`,
  );
  const ofUser = db.prepare<ChatMessage, [UserId]>(`SELECT ${MESSAGE} WHERE user_id = ?1 ORDER BY at, id`);
  const erase = db.prepare<unknown, [UserId]>("DELETE FROM chat WHERE user_id = ?1");
  return {
    async add({ id, session, at, user, text }) {
      add.run(id, session, at, user, text);
    },
    last: async (session, limit) => last.all(session, limit).reverse(),
    page: async (session, after, limit) => page.all(session, after?.at ?? 0, after?.id ?? "", limit),
    ofUser: async (user) => ofUser.all(user),
    async eraseOf(user) {
      erase.run(user);
    },
  };
}
