import type { ClassId, UserId } from "../core/ids.ts";
import type { Connection } from "./connection.ts";

/** Where a student of a class is: with a socket open, one of them in the video room, or with none. */
export type Whereabouts = "connected" | "room" | "away";
export type Moves = readonly (readonly [UserId, Whereabouts])[];

/** A socket that looks at a class. */
export interface Looker {
  readonly socket: string;
  readonly user: UserId;
  readonly name: string | null;
}

/** What those who look at a class are told; `whole` where it replaces what they knew. */
export interface PresenceNews {
  readonly classId: ClassId;
  readonly whole: boolean;
  readonly students: Moves;
  readonly looking: readonly Looker[];
}

/** What presence is read from: the sockets of this node. */
interface Seen {
  whereabouts(user: UserId, classId: ClassId): Whereabouts;
  /** The users who are in the class's video room. */
  inRoom(classId: ClassId): readonly UserId[];
}

/** How other nodes hear of it. */
export interface FarEars {
  /** Who looks at the class from here is another than before. */
  looking(classId: ClassId): void;
  /** Students of a class that another node looks at have moved here. */
  moved(classId: ClassId, moves: Moves): void;
}

export interface PresenceParts {
  readonly everyMs: number;
  /** The frame for those who look. */
  readonly encode: (news: PresenceNews) => string;
  readonly publish: (topic: string, frame: string) => void;
  readonly after: (ms: number, run: () => void) => void;
  /** Left out where there are no other nodes. */
  readonly ears?: FarEars;
}

interface Looked {
  readonly looking: Set<Connection>;
  readonly farLooking: Map<string, readonly Looker[]>;
  /** Who is there by a socket of this node; whoever is away is not in it. */
  readonly here: Map<UserId, Whereabouts>;
  /** The same of each other node, as it has told. */
  readonly far: Map<string, ReadonlyMap<UserId, Whereabouts>>;
  /** What those who look know. */
  readonly told: Map<UserId, Whereabouts>;
  /** Whose whereabouts may have changed since. */
  readonly moved: Set<UserId>;
  roomChanged: boolean;
  lookersChanged: boolean;
  armed: boolean;
}

const topicOf = (classId: ClassId): string => `${classId}/looking`;

