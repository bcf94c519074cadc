/** Another node that wrote within this time is likely to want to write again. */
const RECENT_MS = 250;
/** What a write and a turn of another node may take, at most, before nobody waits for it any longer. */
const PAUSE_MAX_MS = 40;
const BACKOFF_MAX_MS = 300;
/** While no news comes others cannot say that they wait: after so many writes they are given their turn all the same. */
const WINS_UNHEARD = 8;
/** How often a batch is decided anew because another node was first, before its marks are refused. */
const LOSSES_MAX = 19;

/**
 * Several nodes that write to one log. Whoever has just written could always be first again, for the others must read
 * before they write: so it lets them have their turn.
 */
export class Rivals {
  #seenAt = Number.NEGATIVE_INFINITY;
  #askedAt = 0;
  #pausedUntil = 0;
  #losses = 0;
  #wins = 0;
  #timer: Timer | null = null;

  /** `unheard`: whether others may want to write and cannot say so. */
  constructor(private readonly unheard: () => boolean) {}

  /** Another node has written, or wants to. */
  seen(): void {
    this.#seenAt = performance.now();
  }

  /** Whether another node writes here too. */
  get areNear(): boolean {
    return this.#seenAt !== Number.NEGATIVE_INFINITY;
  }

  /** Whether a turn must wait for others; then `go` is called once it need not. */
  mustWait(go: () => void): boolean {
    if (this.#timer) return true;
    // Most sessions have one writer, and nothing to look at a clock for.
    if (this.#seenAt === Number.NEGATIVE_INFINITY && !this.unheard()) return false;
    const now = performance.now();
    this.#askedAt = now;
    if (now >= this.#pausedUntil) return false;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      go();
    }, this.#pausedUntil - now);
    return true;
  }

  /** This node has written: where others do too, it pauses for three times as long as that took, in which another can read and write. */
  wrote(): void {
    this.#losses = 0;
    const mayBeUnheard = ++this.#wins % WINS_UNHEARD === 0 && this.unheard();
    if (this.#seenAt === Number.NEGATIVE_INFINITY && !mayBeUnheard) return;
    const now = performance.now();
    const isRecent = now - this.#seenAt <= RECENT_MS;
    if (!isRecent) this.#seenAt = Number.NEGATIVE_INFINITY;
    if (isRecent || mayBeUnheard) this.#pausedUntil = now + Math.min(PAUSE_MAX_MS, 3 * (now - this.#askedAt));
  }

  /** Another node was first; true where that was so too often running. */
  lost(): boolean {
    this.seen();
    if (++this.#losses <= LOSSES_MAX) return false;
    this.#losses = 0;
    return true;
  }

  /** Resolves after a time by chance, or they would meet again. */
  pause(): Promise<void> {
    if (this.#losses < 3) return Promise.resolve();
    return Bun.sleep(Math.random() * Math.min(BACKOFF_MAX_MS, 2 ** this.#losses));
  }
}
