/** So many at once, and then one in every so many ms. */
export class Allowance {
  #left: number;
  #at: number;

  constructor(
    private readonly most: number,
    private readonly everyMs: number,
    now: number,
  ) {
    this.#left = most;
    this.#at = now;
  }

  /** Whether one more is allowed at this moment, in ms. */
  take(now: number): boolean {
    this.#left = Math.min(this.most, this.#left + Math.max(0, now - this.#at) / this.everyMs);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
