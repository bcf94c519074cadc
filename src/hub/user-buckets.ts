import type { UserId } from "../core/ids.ts";
import { Bucket, type Rate } from "./bucket.ts";

interface Held {
  readonly bucket: Bucket;
  sockets: number;
}

/** The share of a burst from which a socket has something to send with. */
const ENOUGH = 1 / 8;

/**
 * What a user's sockets may send together, `times` what one may. It outlives them until it would be full again, so that
 * who floods and comes back has nothing to flood with.
 */
export class UserBuckets {
  readonly #byUser = new Map<UserId, Held>();

  constructor(private readonly times: number) {}

  /** The bucket of a user of whom a socket has begun to send. */
  hold(user: UserId, rate: Rate, now: number): Bucket {
    const held = this.#byUser.get(user) ?? { bucket: new Bucket(this.#together(rate), now), sockets: 0 };
    this.#byUser.set(user, held);
    held.sockets++;
    return held.bucket;
  }

  /** One of those sockets is gone. */
  release(user: UserId, { burst, perSecond }: Rate): void {
    const held = this.#byUser.get(user);
    if (!held || --held.sockets > 0) return;
    const forget = () => {
      if (held.sockets === 0) this.#byUser.delete(user);
    };
    setTimeout(forget, (burst / perSecond) * 1000).unref();
  }

  /** How long a further socket of the user had better wait, in milliseconds: what it sent would be one too many. */
  waitOf(user: UserId, now = performance.now()): number {
    return this.#byUser.get(user)?.bucket.msUntil(ENOUGH, now) ?? 0;
  }

  /** How many users are known. */
  get size(): number {
    return this.#byUser.size;
  }

  #together({ perSecond, burst }: Rate): Rate {
    return { perSecond: this.times * perSecond, burst: this.times * burst };
  }
}
