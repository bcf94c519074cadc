import type { LogPosition, SealedBatch } from "../core/batch.ts";
import { type Result, refuse } from "../core/errors.ts";
import type { SessionId } from "../core/ids.ts";
import type { Decision, Notice } from "../core/session/decide.ts";
import type { LoggedEvent, Stamp } from "../core/session/events.ts";
import { apply, type Session } from "../core/session/state.ts";
import { sealBatch } from "./seal.ts";

/** What the class is told, in this order: the events of the log and the notices between them. */
export type Item = LoggedEvent | Notice;

type Author = Pick<Stamp, "by" | "via">;

interface Asked {
  readonly author: Author;
  readonly decide: (session: Session) => Decision<unknown>;
  readonly settle: (result: Result<unknown>) => void;
}

interface Step {
  readonly asked: Asked;
  readonly decision: Decision<unknown>;
  readonly logged: readonly LoggedEvent[];
}

/** One go at the log: what was asked since the last, decided in order, and the batch that it comes to (null: nothing to write). */
export interface Turn {
  readonly steps: readonly Step[];
  readonly batch: SealedBatch | null;
}

/** What a live session needs of those around it. */
export interface Surroundings {
  /** Asks for a turn at the end of this turn of the event loop. */
  schedule(live: LiveSession): void;
  /** Tells the class. */
  publish(session: Session, item: Item): void;
  /** Brings the records up to an end; rejects where they could not be written. */
  finish(session: Session, ended: LoggedEvent, position: LogPosition): Promise<void>;
  /** Reads session and position anew from the store. */
  reload(id: SessionId): Promise<{ session: Session; position: LogPosition }>;
  /** Called once an end has its records. */
  closed(live: LiveSession): void;
  /** Something failed that an operator should know of. */
  troubled(what: string, id: SessionId, error: unknown): void;
}

/** How often a batch is decided anew because another writer was first, before its marks are refused. */
const CONFLICTS_MAX = 10;
const FINISH_AGAIN_MS = 1000;

/**
 * A running session on this server. Commands and questions queue here; once a turn they are decided in their
 * order, the events are appended as one batch, and only then are they told and answered. Between deciding and
 * writing the state runs ahead of the log, which nobody can see: answers wait for the write as well.
 */
export class LiveSession {
  #session: Session;
  #position: LogPosition;
  #queue: Asked[] = [];
  #writing = false;
  #stale = false;
  #conflicts = 0;
  /** The end that still waits for its records. */
  #ended: LoggedEvent | null = null;
  #finishTimer: Timer | null = null;

  constructor(
    session: Session,
    position: LogPosition,
    private readonly writer: string,
    private readonly around: Surroundings,
  ) {
    this.#session = session;
    this.#position = position;
  }

  /** The session as decided so far. Read ids and the roll here; whatever a mark changes is asked by `commit`. */
  get session(): Readonly<Session> {
    return this.#session;
  }

  get position(): LogPosition {
    return this.#position;
  }

