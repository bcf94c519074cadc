import type { ServerWebSocket } from "bun";
import type { Config } from "../config.ts";
import type { Role } from "../core/people.ts";
import type { Endpoint, OpenSocket, Wire } from "../hub/connection.ts";
import { Bucket, type Rate } from "./bucket.ts";

export type Frame = string | Uint8Array;

/** A socket with its bounded queue: frames wait here for their turn, in order. */
export class Socket implements Wire {
  readonly endpoint: Endpoint | null;
  #bucket: Bucket;
  #queue: Frame[] = [];
  /** Frames received and not yet done with, those under way among them. */
  waiting = 0;
  /** The next frame waits for the one under way. */
  blocked = false;
  /** It was too fast or too far ahead and is being closed: nothing more of it counts. */
  flooded = false;
  /** When something was last heard of it, on the clock of performance.now(). */
  heardAt = performance.now();
  pingedAt = 0;

  constructor(
    readonly id: string,
    open: OpenSocket,
    private readonly ws: Pick<ServerWebSocket<unknown>, "sendText" | "close" | "subscribe" | "unsubscribe">,
    private readonly limits: Config,
    private readonly sent: () => void,
  ) {
    this.#bucket = new Bucket(rateOf("student", limits), this.heardAt);
    this.endpoint = open(this, id);
  }

  /** Queues a frame; false where its sender is too fast or too far ahead. */
  receive(frame: Frame, now: number): boolean {
    this.heardAt = now;
    if (this.flooded || !this.#bucket.take(now) || this.waiting >= this.limits.FRAMES_WAITING_MAX)
      return false;
    this.#queue.push(frame);
    this.waiting++;
    return true;
  }

  /** The next frame whose turn it is. */
  next(): Frame | undefined {
    return this.blocked ? undefined : this.#queue.shift();
  }

  /** Forgets what is queued: its sender is not to be heard. */
  drop(): void {
    this.flooded = true;
    this.waiting -= this.#queue.length;
    this.#queue = [];
  }

  send(frame: string): void {
    this.sent();
    this.ws.sendText(frame);
  }

  close(code: number, reason: string): void {
    this.ws.close(code, reason);
  }

  subscribe(topic: string): void {
    this.ws.subscribe(topic);
  }

  unsubscribe(topic: string): void {
    this.ws.unsubscribe(topic);
  }

  trust(role: Role): void {
    this.#bucket = new Bucket(rateOf(role, this.limits), performance.now());
  }
}

const rateOf = (role: Role, limits: Config): Rate =>
  role === "teacher"
    ? { perSecond: limits.TEACHER_FRAMES_PER_S, burst: limits.TEACHER_FRAMES_BURST }
    : { perSecond: limits.STUDENT_FRAMES_PER_S, burst: limits.STUDENT_FRAMES_BURST };
