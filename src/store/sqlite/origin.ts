import type { Database } from "bun:sqlite";
import type { Origin, OriginStore } from "../../ports/origin.ts";

/** The origin in SQLite: a table of one row. */
export function sqliteOrigin(db: Database): OriginStore {
  const read = db.prepare<Origin, []>(
    'SELECT "from", started_at AS startedAt, finished_at AS finishedAt FROM origin',
  );
  const write = db.prepare<unknown, [string, number, number | null]>(
    'INSERT OR REPLACE INTO origin (only, "from", started_at, finished_at) VALUES (1, ?1, ?2, ?3)',
  );
  return {
    read: async () => read.get(),
    async write({ from, startedAt, finishedAt }) {
      write.run(from, startedAt, finishedAt);
    },
  };
}
