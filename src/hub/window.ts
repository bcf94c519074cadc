interface Waiting {
  readonly frame: string;
  readonly since: number;
}

/** What waits for a topic: its window opened when the first of these came, or anew once since. */
interface Gathering {
  waiting: Waiting[];
  opened: number;
  anew: boolean;
}

/** The time that a window goes by, in milliseconds on one clock. */
export interface Ticks {
  now(): number;
  after(ms: number, run: () => void): void;
}

const systemTicks: Ticks = {
  now: () => performance.now(),
  // A timer cuts fractions off and would be early, and then be set anew.
  after: (ms, run) => void setTimeout(run, Math.ceil(ms)),
};

/** What sums of fractions may be off by. */
const ROUNDING_MS = 1e-6;

/**
 * Holds frames back, so that those which gather leave in one turn and share their writes, which are most of what a
 * delivery costs. A topic's window opens with its first frame. Where no other comes, it leaves after `windowMs`; where
 * others do, they gather for twice that, and a frame that came in the second half leaves with the next window. So each
 * leaves after one to two windows, and the frames of a topic in the order in which they came. Where the writes to
 * a large class held everything up meanwhile, the window opens anew, once: what came in during them is still to be read,
 * and shares the next.
 */
export class Window {
  #topics = new Map<string, Gathering>();
  #armed = false;
  /** When the timer is to fire at the latest; later, and the writes that it was set beside held everything up. */
  #patience = Number.POSITIVE_INFINITY;
  #releasedAt = Number.NEGATIVE_INFINITY;

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
    const gathering = this.#topics.get(topic);
    if (gathering) gathering.waiting.push(entry);
    else this.#topics.set(topic, { waiting: [entry], opened: entry.since, anew: false });
    this.#arm(this.windowMs);
  }

  #arm(ms: number): void {
    if (this.#armed) return;
    this.#armed = true;
    const now = this.ticks.now();
    const writing = now - this.#releasedAt < this.windowMs;
    this.#patience = writing ? now + ms + this.windowMs : Number.POSITIVE_INFINITY;
    this.ticks.after(ms, () => this.#open());
  }

  #open(): void {
    this.#armed = false;
    const now = this.ticks.now() + ROUNDING_MS;
    const heldUp = now > this.#patience;
    let next = Number.POSITIVE_INFINITY;
    for (const [topic, gathering] of this.#topics) {
      if (heldUp && !gathering.anew) {
        gathering.opened = now;
        gathering.anew = true;
      }
      const due = this.#dueAt(gathering, now);
      next = Math.min(next, due > now ? due : this.#release(topic, gathering, now));
    }
    if (this.#topics.size > 0) this.#arm(next - now + ROUNDING_MS);
  }

  /** When the topic's window closes: later where frames still come. */
  #dueAt({ waiting, opened }: Gathering, now: number): number {
    const last = waiting.at(-1)?.since ?? opened;
    return opened + (last + this.windowMs > now ? 2 : 1) * this.windowMs;
  }

  /** Lets go of those that have waited; gives when the first of the others has. */
  #release(topic: string, gathering: Gathering, now: number): number {
    const { waiting } = gathering;
    const young = waiting.findIndex(({ since }) => since + this.windowMs > now);
    const leaving = young === -1 ? waiting : waiting.splice(0, young);
    for (const { frame } of leaving) this.publish(topic, frame);
    this.#releasedAt = now;
    const [first] = young === -1 ? [] : waiting;
    if (!first) {
      this.#topics.delete(topic);
      return Number.POSITIVE_INFINITY;
    }
    gathering.opened = first.since;
    gathering.anew = false;
    return first.since + this.windowMs;
  }

  /** Lets everything go at once that waits for a topic of this beginning; without one, everything. */
  flush(prefix = ""): void {
    for (const [topic, { waiting }] of [...this.#topics]) {
      if (!topic.startsWith(prefix)) continue;
      this.#topics.delete(topic);
      for (const { frame } of waiting) this.publish(topic, frame);
    }
  }
}
