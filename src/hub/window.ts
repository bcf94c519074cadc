interface Waiting {
  readonly frame: string;
  /** On the clock of performance.now(), milliseconds. */
  readonly since: number;
}

/**
 * Holds frames back for `windowMs`, so that those which gather leave in one turn and share their writes. A frame
 * leaves after one to two windows, and the frames of a topic in the order in which they came.
 */
export class Window {
  #topics = new Map<string, Waiting[]>();
  #timer: Timer | null = null;

  constructor(
    private readonly windowMs: number,
    private readonly publish: (topic: string, frame: string) => void,
  ) {}

  push(topic: string, frame: string): void {
    if (this.windowMs === 0) {
      this.publish(topic, frame);
      return;
    }
    const waiting = this.#topics.get(topic);
    const entry = { frame, since: performance.now() };
    if (waiting) waiting.push(entry);
    else this.#topics.set(topic, [entry]);
    this.#timer ??= setTimeout(() => this.#open(), this.windowMs);
  }

  /** Lets go of those that have waited; a younger frame waits for the next time. */
  #open(): void {
    this.#timer = null;
    const due = performance.now() - this.windowMs;
    for (const [topic, waiting] of this.#topics) {
      const young = waiting.findIndex((entry) => entry.since > due);
      const leaving = young === -1 ? waiting : waiting.splice(0, young);
      for (const { frame } of leaving) this.publish(topic, frame);
      if (young === -1) this.#topics.delete(topic);
    }
    if (this.#topics.size > 0) this.#timer = setTimeout(() => this.#open(), this.windowMs);
  }

  /** Lets everything go at once. */
  flush(): void {
    for (const [topic, waiting] of this.#topics) for (const { frame } of waiting) this.publish(topic, frame);
    this.#topics = new Map();
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
