import { OPEN_DOOR } from "../../core/room/door.ts";
import type { DoorStore } from "../../ports/doors.ts";
import type { Mongo } from "./connect.ts";

/** Doors in MongoDB: a field of the session's head row. */
export function mongoDoors({ heads }: Mongo): DoorStore {
  return {
    async read(session) {
      const found = await heads.findOne({ _id: session }, { projection: { door: 1 } });
      return found?.door ?? null;
    },
    async write(session, door) {
      const before = door.version - 1;
      const known = before === OPEN_DOOR.version ? { door: { $exists: false } } : { "door.version": before };
      const { matchedCount } = await heads.updateOne({ _id: session, ...known }, { $set: { door } });
      return matchedCount === 1;
    },
  };
}
