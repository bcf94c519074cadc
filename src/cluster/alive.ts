import { hostname } from "node:os";
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

/** Shows that this node lives, and knows which others do. */
export class Alive {
  #others: readonly NodeBeat[] = [];
  #timer: Timer | null = null;
  #beating: Promise<void> = Promise.resolve();
  /** Told of a node that is gone. */
  onLost: (node: string) => void = () => undefined;

  constructor(private readonly parts: Parts) {}

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
    await store.beat(node);
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
    const before = this.#others.filter(({ host }) => !isDead(host));
    if (before.length === 0) return [];
    await Bun.sleep(BEAT_MS + BEAT_MS / 2);
    const now = await this.parts.store.alive(SILENT_MS);
    return now.filter(({ id, beats }) => before.some((one) => one.id === id && one.beats < beats));
  }

  /** The node ends, and the others need not wait to see it; where that cannot be written they do. Never rejects. */
  async end(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#beating;
    try {
      await this.parts.store.leave(this.parts.node.id);
    } catch (error) {
      this.parts.troubled("this node could not say that it ends", error);
    }
  }
}

/** Names this process and its machine. */
export const HOST = `${hostname()} (process ${process.pid})`;

/** Whether it was a process of this machine, and is no more. */
function isDead(host: string): boolean {
  const pid = host.startsWith(hostname()) ? Number(/\(process (\d+)\)$/.exec(host)?.[1]) : Number.NaN;
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}