/**
 * Who is connected, for the teachers who look at a class. Nothing is counted for a class that nobody looks at.
 * Of "presence" this is what is so now and written nowhere: who came into the video room and left it is the visitor
 * book's (src/presence), and what such stays come to is core/presence.
 */
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
    const looking = lookersOf(looked);
    connection.wire.send(this.parts.encode({ classId, whole: true, students: [...looked.told], looking }));
    connection.wire.subscribe(topicOf(classId));
    if (looking.length > 1) this.#lookersChanged(classId, looked);
    this.parts.ears?.looking(classId);
  }

  #begin(classId: ClassId, roll: Iterable<UserId>): Looked {
    const here = new Map<UserId, Whereabouts>();
    for (const user of roll) put(here, user, this.seen.whereabouts(user, classId));
    const looked: Looked = {
      looking: new Set(),
      farLooking: new Map(),
      here,
      far: new Map(),
      told: new Map(here),
      moved: new Set(),
      roomChanged: false,
      lookersChanged: false,
      armed: false,
    };
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
    this.parts.ears?.looking(classId);
    // What other nodes tell is not heard any more once nobody looks from here.
    if (looked.looking.size === 0) for (const node of [...looked.far.keys()]) forget(looked, node);
    this.#lookersChanged(classId, looked);
    this.#endUnseen(classId, looked);
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

  /** The classes that are looked at from here. */
  lookedAt(): ClassId[] {
    return [...this.#classes].flatMap(([classId, { looking }]) => (looking.size > 0 ? classId : []));
  }

  /** Who looks at the class from here. */
  lookers(classId: ClassId): Looker[] {
    return [...(this.#classes.get(classId)?.looking ?? [])].map(lookerOf);
  }

  /** LO7: these sockets of another node look at the class now; gives who is there by a socket of this one. */
  farLooks(
    classId: ClassId,
    node: string,
    lookers: readonly Looker[],
    everyone: () => Iterable<UserId>,
  ): Moves {
    const known = this.#classes.get(classId);
    if (!known && lookers.length === 0) return [];
    const looked = known ?? this.#begin(classId, everyone());
    this.#flush(classId, looked);
    if (lookers.length > 0) looked.farLooking.set(node, lookers);
    else looked.farLooking.delete(node);
    this.#lookersChanged(classId, looked);
    this.#endUnseen(classId, looked);
    return [...looked.here];
  }

  /** LO7: another node tells who is there by its sockets, all of them or who has moved. */
  farMoved(classId: ClassId, node: string, whole: boolean, moves: Moves): void {
    const looked = this.#classes.get(classId);
    if (!looked || looked.looking.size === 0) return;
    if (whole) forget(looked, node);
    const theirs = new Map(looked.far.get(node));
    for (const [user, where] of moves) {
      put(theirs, user, where);
      looked.moved.add(user);
    }
    looked.far.set(node, theirs);
    this.#arm(classId, looked);
  }

  /** Another node is gone, or has not been heard of. */
  dropFar(node: string, only?: ClassId): void {
    for (const [classId, looked] of [...this.#classes]) {
      if (only !== undefined && only !== classId) continue;
      forget(looked, node);
      looked.farLooking.delete(node);
      this.#lookersChanged(classId, looked);
      this.#endUnseen(classId, looked);
    }
  }

  #lookersChanged(classId: ClassId, looked: Looked): void {
    looked.lookersChanged = true;
    this.#arm(classId, looked);
  }

  #endUnseen(classId: ClassId, { looking, farLooking }: Looked): void {
    if (looking.size === 0 && farLooking.size === 0) this.#classes.delete(classId);
  }

  /** LO4: what changes meanwhile is told together. */
  #arm(classId: ClassId, looked: Looked): void {
    if (looked.armed) return;
    looked.armed = true;
    this.parts.after(this.parts.everyMs, () => {
      looked.armed = false;
      if (this.#classes.get(classId) === looked) this.#flush(classId, looked);
    });
  }

  #flush(classId: ClassId, looked: Looked): void {
    const may = this.#mayHaveMoved(classId, looked);
    const here = differing(may, looked.here, (user) => this.seen.whereabouts(user, classId));
    const students = differing(may, looked.told, (user) => mergedOf(looked, user));
    if (here.length > 0 && looked.farLooking.size > 0) this.parts.ears?.moved(classId, here);
    const tell = students.length > 0 || looked.lookersChanged;
    looked.lookersChanged = false;
    if (!tell || looked.looking.size === 0) return;
    const looking = lookersOf(looked);
    this.parts.publish(topicOf(classId), this.parts.encode({ classId, whole: false, students, looking }));
  }

  #mayHaveMoved(classId: ClassId, looked: Looked): Set<UserId> {
    const may = new Set(looked.moved);
    looked.moved.clear();
    if (!looked.roomChanged) return may;
    looked.roomChanged = false;
    for (const [user, where] of looked.here) if (where === "room") may.add(user);
    for (const user of this.seen.inRoom(classId)) may.add(user);
    return may;
  }
}

/** Brings what is known of these users up to now; gives those of whom it was another. */
function differing(
  users: Iterable<UserId>,
  known: Map<UserId, Whereabouts>,
  now: (user: UserId) => Whereabouts,
): [UserId, Whereabouts][] {
  const moves: [UserId, Whereabouts][] = [];
  for (const user of users) {
    const where = now(user);
    if (where === (known.get(user) ?? "away")) continue;
    put(known, user, where);
    moves.push([user, where]);
  }
  return moves;
}

function put(known: Map<UserId, Whereabouts>, user: UserId, where: Whereabouts): void {
  if (where === "away") known.delete(user);
  else known.set(user, where);
}

/** On whichever node: the room counts for more than a socket, and that for more than none. */
function mergedOf({ here, far }: Looked, user: UserId): Whereabouts {
  const all = [here.get(user), ...[...far.values()].map((theirs) => theirs.get(user))];
  if (all.includes("room")) return "room";
  return all.includes("connected") ? "connected" : "away";
}

/** What a node had told is known no more. */
function forget(looked: Looked, node: string): void {
  for (const user of looked.far.get(node)?.keys() ?? []) looked.moved.add(user);
  looked.far.delete(node);
}

const lookerOf = ({ id, actor }: Connection): Looker => ({ socket: id, user: actor.id, name: actor.name });

const lookersOf = ({ looking, farLooking }: Looked): Looker[] => [
  ...[...looking].map(lookerOf),
  ...[...farLooking.values()].flat(),
];
