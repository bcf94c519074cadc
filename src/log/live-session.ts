import type { LogPosition } from "../core/batch.ts";
import { ok, type Result, refuse } from "../core/errors.ts";
import type { SessionId } from "../core/ids.ts";
import type { Decision, Notice } from "../core/session/decide.ts";
import type { LoggedEvent, Stamp } from "../core/session/events.ts";
import { apply, commandKey, type Session } from "../core/session/state.ts";
import type { LoadedLog } from "./load.ts";
import { sealBatch } from "./seal.ts";
import { Tail } from "./tail.ts";
import { type Asked, itemsOf, resent, type Step, type Turn } from "./turn.ts";

/** What the class is told at once: events and the notices between them, in the order of the log. */
export interface Told {
  readonly items: readonly (LoggedEvent | Notice)[];
  /** The sequence numbers that the items cover, both ends included; null where there are only notices. */
  readonly range: readonly [from: number, to: number] | null;
}

/** Who asks, how, and by which command id, where there is one. */
export type Author = Pick<Stamp, "by" | "via" | "command">;

/** What became of a command: its first event, and what the rule gave; undefined where it is a resend of one done before. */
export interface Committed<T> {
  readonly seq: number;
  readonly value: T | undefined;
}

/** What a live session needs of those around it. */
export interface Surroundings {
  /** Names this server's run in the batches that it writes. */
  readonly writer: string;
  /** How many of the last events are kept for those who resume. */
  readonly tailEvents: number;
  /** Asks for a turn at the end of this turn of the event loop. */
  schedule(live: LiveSession): void;
  /** Tells the class. */
  publish(session: Session, told: Told): void;
  /** Brings the records up to an end; rejects where they could not be written. */
  finish(session: Session, ended: LoggedEvent, position: LogPosition): Promise<void>;
  /** Reads session and position anew from the store. */
  reload(id: SessionId): Promise<LoadedLog>;
  /** Called once an end has its records. */
  closed(live: LiveSession): void;
  /** Something failed that an operator should know of. */
  troubled(what: string, id: SessionId, error: unknown): void;
}

/** How often a batch is decided anew because another writer was first, before its marks are refused. */
const CONFLICTS_MAX = 10;
const FINISH_AGAIN_MS = 1000;
/** After a failed write the next waits this long, or a full disk would have the log read anew for every command. */
const WRITE_AGAIN_MS = 50;
const SYSTEM: Author = { by: null, via: "system" };
const nothing = (): Decision<void> => ({ ok: true, events: [], value: undefined });

/**
 * A running session on this server. Commands and questions queue here; once a turn they are decided in their
 * order, the events are appended as one batch, and only then are they told and answered. Between deciding and
 * writing the state runs ahead of the log, which nobody can see: answers wait for the write as well.
 */
