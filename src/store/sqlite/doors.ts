import type { Database } from "bun:sqlite";
import type { SessionId } from "../../core/ids.ts";
import type { Door } from "../../core/room/door.ts";
import type { DoorStore } from "../../ports/doors.ts";

/** Doors in SQLite: a column of the session's row. */
export function sqliteDoors(db: Database): DoorStore {
  const read = db.prepare<{ readonly door: string | null }, [SessionId]>(
    "SELECT door FROM sessions WHERE id = ?1",
  );
  const write = db.prepare<unknown, [SessionId, string, number]>(
    "UPDATE sessions SET door = ?2 WHERE id = ?1 AND coalesce(door ->> 'version', 0) = ?3 - 1",
  );
  return {
    async read(session) {
      const text = read.get(session)?.door;
      const door: Door | null = text ? JSON.parse(text) : null;
      return door;
    },
    async write(session, door) {
      return write.run(session, JSON.stringify(door), door.version).changes === 1;
    },
  };
}
