import { ok, type Result, refuse } from "../core/errors.ts";
import type { ClassId, SessionId } from "../core/ids.ts";
import { type Door, OPEN_DOOR } from "../core/room/door.ts";
import type { Context } from "./context.ts";

/** Changes of one moment by a class's teachers are a handful; more than this is a store that never takes any. */
const TRIES_MAX = 50;

interface Of {
  readonly classId: ClassId;
  readonly session: SessionId;
}

/**
 * RO40: changes the door of a session's room from what it is now, on whichever node another change was made meanwhile.
 * The store first, so that it holds whatever becomes of this server; then the room, here and on other nodes.
 */
export async function changeDoor(
  { store, hub, neighbours }: Context,
  { classId, session }: Of,
  decide: (door: Door) => Result<Door>,
): Promise<Result<Door>> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const known = (await store.doors.read(session)) ?? OPEN_DOOR;
    const door = decide(known);
    if (!door.ok || door.value === known) return door;
    if (!(await store.doors.write(session, door.value))) continue;
    hub.rooms.setDoor(classId, session, door.value);
    neighbours.doorChanged(classId, session, door.value);
    return ok(door.value);
  }
  return refuse("could-not-save");
}
