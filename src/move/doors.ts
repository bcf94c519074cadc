import { type Door, OPEN_DOOR } from "../core/room/door.ts";
import { type Move, pagesOfSessions } from "./parts.ts";

/** Moves the doors of sessions that run: who was removed from a room stays out of it. Again does no harm. */
export async function moveDoors({ source, target }: Move): Promise<void> {
  for await (const sessions of pagesOfSessions(source))
    for (const { id, endedAt } of sessions) {
      const door = endedAt === null ? await source.doors.read(id) : null;
      if (!door) continue;
      const there = (await target.doors.read(id)) ?? OPEN_DOOR;
      if (Bun.deepEquals(rulesOf(door), rulesOf(there))) continue;
      await target.doors.write(id, { ...door, version: there.version + 1 });
    }
}

/** Whom it lets in, without the version: each store counts the changes that it was told of. */
export const rulesOf = ({ state, allowed, removed }: Door) => ({ state, allowed, removed });
