import { ok, type Result, refuse } from "../core/errors.ts";
import type { UserId } from "../core/ids.ts";
import { type Door, ending, lettingIn, locking, opening, removing } from "../core/room/door.ts";
import type { Connection } from "../hub/connection.ts";
import type { Room } from "../hub/room.ts";
import { changeDoor } from "./change-door.ts";
import type { Context } from "./context.ts";

type Change = (door: Door, room: Room) => Result<Door>;

/** RO12: the student is put out, and cannot come back until let in or the session ends. */
export const removeFromRoom = (context: Context, sender: Connection, user: UserId): Promise<Result<void>> =>
  change(context, sender, (door, room) =>
    room.isStudent(user) ? ok(removing(door, user)) : refuse("peer-not-connected"),
  );

/** RO13: the student may come in again, also where the room is locked. */
export const letIn = (context: Context, sender: Connection, user: UserId): Promise<Result<void>> =>
  change(context, sender, (door) => ok(lettingIn(door, user)));

/** RO14: nobody new comes in, or everybody may again. */
export const lockRoom = (context: Context, sender: Connection, locked: boolean): Promise<Result<void>> =>
  change(context, sender, (door, room) => ok(locked ? locking(door, room.users()) : opening(door)));

/** RO15: everyone is put out, until the teacher comes in again. */
export const closeRoom = (context: Context, sender: Connection): Promise<Result<void>> =>
  change(context, sender, (door) => ok(ending(door)));

async function change(context: Context, sender: Connection, decide: Change): Promise<Result<void>> {
  if (sender.actor.role !== "teacher") return refuse("teacher-only");
  const classId = sender.room;
  const room = context.hub.rooms.roomOf(sender);
  if (!room || classId === null) return refuse("not-in-room");
  try {
    const { session } = room;
    const changed = await changeDoor(context, { classId, session }, (door) => decide(door, room));
    return changed.ok ? ok(undefined) : changed;
  } catch (error) {
    context.troubled("the door of a room could not be written", error, { socket: sender.id });
    return refuse("could-not-save");
  }
}
