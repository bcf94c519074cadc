import type { LogPosition, SealedBatch, StoredBatch } from "../core/batch.ts";
import { ok, type Result, refuse } from "../core/errors.ts";
import type { Decision } from "../core/session/decide.ts";
import type { LoggedEvent } from "../core/session/events.ts";
import { apply, copyOf, type Session } from "../core/session/state.ts";
import type { KnownLog } from "../ports/store.ts";
import { Ending } from "./ending.ts";
import type { LoadedLog, ReadBatch } from "./load.ts";
import { Rivals } from "./rivals.ts";
import { openBatch, sealBatch } from "./seal.ts";
import type { Surroundings } from "./surroundings.ts";
import { Tail } from "./tail.ts";
import type { Author, Committed, Told } from "./told.ts";
import { type Asked, type Decide, decide, itemsOf, type Turn } from "./turn.ts";

export type { Author, Committed, Told } from "./told.ts";

/** Events of others that are told at once, however many were missed: a frame must not choke a socket. */
const TOLD_MAX = 500;
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
  /** The log may have gone on ("behind"), or the state has what the log has not ("ahead"). */
  #stale: "behind" | "ahead" | null = null;
  /** The state before the turn under way, where another node may well be first with it. */
  #before: Session | null = null;
  /** The last batch that another node has told of while there was no time for it. */
  #hinted = 0;
  /** Other nodes that write here too, as far as is known. */
  readonly rivals = new Rivals(() => this.around.isUnheard());
  readonly #ending: Ending;

  constructor(
    session: Session,
    position: LogPosition,
    log: readonly LoggedEvent[],
    private readonly around: Surroundings,
  ) {
    this.#session = session;
    this.#position = position;
    this.#tail = new Tail(around.tailEvents, log);
    this.#ending = new Ending(around, () => void this.conclude());
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

  /** How far the log is known here. */
  get known(): KnownLog {
    return { id: this.#session.id, number: this.#position.number };
  }

  /** Whether nothing is asked or being written, nor an end waiting for its records. */
  get isIdle(): boolean {
    return !this.#writing && this.#queue.length === 0 && !this.#ending.waits;
  }

  /**
   * Decides in turn with everything else that is asked of this session. Resolves once the events are on disk
   * and told to the class, or with the refusal. C2: a command id that is in the log already changes nothing and
   * answers as the first time, unless it asks for something else.
   */
  commit<T>(author: Author, decide: Decide<T>): Promise<Result<Committed<T>>> {
    return new Promise((resolve) => {
      let value: T | undefined;
      const keep = (session: Session, at: number) => {
        const decision = decide(session, at);
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
  ask<T>(decide: Decide<T>, then?: (value: T) => void): Promise<Result<T>> {
    return new Promise((resolve) => {
      let answer: Result<T> = refuse("could-not-save");
      const keep = (session: Session, at: number) => {
        const decision = decide(session, at);
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
    if (this.rivals.mustWait(() => this.around.schedule(this))) return null;
    this.#writing = true;
    if (this.#stale) {
      void this.#refresh();
      return null;
    }
    const asked = this.#queue;
    this.#queue = [];
    this.#before = this.rivals.areNear ? copyOf(this.#session) : null;
    const broke = (error: unknown) => this.around.troubled("a rule broke", this.#session.id, error);
    try {
      const steps = asked.map((one) => decide(this.#session, one, at, broke));
      const events = steps.flatMap((step) => step.logged);
      const { writer } = this.around;
      const batch = events.length > 0 ? sealBatch(this.#session.id, this.#position, writer, events) : null;
      return { steps, batch };
    } catch (error) {
      this.around.troubled("a command broke while it was decided", this.#session.id, error);
      this.#stale = "ahead";
      for (const one of asked) one.settle(refuse("internal"));
      this.#rest();
      return null;
    }
  }

  /** The turn's batch is on disk, or it had none: now it is told and answered. */
  written(turn: Turn): void {
    if (turn.batch) this.#wrote(turn.batch);
    if (this.#session.endedAt !== null) {
      void this.#conclude(turn);
      return;
    }
    this.#tell(turn.steps.flatMap(itemsOf));
    for (const { asked, decision, seq } of turn.steps) this.#settle(asked, decision.ok ? ok(seq) : decision);
    this.#rest();
  }

  #wrote(batch: SealedBatch): void {
    this.#position = { number: batch.number, hash: batch.hash };
    this.rivals.wrote();
    this.around.announce(this.#session, batch);
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
    this.#ending.saw(
      items.find((item) => item.type === "ended"),
      "this",
    );
    const stands = await this.#finish();
    for (const { asked, decision, seq } of turn.steps) {
      const done = decision.ok ? ok(seq) : decision;
      this.#settle(asked, stands ? done : refuse("could-not-save"));
    }
    this.#rest();
  }

  /** Whether there is no end that still waits for its records; one that has them now is told. */
  async #finish(): Promise<boolean> {
    const ended = await this.#ending.finish(this.#session, this.#position);
    if (ended === "not yet") return false;
    if (ended) {
      this.around.closed(this);
      this.#tell([ended]);
    }
    return true;
  }

  /** Another writer was first: the log is read anew and everything decided again. */
  async conflicted(turn: Turn): Promise<void> {
    this.#stale = this.#before ? "behind" : "ahead";
    this.#session = this.#before ?? this.#session;
    if (this.rivals.lost()) return this.failed(turn, new Error("the log kept moving"));
    this.around.want(this.#session);
    this.#queue = [...turn.steps.map((step) => step.asked), ...this.#queue];
    await this.rivals.pause();
    await this.#refresh();
  }

  /** The batch could not be written: its marks are refused, none is told, and questions are asked anew. */
  failed(turn: Turn, error: unknown): void {
    this.around.troubled("a batch could not be written, its commands were refused", this.#session.id, error);
    this.#stale = "ahead";
    const questions = turn.steps.filter((step) => step.logged.length === 0).map((step) => step.asked);
    this.#queue = [...questions, ...this.#queue];
    for (const { logged, asked } of turn.steps)
      if (logged.length > 0) this.#settle(asked, refuse("could-not-save"));
    setTimeout(() => this.#rest(), WRITE_AGAIN_MS);
  }

  /** The log is the truth: state and position become what it says, and what others wrote meanwhile is told. */
  async #refresh(): Promise<void> {
    const { id } = this.#session;
    const hinted = this.#hinted;
    try {
      if (this.#stale === "ahead") this.#replace(await this.around.reload(id, this.#position));
      else for (const batch of await this.around.readOn(id, this.#position)) this.#follow(batch);
      this.#stale = null;
      await this.#finish();
    } catch (error) {
      this.#stale = "ahead";
      this.around.troubled("the log of a session could not be read", id, error);
      for (const asked of this.#queue.splice(0)) this.#settle(asked, refuse("could-not-save"));
    }
    // What was told of before the log was read is in it, or nowhere.
    if (this.#hinted === hinted) this.#hinted = 0;
    this.#rest();
  }

  #replace({ session, position, log }: LoadedLog): void {
    this.#session = session;
    this.#position = position;
    this.#missed(log.filter((event) => event.seq > this.#tail.head));
  }

  #follow({ events, position }: ReadBatch): void {
    for (const event of events) apply(this.#session, event);
    this.#position = position;
    this.#missed(events);
  }

  /** Whoever listens to the class is told of the session from its first event on. */
  tellAll(log: readonly LoggedEvent[]): void {
    this.#missed(log);
  }

  /** What another node wrote is told here too; its end once the records stand. */
  #missed(events: readonly LoggedEvent[]): void {
    if (events.length === 0) return;
    this.rivals.seen();
    const running = events.filter((event) => event.type !== "ended");
    for (let from = 0; from < running.length; from += TOLD_MAX)
      this.#tell(running.slice(from, from + TOLD_MAX));
    this.#ending.saw(
      events.find((event) => event.type === "ended"),
      "other",
    );
  }

  /** News of a batch that another node has written: taken in where it is the next one, else a hint to read the log. */
  heard(batch: StoredBatch): void {
    if (batch.number <= this.#position.number) return;
    const isNext = batch.number === this.#position.number + 1;
    if (this.#writing || this.#stale !== null || !isNext) {
      this.mayLag(batch.number);
      return;
    }
    this.#writing = true;
    try {
      const { events } = openBatch(batch, this.#position);
      this.#follow({ events, position: { number: batch.number, hash: batch.hash } });
    } catch {
      // Not what the log has, or not of this log: the log itself is asked.
      this.#stale = "ahead";
      this.#hinted = batch.number;
    }
    void (this.#ending.waits ? this.#finish().then(() => this.#rest()) : this.#rest());
  }

  /** The log is said to have come to this batch. */
  mayLag(number: number): void {
    this.#hinted = Math.max(this.#hinted, number);
    if (!this.#writing) this.#rest();
  }

  #rest(): void {
    this.#writing = false;
    this.#before = null;
    if (this.#hinted > this.#position.number) void this.catchUp();
    else if (this.#queue.length > 0) this.around.schedule(this);
  }

  /** Reads what others have written. Resolves once it is told here. */
  catchUp(): Promise<Result<void>> {
    this.#stale ??= "behind";
    return this.ask(nothing);
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
