import type { ClassId, UserId } from "../core/ids.ts";
import type { Connection } from "./connection.ts";

/** Where a student of a class is: with a socket here, one of them in the video room, or with none. */
export type Whereabouts = "connected" | "room" | "away";

/** What those who look at a class are told; `whole` where it replaces what they knew. */
export interface PresenceNews {
  readonly classId: ClassId;
  readonly whole: boolean;
  readonly students: readonly (readonly [UserId, Whereabouts])[];
  readonly looking: readonly Connection[];
}

/** What presence is read from. */
interface Seen {
  whereabouts(user: UserId, classId: ClassId): Whereabouts;
  /** The users who are in the class's video room. */
  inRoom(classId: ClassId): readonly UserId[];
}

export interface PresenceParts {
  readonly everyMs: number;
  /** The frame for those who look. */
  readonly encode: (news: PresenceNews) => string;
  readonly publish: (topic: string, frame: string) => void;
  readonly after: (ms: number, run: () => void) => void;
}

interface Looked {
  readonly looking: Set<Connection>;
  /** What those who look know; whoever is away is not in it. */
  readonly told: Map<UserId, Whereabouts>;
  /** Whose whereabouts may have changed since. */
  readonly moved: Set<UserId>;
  roomChanged: boolean;
  lookersChanged: boolean;
  armed: boolean;
}

const topicOf = (classId: ClassId): string => `${classId}/looking`;

/** Who is connected, for the teachers who look at a class. Nothing is counted for a class that nobody looks at. */
export class Presence {
  readonly #classes = new Map<ClassId, Looked>();

  constructor(
    private readonly parts: PresenceParts,
    private readonly seen: Seen,
  ) {}

  /** LO1: the socket looks at the class, and at no other, from now on; it is told who of `roll` is there. */
  look(connection: Connection, classId: ClassId, roll: Iterable<UserId>): void {
    if (connection.closed) return;
    this.leave(connection);
    const looked = this.#classes.get(classId) ?? this.#begin(classId, roll);
    this.#flush(classId, looked);
    looked.looking.add(connection);
    connection.looking = classId;
    connection.wire.send(
      this.parts.encode({
        classId,
        whole: true,
        students: [...looked.told],
        looking: [...looked.looking],
      }),
    );
    connection.wire.subscribe(topicOf(classId));
    if (looked.looking.size === 1) return;
    looked.lookersChanged = true;
    this.#arm(classId, looked);
  }

  #begin(classId: ClassId, roll: Iterable<UserId>): Looked {
    const told = new Map<UserId, Whereabouts>();
    for (const user of roll) {
      const now = this.seen.whereabouts(user, classId);
      if (now !== "away") told.set(user, now);
    }
    const quiet = { roomChanged: false, lookersChanged: false, armed: false };
    const looked: Looked = { looking: new Set(), told, moved: new Set(), ...quiet };
    this.#classes.set(classId, looked);
    return looked;
  }

  /** The socket looks at nothing more. */
  leave(connection: Connection): void {
    const classId = connection.looking;
    const looked = classId && this.#classes.get(classId);
    if (!looked) return;
    connection.looking = null;
    connection.wire.unsubscribe(topicOf(classId));
    looked.looking.delete(connection);
    if (looked.looking.size === 0) {
      this.#classes.delete(classId);
      return;
    }
    looked.lookersChanged = true;
    this.#arm(classId, looked);
  }

  /** A socket of the user came or went, or became or ceased to be one of the class. */
  moved(classId: ClassId, user: UserId): void {
    const looked = this.#classes.get(classId);
    if (!looked) return;
    looked.moved.add(user);
    this.#arm(classId, looked);
  }

  /** Somebody came into the class's video room, or left it. */
  roomChanged(classId: ClassId): void {
    const looked = this.#classes.get(classId);
    if (!looked) return;
    looked.roomChanged = true;
    this.#arm(classId, looked);
  }

  /** LO4: what changes meanwhile is told together. */
  #arm(classId: ClassId, looked: Looked): void {
    if (looked.armed) return;
    looked.armed = true;
    this.parts.after(this.parts.everyMs, () => {
      looked.armed = false;
      this.#flush(classId, looked);
    });
  }

  #flush(classId: ClassId, looked: Looked): void {
    const students = this.#news(classId, looked);
    const tell = students.length > 0 || looked.lookersChanged;
    looked.lookersChanged = false;
    if (!tell || looked.looking.size === 0) return;
    const looking = [...looked.looking];
    this.parts.publish(topicOf(classId), this.parts.encode({ classId, whole: false, students, looking }));
  }

  #news(classId: ClassId, looked: Looked): [UserId, Whereabouts][] {
    const { told, moved, roomChanged } = looked;
    const wereIn = [...told].flatMap(([user, where]) => (where === "room" ? user : []));
    const may = new Set(roomChanged ? [...moved, ...wereIn, ...this.seen.inRoom(classId)] : moved);
    moved.clear();
    looked.roomChanged = false;
    const news: [UserId, Whereabouts][] = [];
    for (const user of may) {
      const now = this.seen.whereabouts(user, classId);
      if (now === (told.get(user) ?? "away")) continue;
      if (now === "away") told.delete(user);
      else told.set(user, now);
      news.push([user, now]);
    }
    return news;
  }
}
