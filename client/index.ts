import type { ServerFrame } from "../protocol/v1.ts";
import {
  browserSocket,
  Connection,
  type ConnectionOptions,
  type ConnectionStatus,
  type Credentials,
  systemTimers,
  type Timers,
} from "./connection.ts";
import { Emitter, type Stop } from "./events.ts";
import { Feed, type News, type User } from "./feed.ts";
import { type MarkState, markState } from "./marks.ts";
import { type CommandState, Outbox, type Sent } from "./outbox.ts";
import type { Presence } from "./presence.ts";
import type { Queued, Whom } from "./queue.ts";
import type { SessionState, Status } from "./session.ts";
import { memoryStorage, type QueueStorage } from "./storage.ts";

export type { ConnectionStatus, Heard, OpenSocket, Timers, Wire } from "./connection.ts";
export type { User } from "./feed.ts";
export type { MarkState } from "./marks.ts";
export type { CommandState, Outcome, Sent } from "./outbox.ts";
export type { Presence } from "./presence.ts";
export type { Command, Queued, Whom } from "./queue.ts";
export type { Mark, SessionState, Status } from "./session.ts";
export { indexedDbStorage, memoryStorage, type QueueStorage } from "./storage.ts";

export interface Options extends Partial<ConnectionOptions> {
  /** `wss://HOST/ws`, or `ws:`. */
  readonly url: string;
  /** Asked for before each connection: a new ticket, the token, or that the cookie counts. */
  readonly credentials: () => Promise<Credentials>;
  /** Where commands wait for their answer. */
  readonly storage?: QueueStorage;
  /** Whose commands these are, where the page knows it: those given before the server has said so stay this user's. */
  readonly user?: string;
}

/** What `on` tells. */
export interface Events extends News {
  status: ConnectionStatus;
  command: CommandState;
  /** Every frame, as it comes and after what it means here. */
  frame: ServerFrame;
  /** Something went wrong that is being dealt with: the storage, the credentials, a frame. */
  trouble: unknown;
}

/** Speaks rollcall.v1 from now on, over one socket after the other, until it is closed. */
export const connect = (options: Options): Client => new Client(options);

/** When what the server could not tell is asked for again. */
const LATER_MS = 5000;

/** What docs/PROTOCOL.md asks of a client: complete sessions, and commands that are done once. */
export class Client {
  /** The clock by which it waits. */
  readonly timers: Timers;
  readonly #events = new Emitter<Events>();
  readonly #connection: Connection;
  readonly #feed: Feed;
  readonly #outbox: Outbox;
  #looking: string | null = null;
  #wasLost = false;

  constructor({ storage = memoryStorage(), user, ...given }: Options) {
    const events = this.#events;
    const send = (frame: object) => this.#connection.send(frame);
    const isReady = () => this.status.state === "ready";
    const seqOf = (session: string) => this.sessions.get(session)?.seq ?? 0;
    const { timers = systemTimers } = given;
    this.timers = timers;
    this.#feed = new Feed(events, send, (run) => void timers.after(LATER_MS, run));
    this.#outbox = new Outbox(storage, events, isReady, send, seqOf, user ?? null);
    this.#connection = new Connection(
      { webSocket: browserSocket, random: Math.random, ...given, timers },
      {
        hello: (credentials) => ({ type: "hello", ...credentials, after: this.#feed.sessions.after }),
        frame: (frame) => this.#take(frame),
        status: (status) => this.#become(status),
        troubled: (error) => events.emit("trouble", error),
      },
    );
    void this.stored.then(() => {
      if (this.status.state === "connecting") this.#connection.open();
    });
  }

  get status(): ConnectionStatus {
    return this.#connection.status;
  }

  /** Who this is; null until the server has said so. */
  get user(): User | null {
    return this.#feed.user;
  }

  /** This client's socket, by the name that the server gave it; another after each cut. */
  get socket(): string | null {
    return this.#feed.socket;
  }

  /** Who of the class that is looked at is there; null while that is not known. */
  get presence(): Presence | null {
    return this.#feed.presence;
  }

  /** The sessions that are known, running and ended, by their ids. */
  get sessions(): ReadonlyMap<string, SessionState> {
    return this.#feed.sessions.all;
  }

  /** The commands that wait for their answer, in order. */
  get waiting(): readonly Queued[] {
    return this.#outbox.queue.waiting;
  }

  /** Resolves once everything that was asked so far outlives the page. */
  get stored(): Promise<void> {
    return this.#outbox.queue.stored;
  }

  /** Listens; what it returns ends that. */
  on<Name extends keyof Events>(name: Name, listener: (happened: Events[Name]) => void): Stop {
    return this.#events.on(name, listener);
  }

  /** A student's mark as a screen shows it: also what is still on its way, or was refused. */
  markOf(session: string, student: string): MarkState {
    const { queue, refused } = this.#outbox;
    const known = { state: this.sessions.get(session), waiting: queue.waiting, refused };
    return markState(known, session, student);
  }

  start(classId: string): Sent {
    return this.#outbox.send({ type: "start", class: classId });
  }

  mark(session: string, student: string, status: Status): Sent {
    return this.#outbox.send({ type: "mark", session, student, status });
  }

  markMany(session: string, whom: Whom, status: Status): Sent {
    return this.#outbox.send({ type: "markMany", session, whom, status });
  }

  /** Takes back what event `seq` marked. */
  undo(session: string, seq: number): Sent {
    return this.#outbox.send({ type: "undo", session, seq });
  }

  end(session: string): Sent {
    return this.#outbox.send({ type: "end", session });
  }

  /** The network may be back, the machine may have slept: looks at once. For `online` and `visibilitychange`. */
  wake(): void {
    this.#connection.wake();
  }

  /** Learns sooner that the server is gone, and is back sooner, until what is returned is called: for a call. */
  watchClosely(): Stop {
    return this.#connection.watchClosely();
  }

  /** Ends it. What was not answered stays in the storage, for the next client. */
  close(): void {
    this.#connection.close();
  }

  /** Looks at a class, or at none: `presence` tells who is there, again after each cut. For teachers. */
  look(classId: string | null): void {
    if (classId === this.#looking) return;
    this.#looking = classId;
    this.#feed.presence = null;
    if (this.status.state === "ready") this.#connection.send({ type: "look", class: classId });
  }

  /** Sends a frame that no answer is waited for, where there is a connection; whether there is one. */
  tell(frame: object): boolean {
    const isReady = this.status.state === "ready";
    if (isReady) this.#connection.send(frame);
    return isReady;
  }

  #become(status: ConnectionStatus): void {
    if (status.state === "waiting" || status.state === "closed") {
      this.#feed.lost();
      this.#outbox.lost(status.code);
    }
    if (status.state === "closed") this.#outbox.close();
    if (status.state === "ready" && this.#looking)
      this.#connection.send({ type: "look", class: this.#looking });
    this.#events.emit("status", status);
    this.#outbox.flush();
    // While there was no connection another page may have given commands, and may be closed.
    if (status.state === "ready" && this.#wasLost) void this.#outbox.adopt();
    this.#wasLost = status.state === "waiting" || (this.#wasLost && status.state !== "ready");
  }

  #take(frame: ServerFrame): void {
    if (frame.type === "hello") this.#outbox.queue.claim(frame.user.id);
    if (frame.type === "ack")
      this.#outbox.settle(frame.id, { ok: true, session: frame.session, seq: frame.seq });
    else if (frame.type === "refused")
      this.#outbox.settle(frame.id, { ok: false, code: frame.code, message: frame.message });
    else this.#feed.take(frame);
    this.#events.emit("frame", frame);
  }
}
