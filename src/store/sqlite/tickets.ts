import type { Database } from "bun:sqlite";
import type { UserId } from "../../core/ids.ts";
import type { TicketStore } from "../../ports/store.ts";
import type { Transact } from "./transact.ts";

/** Tickets in SQLite. */
export function sqliteTickets(db: Database, transact: Transact): TicketStore {
  const insert = db.prepare<unknown, [string, UserId, number]>(
    "INSERT INTO tickets (hash, user_id, expires_at) VALUES (?1, ?2, ?3)",
  );
  const expire = db.prepare<unknown, [number]>("DELETE FROM tickets WHERE expires_at < ?1");
  const take = db.prepare<{ user: UserId; expiresAt: number }, [string]>(
    "DELETE FROM tickets WHERE hash = ?1 RETURNING user_id AS user, expires_at AS expiresAt",
  );
  return {
    add: async (hash, user, expiresAt, now) =>
      transact(() => {
        expire.run(now);
        insert.run(hash, user, expiresAt);
      }),
    async take(hash, now) {
      const found = take.get(hash);
      return found && found.expiresAt >= now ? found.user : null;
    },
  };
}
