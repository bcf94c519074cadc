import { type Door, OPEN_DOOR } from "../core/room/door.ts";
import { type Move, pagesOfSessions } from "./parts.ts";

/** Moves the doors of sessions that run: who was removed from a room stays out of it. Again does no harm. */
export async function moveDoors({ source, target }: Move): Promise<void> {
  for await (const sessions of pagesOfSessions(source))
    for (const { id, endedAt } of sessions) {
      const door = endedAt === null ? await source.doors.read(id) : null;
      if (door && !(await target.doors.read(id))) await target.doors.write(id, asFirst(door));
    }
}

/** A store counts the changes that it was told of, and to the target this is the first. */
export const asFirst = (door: Door): Door => ({ ...door, version: OPEN_DOOR.version + 1 });
