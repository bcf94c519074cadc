import type { Emitter } from "./events.ts";
import type { Refused } from "./marks.ts";
import { newId } from "./new-id.ts";
import { type Command, Queue, type Queued } from "./queue.ts";
import type { QueueStorage } from "./storage.ts";

/** What became of a command. `closed`: the client was closed first, and the answer is not known. */
export type Outcome =
  | { readonly ok: true; readonly session: string; readonly seq: number }
  | { readonly ok: false; readonly code: string; readonly message: string };

export interface Sent {
  readonly id: string;
  /** Never rejects. */
  readonly outcome: Promise<Outcome>;
}

/** What is told of a command: that it is on its way, and what became of it. */
export type CommandState =
  | { readonly state: "sending"; readonly command: Queued }
  | { readonly state: "saved" | "refused"; readonly command: Queued; readonly outcome: Outcome };

interface Told {
  command: CommandState;
  trouble: unknown;
}

/** The largest frame that a server takes, in bytes, unless it was set up otherwise. */
const FRAME_BYTES_MAX = 65_536;
const TOO_LARGE_CODE = 1009;
const REFUSED_MAX = 100;
const TOO_LARGE = {
  ok: false,
  code: "too-large",
  message: "The command is larger than a frame may be",
} as const;
const CLOSED = { ok: false, code: "closed", message: "Closed before the answer came" } as const;

/** The commands on their way: each is sent until it is answered. */
export class Outbox {
  readonly queue: Queue;
  /** The last that were refused, for those whose marks they are about. */
  refused: readonly Refused[] = [];
  readonly #answers = new Map<string, (outcome: Outcome) => void>();
  #closed = false;

  constructor(
    storage: QueueStorage,
    private readonly events: Pick<Emitter<Told>, "emit">,
    /** Sends where the server is ready for commands; says whether it is. */
    private readonly ready: () => boolean,
    private readonly transmit: (frame: object) => void,
    private readonly seqOf: (session: string) => number,
    user: string | null,
  ) {
    this.queue = new Queue(storage, (error) => events.emit("trouble", error), user);
  }

  send(command: Command): Sent {
    const id = newId();
    const queued = this.queue.add(id, command);
    const outcome = new Promise<Outcome>((resolve) => this.#answers.set(id, resolve));
    this.events.emit("command", { state: "sending", command: queued });
    if (bytesOf(queued) > FRAME_BYTES_MAX) this.settle(id, TOO_LARGE);
    else if (this.#closed) this.#answerAll();
    else this.flush();
    return { id, outcome };
  }

  /** Sends what waits, if it may be sent now. */
  flush(): void {
    if (!this.ready()) return;
    for (const { id, command } of this.queue.take()) this.transmit({ ...command, id });
  }

  /** Sends too what another page left, which may be gone by now. */
  async adopt(): Promise<void> {
    for (const command of await this.queue.adopt())
      this.events.emit("command", { state: "sending", command });
    this.flush();
  }

  settle(id: string, outcome: Outcome): void {
    const command = this.queue.settle(id);
    if (command) {
      if (!outcome.ok) this.#remember(command.command, outcome.code);
      this.events.emit("command", { state: outcome.ok ? "saved" : "refused", command, outcome });
    }
    this.#answers.get(id)?.(outcome);
    this.#answers.delete(id);
    this.flush();
  }

  /** The socket is lost, with this close code. */
  lost(code: number | null): void {
    const sent = this.queue.lost();
    // A server may take less than others do: if a frame was too large, it was the largest.
    const [largest] = sent.toSorted((a, b) => bytesOf(b) - bytesOf(a));
    if (code === TOO_LARGE_CODE && largest) this.settle(largest.id, TOO_LARGE);
  }

  /** Nothing is sent any more: what was not answered is left to the storage. */
  close(): void {
    this.#closed = true;
    this.#answerAll();
  }

  #answerAll(): void {
    for (const answer of this.#answers.values()) answer(CLOSED);
    this.#answers.clear();
  }

  #remember(command: Command, code: string): void {
    const since = "session" in command ? this.seqOf(command.session) : 0;
    this.refused = [...this.refused, { command, code, since }].slice(-REFUSED_MAX);
  }
}

const bytesOf = ({ id, command }: Queued): number =>
  new TextEncoder().encode(JSON.stringify({ ...command, id })).length;
