import { hostname } from "node:os";
import type { NodeBeat, NodeRow, NodeStore, Voice } from "../ports/nodes.ts";

/** How often a node looks who lives, in ms: so soon it knows whose news does not go out. */
const LOOK_MS = 500;
/** How often it shows that it lives. */
const BEAT_MS = 4 * LOOK_MS;
/** A node that was silent this long is gone. */
export const SILENT_MS = 3 * BEAT_MS + 1000;

/** What a node shows before it has told anything. */
const NEW: Voice = { carries: true, unsaid: 0 };

interface Parts {
  readonly store: NodeStore;
  readonly node: NodeRow;
  readonly troubled: (what: string, error: unknown) => void;
}

/** Shows that this node lives, and knows which others do. */
export class Alive {
  #others: readonly NodeBeat[] = [];
  #heard: readonly NodeBeat[] = [];
  #timer: Timer | null = null;
  #working: Promise<void> | null = null;
  /** Whether there is something to show. */
  #due = true;
  /** What it shows of its news. */
  voice: () => Voice = () => NEW;
  /** Told of a node that is gone. */
  onLost: (node: string) => void = () => undefined;
  /** Told that another's news did not go out, or may not have: of what stands in logs, or of anything. */
  onUnsaid: (of: "logs" | "anything") => void = () => undefined;

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

  /** The others whose news goes out. */
  get heard(): readonly NodeBeat[] {
    return this.#heard;
  }

  /** Shows for the first time that it lives, and looks who else does. Rejects where the store cannot be asked. */
  async begin(): Promise<void> {
    await this.#beat();
    let looks = 0;
    this.#timer = setInterval(() => {
      if (++looks % (BEAT_MS / LOOK_MS) === 0) this.#due = true;
      this.#work();
    }, LOOK_MS);
    this.#timer.unref();
  }

  /** What it shows of its news has changed, and the others should know at once. */
  show(): void {
    this.#due = true;
    this.#work();
  }

  #work(): void {
    this.#working ??= this.#beat()
      .catch((error: unknown) => this.parts.troubled("this node could not show that it lives", error))
      .finally(() => {
        this.#working = null;
        if (this.#due && this.#timer) this.#work();
      });
  }

  async #beat(): Promise<void> {
    const { store, node } = this.parts;
    if (this.#due) {
      this.#due = false;
      await store.beat(node, this.voice());
    }
    const alive = await store.alive(SILENT_MS);
    this.#compare(alive.filter(({ id }) => id !== node.id));
  }

  #compare(now: readonly NodeBeat[]): void {
    const before = this.#others;
    const wasOf = (id: string): Voice => before.find((one) => one.id === id) ?? NEW;
    // What a mute one could not say counts once its news goes out again.
    this.#others = now.map((one) => (one.carries ? one : { ...one, unsaid: wasOf(one.id).unsaid }));
    this.#heard = now.filter(({ carries }) => carries);
    for (const { id } of before) if (!now.some((one) => one.id === id)) this.onLost(id);
    for (const { id, carries, unsaid } of this.#others) {
      const was = wasOf(id);
      if (unsaid !== was.unsaid) this.onUnsaid("anything");
      else if (carries !== was.carries) this.onUnsaid("logs");
    }
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
    this.#timer = null;
    await this.#working;
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
