import type { Clock } from "../ports/clock.ts";
import type { NodeBeat, NodeRow, NodeStore } from "../ports/nodes.ts";

/** How often a node shows that it lives. */
const BEAT_MS = 2000;
/** A node that was silent this long is gone. */
const SILENT_MS = 3 * BEAT_MS + 1000;

interface Parts {
  readonly store: NodeStore;
  readonly node: NodeRow;
  readonly troubled: (what: string, error: unknown) => void;
}

/** Shows that this node lives, knows which others do, and goes by the store's clock. */
export class Alive {
  #others: readonly NodeBeat[] = [];
  #timer: Timer | null = null;
  /** What the store's clock is ahead of this machine's, in ms. */
  #ahead = 0;
  #beating: Promise<void> = Promise.resolve();
  /** Told of a node that is gone. */
  onLost: (node: string) => void = () => undefined;

  constructor(private readonly parts: Parts) {}

  /** The store's clock: what nodes write down and compare is timed by one clock. */
  readonly clock: Clock = { now: () => Date.now() + this.#ahead };

  get node(): NodeRow {
    return this.parts.node;
  }

  get others(): readonly NodeBeat[] {
    return this.#others;
  }

  /** Whether this is the one of all nodes that does what only one needs to do. */
  get leads(): boolean {
    return this.#others.every(({ id }) => id > this.parts.node.id);
  }

  /** Shows for the first time that it lives, and looks who else does. Rejects where the store cannot be asked. */
  async begin(): Promise<void> {
    await this.#beat();
    this.#timer = setInterval(() => {
      this.#beating = this.#beat().catch((error: unknown) =>
        this.parts.troubled("this node could not show that it lives", error),
      );
    }, BEAT_MS);
    this.#timer.unref();
  }

  async #beat(): Promise<void> {
    const { store, node } = this.parts;
    const asked = performance.now();
    const at = await store.beat(node);
    // The store read its clock at some moment in between.
    this.#ahead = Math.round(at + (performance.now() - asked) / 2 - Date.now());
    const others = (await store.alive(SILENT_MS)).filter(({ id }) => id !== node.id);
    const lost = this.#others.filter(({ id }) => !others.some((other) => other.id === id));
    this.#others = others;
    for (const { id } of lost) this.onLost(id);
  }

  /**
   * The others that certainly live: those seen to beat again. A node that was killed leaves a row that looks alive for
   * a while, so this takes some seconds where there are any.
   */
  async certain(): Promise<NodeBeat[]> {
    const before = this.#others;
    if (before.length === 0) return [];
    await Bun.sleep(BEAT_MS + BEAT_MS / 2);
    const now = await this.parts.store.alive(SILENT_MS);
    return now.filter(({ id, beats }) => before.some((one) => one.id === id && one.beats < beats));
  }

  /** The node ends, and the others need not wait to see it. */
  async end(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#beating;
    await this.parts.store.leave(this.parts.node.id);
  }
}
