import type { Database } from "bun:sqlite";
import type { AuditEntry, AuditStore } from "../../ports/store.ts";

/** The audit chain in SQLite. */
export function sqliteAudit(db: Database): AuditStore {
  const last = db.prepare<AuditEntry, []>(
    "SELECT number, body, hash FROM audit ORDER BY number DESC LIMIT 1",
  );
  const insert = db.prepare<unknown, [number, string, string]>(
    `INSERT INTO audit (number, body, hash)
     SELECT ?1, ?2, ?3 WHERE ?1 = (SELECT coalesce(max(number), 0) + 1 FROM audit)`,
  );
  const after = db.prepare<AuditEntry, [number, number]>(
    "SELECT number, body, hash FROM audit WHERE number > ?1 ORDER BY number LIMIT ?2",
  );
  return {
    last: async () => last.get(),
    async append({ number, body, hash }) {
      return insert.run(number, body, hash).changes === 0 ? "conflict" : "ok";
    },
    read: async (number, limit) => after.all(number, limit),
  };
}
