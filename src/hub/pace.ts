import { Bucket, type Rate } from "./bucket.ts";
import type { Connection } from "./connection.ts";

/** How much of each a socket in a room may do. */
export interface Paces {
  /** What it may send to other peers. */
  readonly signals: Rate;
  /** What it may say to everyone. */
  readonly sayings: Rate;
  /** How often it may come in or show another thing of itself. */
  readonly shows: Rate;
}

/** What sockets in rooms may do no faster than is good for everyone there; going out and in again gives nobody more. */
export class Pace {
  readonly #buckets: Readonly<Record<keyof Paces, WeakMap<Connection, Bucket>>> = {
    signals: new WeakMap(),
    sayings: new WeakMap(),
    shows: new WeakMap(),
  };

  constructor(
    private readonly paces: Paces,
    /** Milliseconds since the epoch. */
    private readonly now: () => number,
  ) {}

  /** Whether the socket may do one more. */
  may(what: keyof Paces, connection: Connection): boolean {
    const known = this.#buckets[what].get(connection);
    const bucket = known ?? new Bucket(this.paces[what], this.now());
    if (!known) this.#buckets[what].set(connection, bucket);
    return bucket.take(this.now());
  }
}
