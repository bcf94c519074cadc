import type { SessionId } from "../../core/ids.ts";
import { type Door, OPEN_DOOR } from "../../core/room/door.ts";
import type { DoorStore } from "../../ports/doors.ts";

/** Doors in a map; `heads` are the sessions that there are. */
export function memoryDoors(heads: ReadonlyMap<SessionId, unknown>): DoorStore {
  const doors = new Map<SessionId, Door>();
  return {
    read: async (session) => (heads.has(session) ? (doors.get(session) ?? null) : null),
    async write(session, door) {
      const { version } = doors.get(session) ?? OPEN_DOOR;
      if (!heads.has(session) || version + 1 !== door.version) return false;
      doors.set(session, door);
      return true;
    },
  };
}
