import type { ClassId, UserId } from "../core/ids.ts";
import type { Connection } from "./connection.ts";

/** Whom to tell that somebody came or went. */
export interface Change {
  /** The sockets of the others in the room. */
  readonly others: readonly Connection[];
}

/** The video rooms: one per class, while its session runs. A socket is in one room at most. */
export class Rooms {
  readonly #byClass = new Map<ClassId, Set<Connection>>();
  /** Tells a room's sockets that a user's last socket has left. */
  onLeft: (userId: UserId, others: readonly Connection[]) => void = () => undefined;

  /** Puts the socket in the room; null where it is there already. Leaves another room first. */
  join(connection: Connection, classId: ClassId): Change | null {
    if (connection.closed || connection.room === classId) return null;
    this.leave(connection);
    const room = this.#byClass.get(classId) ?? new Set();
    this.#byClass.set(classId, room.add(connection));
    connection.room = classId;
    return { others: othersThan(connection.actor.id, room) };
  }

  /** Takes the socket out of its room, if it is in one. */
  leave(connection: Connection): void {
    const classId = connection.room;
    if (classId === null) return;
    connection.room = null;
    const room = this.#byClass.get(classId);
    if (!room?.delete(connection)) return;
    if (room.size === 0) this.#byClass.delete(classId);
    const stillThere = [...room].some((other) => other.actor.id === connection.actor.id);
    if (!stillThere) this.onLeft(connection.actor.id, othersThan(connection.actor.id, room));
  }

  /** V6: the newest socket that the user has in the sender's room. */
  peer(sender: Connection, target: string): Connection | undefined {
    const room = sender.room && this.#byClass.get(sender.room);
    return room ? [...room].findLast((other) => other.actor.id === target) : undefined;
  }

  /** The session has ended: the room is no more, and nobody is told one by one. */
  close(classId: ClassId): void {
    for (const connection of this.#byClass.get(classId) ?? []) connection.room = null;
    this.#byClass.delete(classId);
  }
}

const othersThan = (user: UserId, room: Iterable<Connection>): Connection[] =>
  [...room].filter((other) => other.actor.id !== user);