  /**
   * Decides in turn with everything else that is asked of this session. Resolves once the events are on disk
   * and told to the class, or with the refusal. A question is a decision without events.
   */
  commit<T>(author: Author, decide: (session: Session) => Decision<T>): Promise<Result<T>> {
    return new Promise((resolve) => {
      let value: Result<T> = refuse("could-not-save");
      const remember = (session: Session) => {
        const decision = decide(session);
        value = decision;
        return decision;
      };
      this.#queue.push({
        author,
        decide: remember,
        settle: (result) => resolve(result.ok ? value : result),
      });
      this.around.schedule(this);
    });
  }

  /** Takes the turn: null where there is nothing to do or a write is under way. */
  takeTurn(at: number): Turn | null {
    if (this.#writing || this.#queue.length === 0) return null;
    this.#writing = true;
    if (this.#stale) {
      void this.#refresh();
      return null;
    }
    const asked = this.#queue;
    this.#queue = [];
    try {
      const steps = asked.map((one) => this.#decide(one, at));
      const events = steps.flatMap((step) => step.logged);
      const batch =
        events.length > 0 ? sealBatch(this.#session.id, this.#position, this.writer, events) : null;
      return { steps, batch };
    } catch (error) {
      this.around.troubled("a command broke while it was decided", this.#session.id, error);
      this.#stale = true;
      for (const one of asked) one.settle(refuse("internal"));
      this.#rest();
      return null;
    }
  }

  #decide(asked: Asked, at: number): Step {
    const decision = asked.decide(this.#session);
    if (!decision.ok) return { asked, decision, logged: [] };
    const logged = decision.events.map((event): LoggedEvent => {
      const logging = { seq: this.#session.headSeq + 1, at, ...asked.author, ...event };
      apply(this.#session, logging);
      return logging;
    });
    return { asked, decision, logged };
  }

  /** The turn's batch is on disk, or it had none: now it is told and answered. */
  written(turn: Turn): void {
    this.#conflicts = 0;
    if (turn.batch) this.#position = { number: turn.batch.number, hash: turn.batch.hash };
    if (this.#ended || this.#session.endedAt !== null) void this.#conclude(turn);
    else {
      for (const step of turn.steps) this.#tell(step);
      this.#rest();
    }
  }

  #tell(step: Step): void {
    for (const event of step.logged) this.around.publish(this.#session, event);
    if (step.decision.ok && step.decision.notice) this.around.publish(this.#session, step.decision.notice);
    step.asked.settle(step.decision);
  }

  /** E3: an end is told only once its records stand. */
  async #conclude(turn: Turn): Promise<void> {
    let stands = this.#ended === null || (await this.#finish());
    for (const step of turn.steps) {
      const ended = step.logged.find((event) => event.type === "ended");
      if (ended) {
        this.#ended = ended;
        for (const event of step.logged) if (event !== ended) this.around.publish(this.#session, event);
        stands = await this.#finish();
        step.asked.settle(stands ? step.decision : refuse("could-not-save"));
      } else if (stands) this.#tell(step);
      else step.asked.settle(refuse("could-not-save"));
    }
    this.#rest();
    if (this.#ended && !this.#finishTimer) {
      this.#finishTimer = setTimeout(() => this.#retryFinish(), FINISH_AGAIN_MS);
      this.#finishTimer.unref();
    }
  }

  async #finish(): Promise<boolean> {
    const ended = this.#ended;
    if (!ended) return true;
    try {
      await this.around.finish(this.#session, ended, this.#position);
    } catch (error) {
      this.around.troubled(
        "the records of an ended session could not be written, will try again",
        this.#session.id,
        error,
      );
      return false;
    }
    this.#ended = null;
    this.around.publish(this.#session, ended);
    this.around.closed(this);
    return true;
  }

  #retryFinish(): void {
    this.#finishTimer = null;
    if (this.#ended === null) return;
    void this.commit({ by: null, via: "system" }, () => ({ ok: true, events: [], value: undefined }));
  }

  /** Another writer was first: the log is read anew and everything decided again. */
  async conflicted(turn: Turn): Promise<void> {
    this.#stale = true;
    if (++this.#conflicts > CONFLICTS_MAX) return this.failed(turn, new Error("the log kept moving"));
    this.#queue = [...turn.steps.map((step) => step.asked), ...this.#queue];
    await this.#refresh();
  }

  /** The batch could not be written: its marks are refused, none is told, and questions are asked anew. */
  failed(turn: Turn, error: unknown): void {
    this.around.troubled("a batch could not be written, its commands were refused", this.#session.id, error);
    this.#stale = true;
    const questions = turn.steps.filter((step) => step.logged.length === 0).map((step) => step.asked);
    this.#queue = [...questions, ...this.#queue];
    for (const step of turn.steps) if (step.logged.length > 0) step.asked.settle(refuse("could-not-save"));
    this.#rest();
  }

  async #refresh(): Promise<void> {
    try {
      const { session, position } = await this.around.reload(this.#session.id);
      this.#session = session;
      this.#position = position;
      this.#stale = false;
    } catch (error) {
      this.around.troubled("the log of a session could not be read", this.#session.id, error);
      for (const asked of this.#queue) asked.settle(refuse("could-not-save"));
      this.#queue = [];
    }
    this.#rest();
  }

  #rest(): void {
    this.#writing = false;
    if (this.#queue.length > 0) this.around.schedule(this);
  }

  /** Resolves once nothing is asked or being written. */
  async idle(): Promise<void> {
    while (this.#writing || this.#queue.length > 0) {
      await this.commit({ by: null, via: "system" }, () => ({ ok: true, events: [], value: undefined }));
    }
  }
}
