import type { ClassId, UserId } from "../core/ids.ts";
import type { Actor } from "../core/people.ts";
import type { Connection, DialectName, Hooks, News, Wire } from "./connection.ts";
import type { Hub } from "./hub.ts";
import { SmallSet } from "./small-set.ts";

interface Parts {
  readonly hub: Hub;
  /** The classes whose news a user hears. */
  readonly classesOf: (actor: Actor) => Promise<ClassId[]>;
  /** Whether nothing has ended since what they came by. */
  readonly stands: (actor: Actor) => Promise<boolean>;
  /** How long a user's next socket has to wait, in milliseconds. */
  readonly waitOf: (user: UserId) => number;
  /** Resolves once news of the class comes to this server; null where it does already. */
  readonly hear?: (classId: ClassId) => Promise<void> | null;
  /** Somebody was turned away: for the metrics. */
  readonly refused: (reason: string) => void;
  readonly troubled: (what: string, error: unknown) => void;
}

/** A user who may come in, and what was known of their classes at that moment. */
export interface Guest {
  readonly actor: Actor;
  readonly classes: readonly ClassId[];
  readonly stands: boolean;
  readonly changes: number;
}

type Words = (wire: Wire, news: News) => void;

interface Entering {
  readonly guest: Guest;
  readonly wire: Wire;
  readonly id: string;
  readonly dialect: DialectName;
  /** How the dialect says what is for one socket; left out by one that has no words for such news. */
  readonly words?: Words;
  readonly hooks?: (connection: Connection) => Hooks;
}

const UNAUTHORIZED = 4401;
const TRY_LATER = 1013;
const UNEXPECTED = 1011;
const silent: Words = () => undefined;
const NO_HOOKS: Hooks = {};
/** Why a socket of a user who has as many as are allowed is turned away. */
export const TOO_MANY_SOCKETS = "this user has too many sockets, close one and connect again";

/** Where sockets come in: each user's classes are looked up, and their number is bounded. The door of a video room is core/room/door.ts. */
export class Door {
  constructor(private readonly parts: Parts) {}

  /** Looks up what a user may hear; who has just been cut off for a flood waits, for to come in costs the server most. */
  async invite(actor: Actor): Promise<Guest> {
    const wait = this.parts.waitOf(actor.id);
    if (wait > 0) await Bun.sleep(wait);
    const { hub, classesOf, stands, hear } = this.parts;
    const { changes } = hub;
    const [classes, standing] = await Promise.all([classesOf(actor), stands(actor)]);
    if (hear) await Promise.all(classes.flatMap((classId) => hear(classId) ?? []));
    return { actor, classes, stands: standing, changes };
  }

  /** Whether the user has as many sockets as are allowed; a dialect may ask before it lets one in. */
  isFull({ actor }: Guest): boolean {
    const full = this.parts.hub.isFull(actor.id);
    if (full) this.parts.refused("sockets-per-user");
    return full;
  }

  /** Lets a socket hear its classes from now on; null where its user has too many, and then it is closed. */
  enter({ guest, wire, id, dialect, words = silent, hooks }: Entering): Connection | null {
    const { hub, refused } = this.parts;
    const { actor, classes, changes } = guest;
    if (!guest.stands) {
      refused("unauthorized");
      wire.close(UNAUTHORIZED, "what this socket came by has ended");
      return null;
    }
    const connection = new Entered(id, actor, dialect, wire, new SmallSet(classes), words);
    if (hooks) connection.hooks = hooks(connection);
    if (!hub.add(connection)) {
      refused("sockets-per-user");
      wire.close(TRY_LATER, TOO_MANY_SOCKETS);
      return null;
    }
    wire.trust(actor);
    if (changes !== hub.changes) void this.#catchUp(connection);
    return connection;
  }

  leave(connection: Connection): void {
    connection.closed = true;
    this.parts.hub.remove(connection);
  }

  /** Memberships changed since the user's classes were looked up: they are looked up again, until nothing changes meanwhile. */
  async #catchUp({ actor, classes, wire }: Connection): Promise<void> {
    const { hub } = this.parts;
    try {
      let guest = await this.invite(actor);
      while (guest.changes !== hub.changes) guest = await this.invite(actor);
      if (!guest.stands) return wire.close(UNAUTHORIZED, "what this socket came by has ended");
      const now = new Set(guest.classes);
      for (const classId of now) if (!classes.has(classId)) hub.join(classId, actor.id);
      for (const classId of classes) if (!now.has(classId)) hub.part(classId, actor.id);
    } catch (error) {
      this.parts.troubled("a user's classes could not be looked up", error);
      wire.close(UNEXPECTED, "your classes could not be looked up, connect again");
    }
  }
}

/** Made for each of thousands of sockets, so it holds what is its own and shares the rest. */
class Entered implements Connection {
  room: ClassId | null = null;
  looking: ClassId | null = null;
  closed = false;
  underway: Promise<void> | null = null;
  hooks = NO_HOOKS;

  constructor(
    readonly id: string,
    readonly actor: Actor,
    readonly dialect: DialectName,
    readonly wire: Wire,
    readonly classes: SmallSet<ClassId>,
    private readonly words: Words,
  ) {}

  tell(news: News): void {
    this.words(this.wire, news);
  }
}
