/** How long others may take to say that they have seen something, in ms; then it goes on without them. */
const PATIENCE_MS = 250;

interface Waiting {
  readonly left: Set<string>;
  readonly done: () => void;
}

/** Waits until the other nodes have seen what somebody was told, so that they may ask any node about it next. */
export class Confirmations {
  readonly #waiting = new Map<string, Waiting>();
  #count = 0;

  constructor(private readonly node: string) {}

  /** `ask` tells the others, by the name that they answer with. */
  async from(nodes: readonly string[], ask: (id: string) => void): Promise<void> {
    const id = `${this.node} ${++this.#count}`;
    if (nodes.length === 0) return ask(id);
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, PATIENCE_MS);
    this.#waiting.set(id, { left: new Set(nodes), done: resolve });
    ask(id);
    await promise;
    clearTimeout(timer);
    this.#waiting.delete(id);
  }

  /** The node has seen it. */
  seen(id: string, node: string): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    waiting.left.delete(node);
    if (waiting.left.size === 0) waiting.done();
  }
}
