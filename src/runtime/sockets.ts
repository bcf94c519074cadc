import type { Config } from "../config.ts";
import type { Pipe } from "../hub/mount.ts";
import type { UserBuckets } from "../hub/user-buckets.ts";
import type { Log } from "../observe/log.ts";
import type { Metrics } from "../observe/metrics.ts";
import { Inbox } from "./inbox.ts";
import { watchSilence } from "./silence.ts";
import { type Keeper, ratesOf, Socket } from "./socket.ts";

interface Parts {
  readonly config: Config;
  readonly metrics: Metrics;
  readonly users: UserBuckets;
  readonly log: Log;
}

/** Every open socket of the server, whatever it sits on: counted, held to its limits, watched, logged. */
export class Sockets implements Keeper {
  readonly #open = new Map<Socket<unknown>, Pipe>();
  readonly #inbox: Inbox;
  readonly #stopWatching: () => void;
  #counted = 0;
  deaf = false;
  readonly rates: Keeper["rates"];
  readonly users: UserBuckets;

  constructor(private readonly parts: Parts) {
    const { config, log, metrics } = parts;
    this.rates = ratesOf(config);
    this.users = parts.users;
    this.#inbox = new Inbox(({ id }, error) =>
      log.error({ socket: id, err: error }, "a frame broke its handler"),
    );
    metrics.countWaiting = () => this.#open.keys().reduce((sum, { waiting }) => sum + waiting, 0);
    this.#stopWatching = watchSilence(this.#open, config, () => metrics.refusals.inc({ reason: "silence" }));
  }

  get limits(): Config {
    return this.parts.config;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Whether a further socket would be one too many; for the metrics it is then one refused. */
  isFull(): boolean {
    const full = this.#open.size >= this.limits.SOCKETS_MAX;
    if (full) this.parts.metrics.refusals.inc({ reason: "sockets-max" });
    return full;
  }

  /** Keeps a socket until it is gone. Its dialect's end is still to be opened. */
  admit<Frame>(dialect: string, pipe: Pipe): Socket<Frame> {
    const id = (++this.#counted).toString(36);
    const socket = new Socket<Frame>(id, dialect, pipe, this);
    this.#open.set(socket, pipe);
    this.parts.metrics.connections.inc({ dialect });
    this.parts.log.debug({ socket: id, dialect }, "socket open");
    return socket;
  }

  came(socket: Socket<unknown>): void {
    this.parts.metrics.framesIn.inc();
    this.#inbox.wake(socket);
  }

  sent(): void {
    this.parts.metrics.sent.inc();
  }

  flooded(): void {
    this.parts.metrics.refusals.inc({ reason: "flood" });
  }

  left(socket: Socket<unknown>, code: number): void {
    if (!this.#open.delete(socket)) return;
    const { id, dialect } = socket;
    this.parts.metrics.connections.dec({ dialect });
    this.parts.log.debug({ socket: id, code }, "socket closed");
  }

  /** The server is ending: nothing that still comes counts. */
  stopListening(): void {
    this.deaf = true;
    this.#stopWatching();
  }

  closeAll(code: number, reason: string): void {
    for (const pipe of [...this.#open.values()]) pipe.close(code, reason);
  }
}