export class LiveSession {
  #session: Session;
  #position: LogPosition;
  readonly #tail: Tail;
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
    log: readonly LoggedEvent[],
    private readonly around: Surroundings,
  ) {
    this.#session = session;
    this.#position = position;
    this.#tail = new Tail(around.tailEvents, log);
  }

  /** The session as decided so far. Read ids and the roll here; whatever a mark changes is asked by `ask`. */
  get session(): Readonly<Session> {
    return this.#session;
  }

  /** The last sequence number that is on disk and told. */
  get toldSeq(): number {
    return this.#tail.head;
  }

  get position(): LogPosition {
    return this.#position;
  }

  /**
   * Decides in turn with everything else that is asked of this session. Resolves once the events are on disk
   * and told to the class, or with the refusal. C2: a command id that is in the log already changes nothing and
   * answers as the first time, unless it asks for something else.
   */
  commit<T>(author: Author, decide: (session: Session) => Decision<T>): Promise<Result<Committed<T>>> {
    return new Promise((resolve) => {
      let value: T | undefined;
      const keep = (session: Session) => {
        const decision = decide(session);
        if (decision.ok) value = decision.value;
        return decision;
      };
      const settle = (result: Result<number>) =>
        resolve(result.ok ? ok({ seq: result.value, value }) : result);
      this.#enqueue({ author, decide: keep, settle });
    });
  }

  /**
   * Asks something, in turn: the answer is of a moment at which everything before it is on disk and told.
   * `then` is called at that very moment, before anything later is told.
   */
  ask<T>(decide: (session: Session) => Decision<T>, then?: (value: T) => void): Promise<Result<T>> {
    return new Promise((resolve) => {
      let answer: Result<T> = refuse("could-not-save");
      const keep = (session: Session) => {
        const decision = decide(session);
        answer = decision;
        return decision;
      };
      const settle = (result: Result<number>) => {
        try {
          if (result.ok && answer.ok) then?.(answer.value);
        } finally {
          resolve(result.ok ? answer : result);
        }
      };
      this.#enqueue({ author: SYSTEM, decide: keep, settle });
    });
  }

  #enqueue(asked: Asked): void {
    this.#queue.push(asked);
    this.around.schedule(this);
  }

  /** The events after `seq` that are on disk and told, or null where that is too far back to tell from memory. */
  after(seq: number): readonly LoggedEvent[] | null {
    return this.#tail.after(seq);
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
      const { writer } = this.around;
      const batch = events.length > 0 ? sealBatch(this.#session.id, this.#position, writer, events) : null;
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
    const { by, via, command } = asked.author;
    const known = by !== null && command ? this.#session.commands.get(commandKey(by, command.id)) : undefined;
    if (known) return { asked, decision: resent(known, command), logged: [], seq: known.seq };
    const decision = this.#rule(asked);
    if (!decision.ok) return { asked, decision, logged: [], seq: 0 };
    const logged = decision.events.map((event, index): LoggedEvent => {
      const ref = index === 0 && command ? { command } : {};
      const logging = { seq: this.#session.headSeq + 1, at, by, via, ...ref, ...event };
      apply(this.#session, logging);
      return logging;
    });
    return { asked, decision, logged, seq: logged[0]?.seq ?? this.#session.headSeq };
  }

  /** A rule that throws refuses its own command and no other's. */
  #rule(asked: Asked): Decision<unknown> {
    try {
      return asked.decide(this.#session);
    } catch (error) {
      this.around.troubled("a rule broke", this.#session.id, error);
      return refuse("internal");
    }
  }

  /** The turn's batch is on disk, or it had none: now it is told and answered. */
  written(turn: Turn): void {
    this.#conflicts = 0;
    if (turn.batch) this.#position = { number: turn.batch.number, hash: turn.batch.hash };
    if (this.#session.endedAt !== null) {
      void this.#conclude(turn);
      return;
    }
    this.#tell(turn.steps.flatMap(itemsOf));
    for (const { asked, decision, seq } of turn.steps) this.#settle(asked, decision.ok ? ok(seq) : decision);
    this.#rest();
  }

  /** Whoever asked may break on the answer; the others are answered all the same. */
  #settle(asked: Asked, result: Result<number>): void {
    try {
      asked.settle(result);
    } catch (error) {
      this.around.troubled("an answer broke whoever asked", this.#session.id, error);
    }
  }

  #tell(items: Told["items"]): void {
    if (items.length === 0) return;
    const events = items.filter((item): item is LoggedEvent => item.type !== "summary");
    this.#tail.push(events);
    const [first, last] = [events[0], events.at(-1)];
    try {
      this.around.publish(this.#session, { items, range: first && last ? [first.seq, last.seq] : null });
    } catch (error) {
      this.around.troubled("the class could not be told", this.#session.id, error);
    }
  }

  /** E3: an end is told only once its records stand. */
  async #conclude(turn: Turn): Promise<void> {
    const items = turn.steps.flatMap(itemsOf);
    this.#tell(items.filter((item) => item.type !== "ended"));
    this.#ended = items.find((item) => item.type === "ended") ?? this.#ended;
    const stands = await this.#finish();
    for (const { asked, decision, seq } of turn.steps) {
      const done = decision.ok ? ok(seq) : decision;
      this.#settle(asked, stands ? done : refuse("could-not-save"));
    }
    this.#rest();
  }

  /** Whether there is no end that still waits for its records; one that still cannot have them is tried again later. */
  async #finish(): Promise<boolean> {
    const ended = this.#ended;
    if (!ended) return true;
    const stands = await this.#writeRecords(ended);
    if (!stands && !this.#finishTimer) {
      this.#finishTimer = setTimeout(() => this.#finishAgain(), FINISH_AGAIN_MS);
      this.#finishTimer.unref();
    }
    return stands;
  }

  async #writeRecords(ended: LoggedEvent): Promise<boolean> {
    try {
      await this.around.finish(this.#session, ended, this.#position);
    } catch (error) {
      const what = "the records of an ended session could not be written, will try again";
      this.around.troubled(what, this.#session.id, error);
      return false;
    }
    this.#ended = null;
    this.around.closed(this);
    this.#tell([ended]);
    return true;
  }

  #finishAgain(): void {
    this.#finishTimer = null;
    if (this.#ended) void this.conclude();
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
    for (const { logged, asked } of turn.steps)
      if (logged.length > 0) this.#settle(asked, refuse("could-not-save"));
    setTimeout(() => this.#rest(), WRITE_AGAIN_MS);
  }

  /** The log is the truth: state and position are what it says, and what others wrote meanwhile is told. */
  async #refresh(): Promise<void> {
    try {
      const { session, position, log } = await this.around.reload(this.#session.id);
      this.#session = session;
      this.#position = position;
      this.#stale = false;
      const missed = log.filter((event) => event.seq > this.#tail.head);
      this.#tell(missed.filter((event) => event.type !== "ended"));
      this.#ended = missed.find((event) => event.type === "ended") ?? this.#ended;
      await this.#finish();
    } catch (error) {
      this.around.troubled("the log of a session could not be read", this.#session.id, error);
      for (const asked of this.#queue.splice(0)) this.#settle(asked, refuse("could-not-save"));
    }
    this.#rest();
  }

  #rest(): void {
    this.#writing = false;
    if (this.#queue.length > 0) this.around.schedule(this);
  }

  /** Brings an end that still waits for its records to its conclusion; refused where they still cannot be written. */
  conclude(): Promise<Result<void>> {
    return this.ask(nothing);
  }

  /** Resolves once nothing is asked or being written. */
  async idle(): Promise<void> {
    while (this.#writing || this.#queue.length > 0) await this.ask(nothing);
  }
}
