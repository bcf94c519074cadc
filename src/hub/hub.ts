import type { ClassId, UserId } from "../core/ids.ts";
import type { Session } from "../core/session/state.ts";
import type { Item } from "../log/live-session.ts";
import type { Connection } from "./connection.ts";
import { Rooms } from "./rooms.ts";
import { Window } from "./window.ts";

/** How a dialect tells a class what happened: a frame, or null where it says nothing of this. */
export interface Encoder {
  readonly name: string;
  encode(session: Readonly<Session>, item: Item): string | null;
}

interface Parts {
  readonly encoders: readonly Encoder[];
  readonly studentWindowMs: number;
  readonly socketsPerUser: number;
  /** Gives the frame to every socket that subscribed to the topic. */
  readonly publish: (topic: string, frame: string) => void;
}

type Side = "teacher" | "student";

const topicOf = (classId: ClassId, dialect: string, side: Side): string => `${classId}/${dialect}/${side}`;
const sideOf = ({ actor }: Connection): Side => (actor.role === "teacher" ? "teacher" : "student");

/** Who is connected, and what of which class they hear. */
export class Hub {
  readonly rooms = new Rooms();
  readonly #byUser = new Map<UserId, Set<Connection>>();
  readonly #window: Window;
  /** Counts changes of membership: whoever read a user's classes before a change must read them again. */
  changes = 0;

  constructor(private readonly parts: Parts) {
    this.#window = new Window(parts.studentWindowMs, parts.publish);
  }

  /** Lets a socket hear its classes from now on. False where its user has too many. */
  add(connection: Connection): boolean {
    const own = this.#byUser.get(connection.actor.id) ?? new Set();
    if (own.size >= this.parts.socketsPerUser) return false;
    this.#byUser.set(connection.actor.id, own.add(connection));
    for (const classId of connection.classes) connection.wire.subscribe(this.#topic(classId, connection));
    return true;
  }

  remove(connection: Connection): void {
    this.rooms.leave(connection);
    const own = this.#byUser.get(connection.actor.id);
    own?.delete(connection);
    if (own?.size === 0) this.#byUser.delete(connection.actor.id);
  }

  /** The user has become a member of the class: their sockets hear it from now on. */
  join(classId: ClassId, user: UserId): void {
    this.changes++;
    for (const connection of this.#byUser.get(user) ?? []) {
      if (connection.classes.has(classId)) continue;
      connection.classes.add(classId);
      connection.wire.subscribe(this.#topic(classId, connection));
    }
  }

  /** The user is a member no more: what was committed before still reaches them, nothing after. */
  part(classId: ClassId, user: UserId): void {
    this.changes++;
    this.#window.flush();
    for (const connection of this.#byUser.get(user) ?? []) {
      if (!connection.classes.delete(classId)) continue;
      connection.wire.unsubscribe(this.#topic(classId, connection));
      if (connection.room === classId) this.rooms.leave(connection);
    }
  }

  /** Tells the class: its teachers at once, its students with the next window, each in the order of the log. */
  publish(session: Readonly<Session>, item: Item): void {
    for (const encoder of this.parts.encoders) {
      const frame = encoder.encode(session, item);
      if (frame === null) continue;
      this.parts.publish(topicOf(session.classId, encoder.name, "teacher"), frame);
      this.#window.push(topicOf(session.classId, encoder.name, "student"), frame);
    }
    if (item.type === "ended") this.rooms.close(session.classId);
  }

  /** Lets go of whatever is held back. */
  flush(): void {
    this.#window.flush();
  }

  #topic(classId: ClassId, connection: Connection): string {
    return topicOf(classId, connection.dialect, sideOf(connection));
  }
}
