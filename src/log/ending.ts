import type { LogPosition } from "../core/batch.ts";
import type { LoggedEvent } from "../core/session/events.ts";
import type { Session } from "../core/session/state.ts";
import type { Ender, Surroundings } from "./surroundings.ts";

const FINISH_AGAIN_MS = 1000;

/** E3: the end of a session, from the moment that it is in the log until its records stand. */
export class Ending {
  #waiting: { readonly event: LoggedEvent; readonly by: Ender } | null = null;
  #timer: Timer | null = null;

  constructor(
    private readonly around: Pick<Surroundings, "finish" | "troubled">,
    private readonly again: () => void,
  ) {}

  /** Whether there is an end that has no records yet. */
  get waits(): boolean {
    return this.#waiting !== null;
  }

  /** An end, where it is one, has come into the log. */
  saw(event: LoggedEvent | undefined, by: Ender): void {
    if (event) this.#waiting = { event, by };
  }

  /** The end that has its records now; null where none waits; one that cannot have them yet is tried again later. */
  async finish(session: Session, position: LogPosition): Promise<LoggedEvent | "not yet" | null> {
    const waiting = this.#waiting;
    if (!waiting) return null;
    try {
      await this.around.finish(session, waiting.event, position, waiting.by);
    } catch (error) {
      const what = "the records of an ended session could not be written, will try again";
      this.around.troubled(what, session.id, error);
      this.#tryAgain();
      return "not yet";
    }
    this.#waiting = null;
    return waiting.event;
  }

  #tryAgain(): void {
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#waiting) this.again();
    }, FINISH_AGAIN_MS);
    this.#timer.unref();
  }
}
