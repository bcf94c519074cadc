import type { BusState } from "../ports/bus.ts";
import type { Clock } from "../ports/clock.ts";
import type { Store } from "../ports/store.ts";

export interface Health {
  /** "degraded" where it serves, but not as it should. */
  readonly status: "ok" | "degraded" | "failing";
  readonly database: "ok" | "cannot commit";
  /** How news of other nodes comes; left out where there are none. */
  readonly bus?: BusState;
}

const ANSWER_AGE_MS = 1000;
/** A failed commit of marks counts this long: a probe is smaller, and may still fit on a full disk. */
const FAILURE_AGE_MS = 1000;

/** Whether the server can serve: asked of the database, at most once a second. */
export class HealthCheck {
  #asked: { readonly at: number; readonly answer: Promise<Health> } | null = null;
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly store: Pick<Store, "probe">,
    private readonly clock: Clock,
    /** Null where there is no bus that could fail. */
    private readonly bus: (() => BusState) | null = null,
  ) {}

  /** A commit has failed. */
  failed(): void {
    this.#failedAt = this.clock.now();
    this.#asked = null;
  }

  ask(): Promise<Health> {
    const now = this.clock.now();
    const age = this.#asked ? now - this.#asked.at : Number.POSITIVE_INFINITY;
    if (this.#asked && age >= 0 && age < ANSWER_AGE_MS) return this.#asked.answer;
    const answer = this.#probe(now);
    this.#asked = { at: now, answer };
    return answer;
  }

  async #probe(now: number): Promise<Health> {
    try {
      await this.store.probe();
    } catch {
      return { status: "failing", database: "cannot commit" };
    }
    const age = now - this.#failedAt;
    // A clock that went back makes an age below 0, which says nothing.
    const recently = age >= 0 && age < FAILURE_AGE_MS;
    if (recently) return { status: "failing", database: "cannot commit" };
    if (!this.bus) return { status: "ok", database: "ok" };
    const bus = this.bus();
    return { status: bus === "ok" ? "ok" : "degraded", database: "ok", bus };
  }
}
