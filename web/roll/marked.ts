import type { Command, Mark, SessionState, Status } from "../../client/index.ts";

interface Own {
  readonly seq: number;
  readonly status: Status;
}

/** What was marked on this device: so that it shows where another device has changed that since. */
export class Marked {
  readonly #own = new Map<string, Own>();
  /** Events of this device whose marks are not known yet. */
  readonly #awaited = new Set<number>();
  /** Every event of this device. */
  readonly #events = new Set<number>();

  constructor(private readonly session: string) {}

  /** A command of this device is done, as the event `seq`. */
  saved(command: Command, seq: number, state: SessionState | undefined): void {
    if (!("session" in command) || command.session !== this.session) return;
    this.#events.add(seq);
    if (command.type === "mark") this.#own.set(command.student, { seq, status: command.status });
    if (command.type === "markMany") this.#awaited.add(seq);
    if (command.type === "undo")
      for (const [student, own] of this.#own) if (own.seq === command.seq) this.#own.delete(student);
    if (state) this.heard(state);
  }

  /** The session is known so far: whom the bulk marks of this device were about. */
  heard({ seq: known, marks }: SessionState): void {
    for (const seq of this.#awaited) {
      if (seq > known) continue;
      this.#awaited.delete(seq);
      for (const [student, mark] of marks)
        if (mark.seq === seq) this.#own.set(student, { seq, status: mark.status });
    }
  }

  /** Whether the student was marked here, and has another mark now that this device did not make. */
  changedElsewhere(student: string, mark: Mark | undefined): boolean {
    const own = this.#own.get(student);
    if (!own || (mark && this.#events.has(mark.seq))) return false;
    return !mark || (mark.seq > own.seq && mark.status !== own.status);
  }
}
