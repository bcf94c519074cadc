interface Lane {
  working: number;
  readonly waiting: (() => void)[];
}

/** For each key a bounded number at work and a bounded number waiting, in the order in which they came. */
export class Turns {
  readonly #lanes = new Map<string, Lane>();

  constructor(private readonly bounds: { readonly atOnce: number; readonly waiting: number }) {}

  /** Null where too many of the key wait already. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T | null> {
    const lane = this.#lanes.get(key) ?? { working: 0, waiting: [] };
    this.#lanes.set(key, lane);
    if (lane.working >= this.bounds.atOnce) {
      if (lane.waiting.length >= this.bounds.waiting) return null;
      await new Promise<void>((resolve) => lane.waiting.push(resolve));
    } else lane.working++;
    try {
      return await work();
    } finally {
      const next = lane.waiting.shift();
      if (next) next();
      else if (--lane.working === 0) this.#lanes.delete(key);
    }
  }
}
