import type { LoggedEvent } from "../core/session/events.ts";

/** The last events of a log, up to `capacity` of them and at most as many again before the oldest are let go. */
export class Tail {
  #events: LoggedEvent[];
  /** The last sequence number pushed. */
  head: number;

  constructor(
    private readonly capacity: number,
    log: readonly LoggedEvent[],
  ) {
    this.#events = lastOf(log, capacity);
    this.head = log.at(-1)?.seq ?? 0;
  }

  push(events: readonly LoggedEvent[]): void {
    for (const event of events) this.#events.push(event);
    this.head = events.at(-1)?.seq ?? this.head;
    if (this.#events.length > 2 * this.capacity) this.#events = lastOf(this.#events, this.capacity);
  }

  /** The events after `seq`; null where the first of them is gone, or `seq` lies ahead of the last. */
  after(seq: number): readonly LoggedEvent[] | null {
    const missing = this.head - seq;
    if (missing < 0 || missing > this.#events.length) return null;
    return missing === 0 ? [] : this.#events.slice(-missing);
  }
}

const lastOf = (events: readonly LoggedEvent[], count: number): LoggedEvent[] =>
  events.slice(Math.max(0, events.length - count));
