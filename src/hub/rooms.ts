import type { ClassId, UserId } from "../core/ids.ts";
import type { Actor } from "../core/people.ts";
import type { Connection } from "./connection.ts";

/** A room's sockets by their user, each user's oldest first. */
type Room = Map<UserId, Connection[]>;

/** Tells the other sockets of a room that a user's socket came in, or that their last one there is gone. */
export interface TellRoom {
  joined(who: Actor, others: readonly Connection[]): void;
  left(who: Actor, others: readonly Connection[]): void;
}

/** The video rooms: one per class, while its session runs. A socket is in one room at most. */
export class Rooms {
  readonly #byClass = new Map<ClassId, Room>();

  constructor(
    private readonly tell: TellRoom,
    /** Who is in the room has changed. */
    private readonly changed: (classId: ClassId) => void = () => undefined,
  ) {}

  /** Puts the socket in the room, out of another first; nothing where it was in it already. */
  join(connection: Connection, classId: ClassId): void {
    if (connection.closed || connection.room === classId) return;
    this.leave(connection);
    const room: Room = this.#byClass.get(classId) ?? new Map();
    const { id } = connection.actor;
    this.#byClass.set(classId, room.set(id, [...(room.get(id) ?? []), connection]));
    connection.room = classId;
    this.tell.joined(connection.actor, othersThan(id, room));
    this.changed(classId);
  }

  /** Takes the socket out of its room, if it is in one. */
  leave(connection: Connection): void {
    const classId = connection.room;
    const room = classId && this.#byClass.get(classId);
    if (!room || !classId) return;
    const { id } = connection.actor;
    const staying = room.get(id)?.filter((other) => other !== connection) ?? [];
    if (staying.length > 0) room.set(id, staying);
    else room.delete(id);
    if (room.size === 0) this.#byClass.delete(classId);
    connection.room = null;
    if (staying.length === 0) this.tell.left(connection.actor, othersThan(id, room));
    this.changed(classId);
  }

  /** V6: the newest socket that the user has in the sender's room. */
  peer({ room }: Connection, target: UserId): Connection | undefined {
    return room ? this.#byClass.get(room)?.get(target)?.at(-1) : undefined;
  }

  /** Everyone who is in the class's room. */
  users(classId: ClassId): UserId[] {
    return [...(this.#byClass.get(classId)?.keys() ?? [])];
  }

  /** The session has ended: the room is no more, and nobody is told one by one. */
  close(classId: ClassId): void {
    for (const sockets of this.#byClass.get(classId)?.values() ?? []) {
      for (const connection of sockets) connection.room = null;
    }
    if (this.#byClass.delete(classId)) this.changed(classId);
  }

  /** The server is ending: every room is closed. */
  closeAll(): void {
    for (const classId of [...this.#byClass.keys()]) this.close(classId);
  }
}

function othersThan(user: UserId, room: Room): Connection[] {
  return [...room].flatMap(([id, sockets]) => (id === user ? [] : sockets));
}
