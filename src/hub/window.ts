interface Waiting {
  readonly frame: string;
  readonly since: number;
}

/** The time that a window goes by, in milliseconds on one clock. */
export interface Ticks {
  now(): number;
  after(ms: number, run: () => void): void;
}

const systemTicks: Ticks = {
  now: () => performance.now(),
  after: (ms, run) => void setTimeout(run, ms),
};

const EARLY_MS = 1;

/**
 * Holds frames back for `windowMs`, so that those which gather leave in one turn and share their writes. A frame
 * leaves after one to two windows, and the frames of a topic in the order in which they came.
 */
export class Window {
  #topics = new Map<string, Waiting[]>();
  #armed = false;

  constructor(
    private readonly windowMs: number,
    private readonly publish: (topic: string, frame: string) => void,
    private readonly ticks: Ticks = systemTicks,
  ) {}

  push(topic: string, frame: string): void {
    if (this.windowMs === 0) {
      this.publish(topic, frame);
      return;
    }
    const entry = { frame, since: this.ticks.now() };
    const waiting = this.#topics.get(topic);
    if (waiting) waiting.push(entry);
    else this.#topics.set(topic, [entry]);
    this.#arm(this.windowMs);
  }

  #arm(ms: number): void {
    if (this.#armed) return;
    this.#armed = true;
    this.ticks.after(ms, () => this.#open());
  }

  /** Lets go of those that have waited; a younger frame waits for the next time. */
  #open(): void {
    this.#armed = false;
    const due = this.ticks.now() - this.windowMs;
    let left = false;
    for (const [topic, waiting] of this.#topics) {
      const young = waiting.findIndex((entry) => entry.since > due);
      const leaving = young === -1 ? waiting : waiting.splice(0, young);
      for (const { frame } of leaving) this.publish(topic, frame);
      left ||= leaving.length > 0;
      if (young === -1) this.#topics.delete(topic);
    }
    // A timer may be a fraction of a millisecond early: nothing left, and another window would be one too many.
    if (this.#topics.size > 0) this.#arm(left ? this.windowMs : EARLY_MS);
  }

  /** Lets everything go at once that waits for a topic of this beginning; without one, everything. */
  flush(prefix = ""): void {
    for (const [topic, waiting] of [...this.#topics]) {
      if (!topic.startsWith(prefix)) continue;
      this.#topics.delete(topic);
      for (const { frame } of waiting) this.publish(topic, frame);
    }
  }
}
