/** Lets `perSecond` through on average and `burst` at once. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** A token bucket; times are milliseconds on one clock. */
export class Bucket {
  #tokens: number;
  #at: number;

  constructor(
    private readonly rate: Rate,
    now: number,
  ) {
    this.#tokens = rate.burst;
    this.#at = now;
  }

  /** How long until this share of a burst may pass, in milliseconds; 0 where it may now. */
  msUntil(share: number, now: number): number {
    const { burst, perSecond } = this.rate;
    return Math.max(0, ((share * burst - this.#tokens) / perSecond) * 1000 - Math.max(0, now - this.#at));
  }

  /** Whether one more may pass now. */
  take(now: number): boolean {
    const gained = ((now - this.#at) * this.rate.perSecond) / 1000;
    this.#tokens = Math.min(this.rate.burst, this.#tokens + Math.max(0, gained)) - 1;
    this.#at = now;
    if (this.#tokens >= 0) return true;
    this.#tokens = 0;
    return false;
  }
}
