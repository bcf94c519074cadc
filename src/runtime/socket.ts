import type { ServerWebSocket } from "bun";
import type { ClassId } from "../core/ids.ts";
import type { Actor } from "../core/people.ts";
import type { Connection, Wire } from "../hub/connection.ts";
import { Bucket, type Rate } from "./bucket.ts";

export type Frame = string | Uint8Array;

/** A socket with its bounded queue: frames wait here for their turn, in order. */
export class Socket {
  readonly connection: Connection;
  readonly #bucket: Bucket;
  #queue: Frame[] = [];
  /** Frames received and not yet done with, those under way among them. */
  waiting = 0;
  /** The next frame waits for the one under way. */
  blocked = false;
  /** When something was last heard of it, on the clock of performance.now(). */
  heardAt: number;
  pingedAt = 0;
  /** It was too fast or too far ahead and is being closed: nothing more of it counts. */
  flooded = false;

  constructor(
    id: string,
    actor: Actor,
    dialect: string,
    classes: readonly ClassId[],
    rate: Rate,
    wire: Wire,
    now: number,
  ) {
    this.connection = {
      id,
      actor,
      dialect,
      wire,
      classes: new Set(classes),
      room: null,
      closed: false,
      underway: null,
    };
    this.#bucket = new Bucket(rate, now);
    this.heardAt = now;
  }

  /** Queues a frame; false where its sender is too fast or too far ahead. */
  receive(frame: Frame, now: number, waitingMax: number): boolean {
    this.heardAt = now;
    if (this.flooded || !this.#bucket.take(now) || this.waiting >= waitingMax) return false;
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
}

/** Bun's socket as the hub sees it. */
export function wireOf(ws: ServerWebSocket<unknown>, sent: () => void): Wire {
  return {
    send: (frame) => {
      sent();
      ws.sendText(frame);
    },
    close: (code, reason) => ws.close(code, reason),
    subscribe: (topic) => ws.subscribe(topic),
    unsubscribe: (topic) => ws.unsubscribe(topic),
  };
}
