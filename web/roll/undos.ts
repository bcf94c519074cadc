import type { Client, Outcome, Sent, Status } from "../../client/index.ts";

/** What was done here, in the words that the bar needs. */
export type What =
  | { readonly kind: "one"; readonly student: string; readonly status: Status }
  | { readonly kind: "many"; readonly whom: "all" | "rest"; readonly status: Status };

/** Something that was done here and can be taken back. */
export interface Done {
  readonly id: string;
  readonly what: What;
  /** `saved`: the server has it, and it can be undone for ten seconds. `undoing`: it will be, once it is saved. */
  readonly state: "sending" | "saved" | "undoing";
}

interface Entry {
  done: Done;
  readonly outcome: Promise<Outcome>;
}

/** Whether the later one was about somebody whom the earlier one was about; the rest had no mark before. */
function touches({ done: { what } }: Entry, { done: { what: before } }: Entry): boolean {
  if (what.kind === "many") return what.whom === "all";
  return before.kind === "many" || before.student === what.student;
}

/** How long something can be undone, from when it was saved. */
const UNDO_MS = 10_000;
/** More than anyone takes back in ten seconds. */
const KEPT = 50;

/** What was done last, the newest first to be undone. */
export class Undos {
  #entries: Entry[] = [];
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  constructor(
    private readonly client: Client,
    private readonly session: string,
    private readonly changed: () => void,
  ) {}

  get last(): Done | null {
    return this.#entries.at(-1)?.done ?? null;
  }

  did(what: What, { id, outcome }: Sent): void {
    const entry: Entry = { done: { id, what, state: "sending" }, outcome };
    this.#entries = [...this.#entries, entry].slice(-KEPT);
    this.changed();
    void outcome.then(({ ok }) => {
      if (!ok) this.#drop(entry);
      else if (entry.done.state === "sending") this.#saved(entry);
    });
  }

  undo(): void {
    const entry = this.#entries.findLast(({ done }) => done.state !== "undoing");
    if (!entry) return;
    entry.done = { ...entry.done, state: "undoing" };
    // What stands after an undo is the undo's own: earlier marks of the same students are not there to be taken back.
    const at = this.#entries.indexOf(entry);
    this.#entries = this.#entries.filter((other, place) => place >= at || !touches(entry, other));
    this.changed();
    void entry.outcome.then(async (outcome) => {
      if (outcome.ok) await this.client.undo(this.session, outcome.seq).outcome;
      this.#drop(entry);
    });
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #saved(entry: Entry): void {
    entry.done = { ...entry.done, state: "saved" };
    this.changed();
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (entry.done.state === "saved") this.#drop(entry);
    }, UNDO_MS);
    this.#timers.add(timer);
  }

  #drop(entry: Entry): void {
    this.#entries = this.#entries.filter((other) => other !== entry);
    this.changed();
  }
}
