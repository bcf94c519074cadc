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
      const older = { $or: [{ door: { $exists: false } }, { "door.version": { $lt: door.version } }] };
      await heads.updateOne({ _id: session, ...older }, { $set: { door } });
    },
  };
}
