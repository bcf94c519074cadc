import type { ClassId, SessionId, UserId } from "../core/ids.ts";
import { type Door, OPEN_DOOR } from "../core/room/door.ts";
import type { Connection, News } from "./connection.ts";

/** What a peer shows of itself; nothing where it speaks a dialect that has no words for it. */
export interface Shown {
  readonly hand: boolean;
  readonly mic: boolean;
  readonly camera: boolean;
  readonly screen: boolean;
}

export const NOTHING_SHOWN: Shown = { hand: false, mic: false, camera: false, screen: false };

/** A socket in a room, as the others know it. */
export interface Peer extends Shown {
  readonly id: string;
  readonly user: UserId;
  readonly role: "teacher" | "student";
  readonly name: string | null;
  /** When its socket came in, in milliseconds since the epoch. */
  readonly since: number;
  /** Whether it speaks of users and knows no peers. */
  readonly plain: boolean;
  /** RO62: the teacher has muted it, and it shows nothing by which the others would know. */
  readonly muted: boolean;
  /** Orders the sockets in the room, on all nodes: the newest has the highest. */
  readonly place: number;
}

/** A peer, and the way to it. */
export interface Reachable {
  readonly peer: Peer;
  /** Tells its socket, on whichever node. */
  tell(news: News): void;
}

/** A socket of this node in a room. */
export interface Member extends Reachable {
  peer: Peer;
  readonly connection: Connection;
}

/** A socket of another node's in a room. */
export interface FarMember extends Reachable {
  /** Tells it from every other of its node. */
  readonly socket: string;
}

/** A room as one who comes in is told of it: everyone else who is there. */
export interface WholeRoom {
  readonly classId: ClassId;
  readonly session: SessionId;
  readonly own: Peer;
  readonly media: Media;
  readonly door: ShownDoor;
  readonly keepsChat: boolean;
  readonly peers: readonly Peer[];
}

/** How sound and pictures go: each to each of `max` peers at most, or over LiveKit. */
export type Media = { readonly kind: "mesh"; readonly max: number } | { readonly kind: "livekit" };

/** A door as those in the room are told of it. */
export interface ShownDoor {
  readonly locked: boolean;
  /** For teachers alone. */
  readonly removed: readonly Named[];
}

/** A user by name, where that is known. */
export interface Named {
  readonly user: UserId;
  readonly name: string | null;
}

/** What somebody said in a room. */
export interface Saying {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly user: UserId;
  readonly name: string | null;
  readonly text: string;
}

/** What another node tells of a room. */
export interface FarNews {
  readonly node: string;
  readonly session: SessionId | null;
  readonly isCall: boolean;
  readonly members: readonly FarMember[];
}

/** What is new of a room: `peers` came in or changed, `gone` left. */
export interface RoomChange {
  readonly peers: readonly Peer[];
  readonly gone: readonly string[];
  /** Where it is another than before. */
  readonly door?: ShownDoor;
  readonly media?: Media;
  readonly keepsChat?: boolean;
}

/** Why somebody is in the room no more. */
export type Parting = "left" | "replaced" | "removed" | "ended" | "notMember" | "sessionEnded";

/** How many peers a mesh holds, and how many of them are one person's. */
interface Places {
  readonly meshMax: number;
  readonly pagesMax: number;
}

/** Those in one class's video room. */
export class Room {
  /** The sockets of this node, by their peers' ids, the oldest first. */
  readonly here = new Map<string, Member>();
  /** What other nodes have in it. */
  readonly far = new Map<string, readonly FarMember[]>();

  /** The newest that is known here. */
  door: Door = OPEN_DOOR;

  /** Once it has outgrown a mesh it stays so until it is empty. */
  isCall = false;
  /** Whether the class wants what is said to be kept, as far as is known here. */
  keepsChat = false;
  readonly #names = new Map<UserId, string | null>();
  /** Whoever is muted and shows nothing; by user, for such clients are another peer each time they come. */
  readonly #hushed = new Set<UserId>();

  constructor(readonly session: SessionId) {}

  /** These users have these names. */
  name(people: Iterable<Named>): void {
    for (const { user, name } of people) this.#names.set(user, name);
  }

  /** Whoever shows nothing is known to be muted, or not any more. */
  hush({ user, plain, muted }: Pick<Peer, "user" | "plain" | "muted">): void {
    if (plain && muted) this.#hushed.add(user);
    else if (plain) this.#hushed.delete(user);
  }

  /** Whether the user was muted by a client that shows nothing. */
  isHushed(user: UserId): boolean {
    return this.#hushed.has(user);
  }

  get shownDoor(): ShownDoor {
    const removed = this.door.removed.map((user) => ({ user, name: this.#names.get(user) ?? null }));
    return { locked: this.door.state === "locked", removed };
  }

  /** Everyone in it, each once. */
  users(): UserId[] {
    return [...new Set(this.peers().map(({ user }) => user))];
  }

  /** Whether the user is in it, and no teacher. */
  isStudent(user: UserId): boolean {
    return this.peers().some((peer) => peer.user === user && peer.role === "student");
  }

  get isEmpty(): boolean {
    return this.here.size === 0 && this.far.size === 0;
  }

  /** The place of whoever comes now: after all that are known here, and by the clock after those that are not yet. */
  placeAt(now: number): number {
    return Math.max(now, ...this.#all().map(({ peer }) => peer.place + 1));
  }

  /**
   * RO8: whether there is no place for it among `meshMax`. The last is the teacher's, who may always come in. RO64: those of
   * its user that go for it, as nobody is in by more than `pagesMax`, keep it out no more.
   */
  isFullFor(newcomer: Pick<Peer, "id" | "user" | "role">, { meshMax, pagesMax }: Places): boolean {
    if (newcomer.role === "teacher") return false;
    const others = this.peers().filter((peer) => peer.id !== newcomer.id);
    const kept = others.some((peer) => peer.role === "teacher") ? 0 : 1;
    const own = others.filter((peer) => peer.user === newcomer.user).length;
    const going = Math.max(0, own + 1 - pagesMax);
    return others.length - going + kept >= meshMax;
  }

  /** Everyone in it. A page that came back by another node may be on both for a moment: its newer socket counts. */
  peers(): Peer[] {
    const byId = new Map<string, Peer>();
    for (const { peer } of this.#all())
      if ((byId.get(peer.id)?.place ?? 0) < peer.place) byId.set(peer.id, peer);
    return [...byId.values()];
  }

  /** The way to a peer. */
  find(id: string): Reachable | undefined {
    if (this.far.size === 0) return this.here.get(id);
    return newestOf(this.#all().filter(({ peer }) => peer.id === id));
  }

  /** The way to the newest socket of a user. */
  newestOf(user: UserId): Reachable | undefined {
    return newestOf(this.#all().filter(({ peer }) => peer.user === user));
  }

  /** Whether the user has a socket in it. */
  has(user: UserId): boolean {
    return this.#all().some(({ peer }) => peer.user === user);
  }

  #all(): Reachable[] {
    return [...this.here.values(), ...[...this.far.values()].flat()];
  }
}

const newestOf = (members: readonly Reachable[]): Reachable | undefined =>
  members.reduce<Reachable | undefined>(
    (best, one) => (best && best.peer.place >= one.peer.place ? best : one),
    undefined,
  );

/** Whether the others would be told the same of both. */
export const isSame = (one: Peer, other: Peer): boolean =>
  one.since === other.since &&
  one.hand === other.hand &&
  one.mic === other.mic &&
  one.camera === other.camera &&
  one.screen === other.screen &&
  one.muted === other.muted;
