import type { SessionId } from "../core/ids.ts";
import type { Context } from "./context.ts";
import { listCalls } from "./list-calls.ts";

/** How soon a call is asked after, in ms, and how often one of which LiveKit told nothing. */
const SOON_MS = 1500;

/**
 * PR18: asks after the calls every so often, and soon after those that a page needs a pass for or of which LiveKit told
 * nothing: who goes while LiveKit is away is known to be gone all the same.
 */
export class CallRounds {
  readonly #wanted = new Set<SessionId>();
  #timer: Timer | null = null;
  #isClosed = false;

  /** Asks after every call. Throws where not all could be seen to, and asks after those again soon. */
  async askAll(context: Context): Promise<void> {
    const fault = await this.#ask(context, null);
    if (fault) throw fault;
  }

  /** Asks after this call soon. */
  soon(context: Context, session: SessionId): void {
    if (this.#isClosed) return;
    this.#wanted.add(session);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      const wanted = new Set(this.#wanted);
      this.#wanted.clear();
      void this.#askSome(context, wanted);
    }, SOON_MS);
  }

  close(): void {
    this.#isClosed = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  /** That LiveKit does not answer is told to the operator by the clock, when all are asked after. */
  async #askSome(context: Context, wanted: ReadonlySet<SessionId>): Promise<void> {
    try {
      await this.#ask(context, wanted);
    } catch (error) {
      context.troubled("who is in a call could not be asked", error);
    }
  }

  async #ask(context: Context, only: ReadonlySet<SessionId> | null): Promise<Error | null> {
    const unsettled = await listCalls(context, only);
    for (const session of unsettled?.sessions ?? []) this.soon(context, session);
    return unsettled?.fault ?? null;
  }
}
