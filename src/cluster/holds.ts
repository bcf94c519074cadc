import type { ClassId } from "../core/ids.ts";

interface Held {
  sockets: number;
  /** Null once news of it comes here and its running session is in memory. */
  loading: Promise<void> | null;
  /** On the clock of performance.now(). */
  usedAt: number;
  /** Since when it is heard of, in milliseconds since the epoch. */
  readonly since: number;
}

interface Parts {
  /** Begins to hear of the class, and brings its running session. */
  readonly load: (id: ClassId) => Promise<void>;
  readonly now: () => number;
}

const AGAIN_MS = 1000;

/** The classes that this node hears of: those with sockets here, and for a while those that had some. */
export class Holds {
  readonly #held = new Map<ClassId, Held>();

  constructor(private readonly parts: Parts) {}

  /** Resolves once the class is heard of here; null where it is already. Rejects where it could not be loaded. */
  hear(id: ClassId): Promise<void> | null {
    const held = this.#held.get(id) ?? this.#begin(id, 0);
    held.usedAt = performance.now();
    return held.loading;
  }

  #begin(id: ClassId, sockets: number): Held {
    const held: Held = { sockets, loading: null, usedAt: performance.now(), since: this.parts.now() };
    held.loading = this.parts.load(id).then(
      () => {
        held.loading = null;
      },
      (error: unknown) => {
        this.#failed(id, held);
        throw error;
      },
    );
    held.loading.catch(() => "whoever waits for it is told");
    this.#held.set(id, held);
    return held;
  }

  /** The next one who asks begins anew, and for sockets that are there already it is tried again. */
  #failed(id: ClassId, held: Held): void {
    if (held.sockets <= 0) {
      if (this.#held.get(id) === held) this.#held.delete(id);
      return;
    }
    setTimeout(() => this.#held.get(id) === held && this.#begin(id, held.sockets), AGAIN_MS).unref();
  }

  isHeard(id: ClassId): boolean {
    return this.#held.get(id)?.loading === null;
  }

  /** Since when the class is heard of. */
  since(id: ClassId): number {
    return this.#held.get(id)?.since ?? Number.POSITIVE_INFINITY;
  }

  /** A socket hears the class from now on. */
  enter(id: ClassId): void {
    const held = this.#held.get(id) ?? this.#begin(id, 0);
    held.sockets++;
  }

  leave(id: ClassId): void {
    const held = this.#held.get(id);
    if (!held) return;
    held.sockets--;
    held.usedAt = performance.now();
  }

  /** Every class that is heard of. */
  all(): ClassId[] {
    return [...this.#held.keys()].filter((id) => this.isHeard(id));
  }

  /** Classes that nobody has used for `ms`. */
  unused(ms: number): ClassId[] {
    const before = performance.now() - ms;
    return [...this.#held].flatMap(([id, { sockets, usedAt, loading }]) =>
      sockets <= 0 && usedAt < before && loading === null ? id : [],
    );
  }

  drop(id: ClassId): void {
    this.#held.delete(id);
  }
}
