import type { ClassId, UserId } from "../core/ids.ts";
import type { Session } from "../core/session/state.ts";
import type { Told } from "../log/live-session.ts";
import { type Audience, NO_AUDIENCE } from "./audience.ts";
import type { Connection } from "./connection.ts";
import { partings } from "./partings.ts";
import type { Passed } from "./passage.ts";
import { Presence, type PresenceParts, type Whereabouts } from "./presence.ts";
import type { RoomParts } from "./room-parts.ts";
import { Rooms } from "./rooms.ts";
import { Window } from "./window.ts";

/** How a dialect tells a class what happened. */
export interface Encoder {
  readonly name: string;
  /** Whether its students' frames gather in the window. */
  readonly windowed: boolean;
  /** The frames for each side, in order; none where the dialect says nothing of it. */
  encode(session: Readonly<Session>, told: Told): Frames;
}

export type Frames = Readonly<Record<Side, readonly string[]>>;

interface Parts {
  readonly encoders: readonly Encoder[];
  readonly studentWindowMs: number;
  readonly socketsPerUser: number;
  readonly room: Pick<RoomParts, "tell" | "paces" | "meshMax" | "pagesMax" | "calls" | "now">;
  /** How often, in ms at most, those who look at a class are told who came and went, and in which frame. */
  readonly presence: Pick<PresenceParts, "everyMs" | "encode" | "ears">;
  /** Who is in a class's video room from here has changed. */
  readonly roomChanged?: (classId: ClassId) => void;
  /** A socket of this node came into a class's video room, or left it. */
  readonly passed?: Passed | undefined;
  readonly audience?: Audience;
  /** Where memberships change on other nodes: gives what a new member has missed, at the moment from which they listen. */
  readonly sinceJoined?: (classId: ClassId, user: UserId, listen: (missed: Missed | null) => void) => void;
  /** Whether anybody does: nothing is put into words that nobody hears. */
  readonly hears: (topic: string) => boolean;
  /** Gives the frame to every socket that subscribed to the topic. */
  readonly publish: (topic: string, frame: string) => void;
}

/** What was told to a class while somebody did not listen. */
export interface Missed {
  readonly session: Readonly<Session>;
  readonly told: Told;
}

export type Side = "teacher" | "student";

const prefixOf = (classId: ClassId): string => `${classId}/`;
const topicOf = (classId: ClassId, dialect: string, side: Side): string =>
  `${prefixOf(classId)}${dialect}/${side}`;
/** The side of its classes that a socket is on. */
export const sideOf = ({ actor }: Connection): Side => (actor.role === "teacher" ? "teacher" : "student");

/** Who is connected, and what of which class they hear. */
export class Hub {
  readonly rooms: Rooms;
  readonly presence: Presence;
  readonly #byUser = new Map<UserId, Connection[]>();
  readonly #window: Window;
  readonly #audience: Audience;
  /** Counts changes of membership: whoever read a user's classes before a change must read them again. */
  changes = 0;

  constructor(private readonly parts: Parts) {
    this.presence = new Presence(
      {
        ...parts.presence,
        publish: parts.publish,
        after: (ms, run) => void setTimeout(run, ms),
      },
      {
        whereabouts: (user, classId) => this.#whereabouts(user, classId),
        inRoom: (classId) => this.rooms.users(classId),
      },
    );
    const told = {
      changed: (classId: ClassId) => this.presence.roomChanged(classId),
      changedHere: parts.roomChanged ?? (() => undefined),
      passed: parts.passed,
    };
    this.rooms = new Rooms({ ...parts.room, told });
    this.#audience = parts.audience ?? NO_AUDIENCE;
    this.#window = new Window(parts.studentWindowMs, parts.publish);
  }

  /** Lets a socket hear its classes from now on. False where its user has too many. */
  add(connection: Connection): boolean {
    if (this.isFull(connection.actor.id)) return false;
    const own = this.#byUser.get(connection.actor.id);
    if (own) own.push(connection);
    else this.#byUser.set(connection.actor.id, [connection]);
    for (const classId of connection.classes) {
      this.#audience.enter(classId);
      this.#listen(classId, connection);
      this.presence.moved(classId, connection.actor.id);
    }
    return true;
  }

  /** Whether the user has as many sockets as are allowed. */
  isFull(user: UserId): boolean {
    return (this.#byUser.get(user)?.length ?? 0) >= this.parts.socketsPerUser;
  }

  remove(connection: Connection): void {
    this.rooms.leave(connection);
    const { id } = connection.actor;
    const staying = this.#byUser.get(id)?.filter((other) => other !== connection) ?? [];
    if (staying.length > 0) this.#byUser.set(id, staying);
    else this.#byUser.delete(id);
    this.presence.leave(connection);
    for (const classId of connection.classes) {
      this.#audience.leave(classId);
      this.presence.moved(classId, id);
    }
  }

  #whereabouts(user: UserId, classId: ClassId): Whereabouts {
    const own = this.#byUser.get(user)?.filter(({ classes }) => classes.has(classId)) ?? [];
    // The teachers who are there are told of as those who look.
    if (own.every((connection) => sideOf(connection) === "teacher")) return "away";
    return own.some(({ room }) => room === classId) ? "room" : "connected";
  }

