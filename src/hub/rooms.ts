import type { ClassId, UserId } from "../core/ids.ts";
import type { Actor } from "../core/people.ts";
import type { Connection, News } from "./connection.ts";

/** Who is in a room, as the others are told. */
type Person = Pick<Actor, "id" | "name" | "role">;

/** Tells the sockets of a room here that a user's socket came in, or that their last one there is gone. */
export interface TellRoom {
  joined(who: Person, others: readonly Connection[]): void;
  left(who: Person, others: readonly Connection[]): void;
}

/** Who must know that a room has changed. */
interface RoomChanges {
  /** Who is in it, on whichever node. */
  changed(classId: ClassId): void;
  /** Who is in it from here. */
  changedHere(classId: ClassId): void;
}

/** A socket in a room. `place` orders the sockets of a user, on all nodes: the newest has the highest. */
interface Member {
  readonly connection: Connection;
  readonly place: number;
}

/** A socket of another node's in a room. */
export interface FarMember {
  readonly actor: Person;
  readonly place: number;
  /** Tells that socket. */
  tell(news: News): void;
  /** Tells it from every other of its node. */
  readonly socket: string;
}

interface Room {
  /** Each user's sockets here, the oldest first. */
  readonly here: Map<UserId, Member[]>;
  /** What other nodes have in it. */
  readonly far: Map<string, readonly FarMember[]>;
}

/** The video rooms: one per class, while its session runs. A socket is in one room at most. */
export class Rooms {
  readonly #byClass = new Map<ClassId, Room>();

  constructor(
    private readonly tell: TellRoom,
    private readonly told: RoomChanges = { changed: () => undefined, changedHere: () => undefined },
  ) {}

  /** Puts the socket in the room, out of another first; nothing where it was in it already. */
  join(connection: Connection, classId: ClassId): void {
    if (connection.closed || connection.room === classId) return;
    this.leave(connection);
    const room = this.#room(classId);
    const { id } = connection.actor;
    const member = { connection, place: newest(room) + 1 };
    room.here.set(id, [...(room.here.get(id) ?? []), member]);
    connection.room = classId;
    this.tell.joined(connection.actor, othersThan(id, room));
    this.#changedHere(classId);
  }

  #room(classId: ClassId): Room {
    const room = this.#byClass.get(classId) ?? { here: new Map(), far: new Map() };
    this.#byClass.set(classId, room);
    return room;
  }

  /** Takes the socket out of its room, if it is in one. */
  leave(connection: Connection): void {
    const classId = connection.room;
    const room = classId && this.#byClass.get(classId);
    if (!room || !classId) return;
    const { id } = connection.actor;
    const staying = room.here.get(id)?.filter((other) => other.connection !== connection) ?? [];
    if (staying.length > 0) room.here.set(id, staying);
    else room.here.delete(id);
    connection.room = null;
    if (!isIn(id, room)) this.tell.left(connection.actor, othersThan(id, room));
    this.#forgetEmpty(classId, room);
    this.#changedHere(classId);
  }

  #changedHere(classId: ClassId): void {
    this.told.changed(classId);
    this.told.changedHere(classId);
  }

  /** V6: the newest socket that the user has in the sender's room, on whichever node. */
  peer({ room: classId }: Connection, target: UserId): Pick<Connection, "tell"> | undefined {
    const room = classId && this.#byClass.get(classId);
    if (!room) return undefined;
    const here = room.here.get(target)?.at(-1);
    const far = farIn(room).filter(({ actor }) => actor.id === target);
    const newestFar = far.reduce<FarMember | undefined>(
      (best, one) => (best && best.place >= one.place ? best : one),
      undefined,
    );
    return newestFar && newestFar.place > (here?.place ?? 0) ? newestFar : here?.connection;
  }

  /** The sockets of this node in the room. */
  here(classId: ClassId): readonly Member[] {
    return [...(this.#byClass.get(classId)?.here.values() ?? [])].flat();
  }

  /** What another node has in the room now: whoever is new is told here, and whoever is gone. */
  setFar(classId: ClassId, node: string, members: readonly FarMember[]): void {
    if (members.length === 0 && !this.#byClass.has(classId)) return;
    const room = this.#room(classId);
    const before = room.far.get(node) ?? [];
    if (members.length > 0) room.far.set(node, members);
    else room.far.delete(node);
    for (const member of members)
      if (!before.some((one) => one.socket === member.socket))
        this.tell.joined(member.actor, earlierThan(member, room));
    const gone = new Map(before.map(({ actor }) => [actor.id, actor]));
    for (const actor of gone.values())
      if (!isIn(actor.id, room)) this.tell.left(actor, othersThan(actor.id, room));
    this.#forgetEmpty(classId, room);
    this.told.changed(classId);
  }

  /** Another node is gone, and whomever it had in a room. */
  dropFar(node: string): void {
    for (const classId of [...this.#byClass.keys()]) this.setFar(classId, node, []);
  }

  #forgetEmpty(classId: ClassId, room: Room): void {
    if (room.here.size === 0 && room.far.size === 0) this.#byClass.delete(classId);
  }

  /** Everyone who is in the class's room. */
  users(classId: ClassId): UserId[] {
    const room = this.#byClass.get(classId);
    return room ? [...new Set([...room.here.keys(), ...farIn(room).map(({ actor }) => actor.id)])] : [];
  }

  /** The session has ended: the room is no more, and nobody is told one by one. */
  close(classId: ClassId): void {
    const members = this.here(classId);
    for (const { connection } of members) connection.room = null;
    if (!this.#byClass.delete(classId)) return;
    this.told.changed(classId);
    if (members.length > 0) this.told.changedHere(classId);
  }

  /** The rooms in which somebody is from here. */
  open(): ClassId[] {
    return [...this.#byClass].flatMap(([classId, { here }]) => (here.size > 0 ? classId : []));
  }

  /** The server is ending: every room is closed. */
  closeAll(): void {
    for (const classId of [...this.#byClass.keys()]) this.close(classId);
  }
}

const farIn = (room: Room): readonly FarMember[] => [...room.far.values()].flat();

const isIn = (user: UserId, room: Room): boolean =>
  room.here.has(user) || farIn(room).some(({ actor }) => actor.id === user);

const newest = (room: Room): number =>
  Math.max(0, ...[...room.here.values(), ...room.far.values()].flat().map(({ place }) => place));

/** V1: of two on different nodes, the one who came first hears of the other, whenever their nodes do. */
function earlierThan({ actor, place, socket }: FarMember, room: Room): Connection[] {
  const others = [...room.here].flatMap(([id, members]) => (id === actor.id ? [] : members));
  return others.flatMap(({ connection, place: own }) =>
    own < place || (own === place && connection.id < socket) ? connection : [],
  );
}

function othersThan(user: UserId, room: Room): Connection[] {
  return [...room.here].flatMap(([id, members]) =>
    id === user ? [] : members.map(({ connection }) => connection),
  );
}
