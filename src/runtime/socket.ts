import type { Config } from "../config.ts";
import type { UserId } from "../core/ids.ts";
import type { Actor } from "../core/people.ts";
import { Bucket, type Rate } from "../hub/bucket.ts";
import type { Endpoint, Handling, OpenSocket, Wire } from "../hub/connection.ts";
import type { Admitted, Pipe } from "../hub/mount.ts";
import type { UserBuckets } from "../hub/user-buckets.ts";

/** What a socket needs of those who keep it. */
export interface Keeper {
  readonly limits: Config;
  readonly rates: Rates;
  readonly users: UserBuckets;
  /** The server is ending: what still comes is not heard. */
  readonly deaf: boolean;
  /** A frame is in the socket's queue. */
  came(socket: Socket<unknown>): void;
  /** A frame was sent to this socket alone. */
  sent(): void;
  /** It was too fast or too far ahead. */
  flooded(): void;
  left(socket: Socket<unknown>, code: number): void;
}

const POLICY_VIOLATION = 1008;

/** A socket with its bounded queue: frames wait here for their turn, in order. */
export class Socket<Frame> implements Wire, Admitted<Frame> {
  #endpoint: Endpoint<Frame> | null = null;
  #gone = false;
  #rate: Rate;
  // Most sockets never send: these are made with the first frame.
  #bucket: Bucket | null = null;
  #usersBucket: Bucket | null = null;
  #user: UserId | null = null;
  #queue: Frame[] | null = null;
  /** Frames received and not yet done with, those under way among them. */
  waiting = 0;
  /** How many of its frames are done in one turn: a teacher's marks of one turn share a commit. */
  atOnce: number;
  /** The next frame waits for the one under way. */
  blocked = false;
  /** It is being closed for its flood: nothing more of it counts. */
  #flooded = false;
  /** When something was last heard of it, on the clock of performance.now(). */
  heardAt = performance.now();
  pingedAt = 0;
  isWatched = false;

  constructor(
    readonly id: string,
    readonly dialect: string,
    private readonly pipe: Pipe,
    private readonly keeper: Keeper,
  ) {
    this.atOnce = keeper.limits.STUDENT_FRAMES_PER_TURN;
    this.#rate = dialect === "socket-io" ? keeper.rates.stranger : keeper.rates.student;
  }

  /** Opens the dialect's end, which may close the socket at once: whoever keeps it must know it by then. */
  open(open: OpenSocket<Frame>): void {
    this.#endpoint = open(this, this.id);
    if (this.#gone) this.#endpoint?.gone();
  }

  /** It lives: not a frame, but a sign. */
  alive(): void {
    this.heardAt = performance.now();
  }

  heard(): boolean {
    this.alive();
    if (this.#flooded || this.keeper.deaf) return false;
    this.#bucket ??= new Bucket(this.#rate, this.heardAt);
    if (this.#bucket.take(this.heardAt) && this.#mayUser()) return true;
    this.#flood();
    return false;
  }

  #mayUser(): boolean {
    if (this.#user === null || this.#gone) return true;
    this.#usersBucket ??= this.keeper.users.hold(this.#user, this.#rate, this.heardAt);
    return this.#usersBucket.take(this.heardAt);
  }

  receive(frame: Frame): void {
    if (this.#flooded || this.keeper.deaf) return;
    if (this.waiting >= this.keeper.limits.FRAMES_WAITING_MAX) {
      this.#flood();
      return;
    }
    this.#queue ??= [];
    this.#queue.push(frame);
    this.waiting++;
    this.keeper.came(this);
  }

  gone(code: number): void {
    this.#gone = true;
    if (this.#user !== null && this.#usersBucket) this.keeper.users.release(this.#user, this.#rate);
    this.keeper.left(this, code);
    this.#endpoint?.gone();
  }

  /** Whether it is the turn of a frame. */
  get ready(): boolean {
    return !this.blocked && this.#queue !== null && this.#queue.length > 0;
  }

  /** Hands the next frame to the dialect. */
  handleNext(): Handling | null {
    const frame = this.#queue?.shift();
    return frame === undefined ? null : (this.#endpoint?.receive(frame) ?? null);
  }

  /** What is queued is forgotten: its sender is not to be heard. */
  #flood(): void {
    this.#flooded = true;
    this.waiting -= this.#queue?.length ?? 0;
    this.#queue = null;
    this.keeper.flooded();
    this.pipe.close(POLICY_VIOLATION, "too many frames");
  }

  send(...frames: readonly string[]): void {
    if (frames.length === 1) this.#send(frames[0] ?? "");
    else
      this.pipe.cork(() => {
        for (const frame of frames) this.#send(frame);
      });
  }

  #send(frame: string): void {
    this.keeper.sent();
    this.pipe.sendText(frame);
  }

  close(code: number, reason: string): void {
    this.pipe.close(code, reason);
  }

  watch(closely: boolean): void {
    this.isWatched = closely;
  }

  subscribe(topic: string): void {
    this.pipe.subscribe(topic);
  }

  unsubscribe(topic: string): void {
    this.pipe.unsubscribe(topic);
  }

  trust({ id, role }: Pick<Actor, "id" | "role">): void {
    const { rates, users } = this.keeper;
    if (this.#user !== null && this.#usersBucket) users.release(this.#user, this.#rate);
    this.#user = id;
    this.#rate = role === "teacher" ? rates.teacher : rates.student;
    if (role === "teacher") this.atOnce = Number.POSITIVE_INFINITY;
    this.#bucket = null;
    this.#usersBucket = null;
  }
}

/** One for each role and not one for each socket. */
export const ratesOf = (limits: Config): Rates => ({
  teacher: { perSecond: limits.TEACHER_FRAMES_PER_S, burst: limits.TEACHER_FRAMES_BURST },
  student: { perSecond: limits.STUDENT_FRAMES_PER_S, burst: limits.STUDENT_FRAMES_BURST },
  stranger: { perSecond: limits.STRANGER_PACKETS_PER_S, burst: limits.STRANGER_PACKETS_BURST },
});

interface Rates {
  readonly teacher: Rate;
  readonly student: Rate;
  /** Of an Engine.IO connection by which nobody has come in. */
  readonly stranger: Rate;
}
