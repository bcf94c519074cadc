import type { Status } from "./session.ts";
import type { QueueStorage } from "./storage.ts";

/** Whom a bulk mark is for: everyone on the roll, those without a mark, or those named. */
export type Whom = "all" | "rest" | readonly string[];

/** What a command asks; the id comes with sending it. */
export type Command =
  | { readonly type: "start"; readonly class: string }
  | { readonly type: "mark"; readonly session: string; readonly student: string; readonly status: Status }
  | { readonly type: "markMany"; readonly session: string; readonly whom: Whom; readonly status: Status }
  | { readonly type: "undo"; readonly session: string; readonly seq: number }
  | { readonly type: "end"; readonly session: string };

/** A command that waits for its answer. */
export interface Queued {
  readonly id: string;
  /** They are sent in this order. */
  readonly order: number;
  /** The user whose command it is; null until one is known. Another user's is kept, and not sent. */
  readonly author: string | null;
  readonly command: Command;
}

/** How many may wait for their answer at once: a server lets go of a socket at 1,024. */
const UNANSWERED_MAX = 256;

/** The commands that are not yet answered, in the order in which they were given. */
export class Queue {
  #entries: Queued[] = [];
  /** Those that this socket has sent. */
  #sent = new Set<string>();
  /** What was answered while the storage is asked what else there is: it may still be among that. */
  #settled: Set<string> | null = null;
  /** The storage is asked one thing after the other, first for what it kept. */
  #stored: Promise<void>;

  constructor(
    private readonly storage: QueueStorage,
    private readonly troubled: (error: unknown) => void,
    /** The user who gives commands, where that is known before the server says so. */
    private author: string | null = null,
  ) {
    this.#stored = storage.load().then((kept) => this.#restore(kept), troubled);
  }

  /** Resolves once what was kept from before is in its place, and what was given so far is kept. */
  get stored(): Promise<void> {
    return this.#stored;
  }

  /** Every command that waits for its answer, in order; those of another user only while it is not known who is here. */
  get waiting(): readonly Queued[] {
    const here = this.author;
    return this.#entries.filter(({ author }) => here === null || author === null || author === here);
  }

  /** Takes in what another page left in the storage meanwhile; gives what of it may wait here. */
  async adopt(): Promise<readonly Queued[]> {
    let others: readonly Queued[] = [];
    this.#store(async () => {
      const settled = new Set<string>();
      this.#settled = settled;
      const kept = await this.storage.load();
      this.#settled = null;
      const isNew = ({ id }: Queued) => !settled.has(id) && !this.#find(id);
      others = kept.filter(isNew).toSorted((a, b) => a.order - b.order);
      this.#entries = [...this.#entries, ...others];
    });
    await this.#stored;
    return this.waiting.filter((queued) => others.includes(queued));
  }

  add(id: string, command: Command): Queued {
    const queued = { id, order: (this.#entries.at(-1)?.order ?? 0) + 1, author: this.author, command };
    this.#entries.push(queued);
    this.#store(() => this.storage.put(this.#find(id) ?? queued));
    return queued;
  }

  /** From now on it is this user who sends; commands that nobody's name stood on are theirs. */
  claim(author: string): void {
    this.author = author;
    this.#entries = this.#entries.map((queued) => {
      if (queued.author !== null) return queued;
      const claimed = { ...queued, author };
      this.#store(() => this.storage.put(claimed));
      return claimed;
    });
  }

  /** Those that may be sent now; they count as sent until the socket is lost. */
  take(): Queued[] {
    const unsent = this.waiting.filter(({ id }) => !this.#sent.has(id));
    const taken = unsent.slice(0, Math.max(0, UNANSWERED_MAX - this.#sent.size));
    for (const { id } of taken) this.#sent.add(id);
    return taken;
  }

  /** The socket is lost: what it sent must be sent again. Gives what that was. */
  lost(): Queued[] {
    const sent = this.#entries.filter(({ id }) => this.#sent.has(id));
    this.#sent = new Set();
    return sent;
  }

  /** It was answered and is kept no longer; undefined where there is no such command. */
  settle(id: string): Queued | undefined {
    const queued = this.#find(id);
    this.#sent.delete(id);
    this.#settled?.add(id);
    if (!queued) return undefined;
    this.#entries = this.#entries.filter((other) => other !== queued);
    this.#store(() => this.storage.remove(id));
    return queued;
  }

  #find(id: string): Queued | undefined {
    return this.#entries.find((queued) => queued.id === id);
  }

  /** What was kept comes before what was given meanwhile. */
  #restore(kept: readonly Queued[]): void {
    const before = kept.toSorted((a, b) => a.order - b.order);
    const last = before.at(-1)?.order ?? 0;
    const given = this.#entries.map((queued, index) => ({ ...queued, order: last + 1 + index }));
    this.#entries = [...before, ...given];
  }

  #store(work: () => Promise<void>): void {
    this.#stored = this.#stored.then(work).catch(this.troubled);
  }
}
