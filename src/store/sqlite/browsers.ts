import type { Database } from "bun:sqlite";
import type { BrowserId, UserId } from "../../core/ids.ts";
import type { BrowserSession, BrowserSessionStore } from "../../ports/browser-sessions.ts";

const SESSION = `id, hash, user_id AS userId, tokens_from AS tokensFrom, device, created_at AS createdAt,
  used_at AS usedAt FROM browsers`;

type Row = [BrowserId, string, UserId, number, string, number, number];

/** Signed-in browsers in SQLite. */
export function sqliteBrowsers(db: Database): BrowserSessionStore {
  const insert = db.prepare<unknown, Row>(
    `INSERT INTO browsers (id, hash, user_id, tokens_from, device, created_at, used_at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`,
  );
  const byHash = db.prepare<BrowserSession, [string]>(`SELECT ${SESSION} WHERE hash = ?1`);
  const ofUser = db.prepare<BrowserSession, [UserId]>(
    `SELECT ${SESSION} WHERE user_id = ?1 ORDER BY used_at DESC, id DESC`,
  );
  const touch = db.prepare<unknown, [BrowserId, number]>(
    "UPDATE browsers SET used_at = ?2 WHERE id = ?1 AND used_at < ?2",
  );
  const remove = db.prepare<unknown, [BrowserId, UserId]>(
    "DELETE FROM browsers WHERE id = ?1 AND user_id = ?2",
  );
  const removeOfUser = db.prepare<unknown, [UserId]>("DELETE FROM browsers WHERE user_id = ?1");
  const expire = db.prepare<unknown, [number, number]>(
    "DELETE FROM browsers WHERE created_at < ?1 OR used_at < ?2",
  );
  return {
    async add({ id, hash, userId, tokensFrom, device, createdAt, usedAt }) {
      insert.run(id, hash, userId, tokensFrom, device, createdAt, usedAt);
    },
    byHash: async (hash) => byHash.get(hash),
    ofUser: async (user) => ofUser.all(user),
    async touch(id, usedAt) {
      touch.run(id, usedAt);
    },
    remove: async (id, user) => remove.run(id, user).changes > 0,
    removeOfUser: async (user) => removeOfUser.run(user).changes,
    async expire(madeBefore, usedBefore) {
      expire.run(madeBefore, usedBefore);
    },
  };
}