  /** Closes the user's sockets that `which` says, and lets nobody in who was on the way in. */
  close(user: UserId, which: (connection: Connection) => boolean, code: number): void {
    this.changes++;
    for (const connection of this.#byUser.get(user) ?? [])
      if (which(connection)) connection.wire.close(code, "what this socket came by has ended");
  }

  /** Whoever has a socket here. */
  users(): UserId[] {
    return [...this.#byUser.keys()];
  }

  /** Whether the user has. */
  has(user: UserId): boolean {
    return this.#byUser.has(user);
  }

  /** The user's sockets. */
  of(user: UserId): readonly Connection[] {
    return this.#byUser.get(user) ?? [];
  }

  /** The classes that the user's sockets hear. */
  classesOf(user: UserId): ReadonlySet<ClassId> {
    return new Set(this.#byUser.get(user)?.flatMap(({ classes }) => [...classes]));
  }

  /** Whose sockets hear the class. */
  audienceOf(classId: ClassId): UserId[] {
    return this.users().filter((user) => this.classesOf(user).has(classId));
  }

  /** The user has become a member of the class: their sockets hear it from now on. */
  join(classId: ClassId, user: UserId): void {
    this.changes++;
    for (const connection of this.#byUser.get(user) ?? []) {
      if (connection.classes.has(classId)) continue;
      connection.classes.add(classId);
      this.#audience.enter(classId);
      connection.hooks.joined?.(classId);
      this.#join(classId, connection);
    }
    this.presence.moved(classId, user);
  }

  /** The user is a member no more: what was committed before still reaches them, nothing after. */
  part(classId: ClassId, user: UserId): void {
    this.changes++;
    this.#window.flush(prefixOf(classId));
    for (const connection of this.#byUser.get(user) ?? []) {
      if (!connection.classes.delete(classId)) continue;
      this.#audience.leave(classId);
      connection.wire.unsubscribe(this.#topic(classId, connection));
      connection.hooks.parted?.(classId);
      if (connection.room === classId) this.rooms.leave(connection, "notMember");
      if (connection.looking === classId) this.presence.leave(connection);
    }
    this.presence.moved(classId, user);
  }

  /**
   * Tells the class, in the order of the log: its teachers at once, its students too or with the next window. Whoever
   * is withdrawn on the way hears what stands before that, and nothing after.
   */
  publish(session: Readonly<Session>, told: Told): void {
    for (const { before, withdrawn } of partings(told)) {
      this.#tell(session, before);
      if (withdrawn !== null) this.part(session.classId, withdrawn);
    }
    if (told.items.some((item) => item.type === "ended")) this.rooms.close(session.classId);
  }

  #tell(session: Readonly<Session>, told: Told): void {
    const { encoders, hears, publish } = this.parts;
    for (const { name, windowed, encode } of encoders) {
      const teachers = topicOf(session.classId, name, "teacher");
      const students = topicOf(session.classId, name, "student");
      const [toTeachers, toStudents] = [hears(teachers), hears(students)];
      if (!toTeachers && !toStudents) continue;
      const { teacher, student } = encode(session, told);
      if (toTeachers) for (const frame of teacher) publish(teachers, frame);
      if (!toStudents) continue;
      for (const frame of student) {
        if (windowed) this.#window.push(students, frame);
        else publish(students, frame);
      }
    }
  }

  /** Lets go of whatever is held back. */
  flush(): void {
    this.#window.flush();
  }

  /** A dialect that cannot ask for what it missed is told, where the news of its joining took a while. */
  #join(classId: ClassId, connection: Connection): void {
    const { sinceJoined, encoders } = this.parts;
    if (!sinceJoined || connection.hooks.catchUp) {
      this.#listen(classId, connection);
      return;
    }
    sinceJoined(classId, connection.actor.id, (missed) => {
      if (!connection.classes.has(classId) || connection.closed) return;
      const encoder = encoders.find(({ name }) => name === connection.dialect);
      const frames = missed && encoder?.encode(missed.session, missed.told)[sideOf(connection)];
      for (const frame of frames ?? []) connection.wire.send(frame);
      this.#listen(classId, connection);
    });
  }

  /** A dialect that owes its sockets completeness catches them up first, and listens at that very moment. */
  #listen(classId: ClassId, connection: Connection): void {
    const listen = () => {
      if (connection.classes.has(classId) && !connection.closed)
        connection.wire.subscribe(this.#topic(classId, connection));
    };
    if (connection.hooks.catchUp) connection.hooks.catchUp(classId, listen);
    else listen();
  }

  #topic(classId: ClassId, connection: Connection): string {
    return topicOf(classId, connection.dialect, sideOf(connection));
  }
}
