import { GENESIS, type SealedBatch } from "../core/batch.ts";
import { ok, type Result, refuse } from "../core/errors.ts";
import type { ClassId, SessionId } from "../core/ids.ts";
import type { Class } from "../core/people.ts";
import { reconcile, start, startedAgain } from "../core/session/decide.ts";
import type { LoggedEvent } from "../core/session/events.ts";
import { begin, type Session } from "../core/session/state.ts";
import { newRoomId, newSessionId } from "../ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { SessionHead, Store } from "../ports/store.ts";
import type { AuditLog } from "./audit.ts";
import { type CommitReport, Committer } from "./committer.ts";
import { Finisher } from "./finisher.ts";
import { type Author, LiveSession, type Told } from "./live-session.ts";
import { loadLog, readOn } from "./load.ts";
import { Registry } from "./registry.ts";
import { sealBatch } from "./seal.ts";
import type { Surroundings } from "./surroundings.ts";

interface Parts {
  readonly store: Store;
  readonly clock: Clock;
  readonly audit: AuditLog;
  /** Names this server's run in the batches that it writes. */
  readonly writer: string;
  /** How many of a session's last events are kept for those who resume. */
  readonly tailEvents: number;
  readonly publish: (session: Session, told: Told) => void;
  readonly report: (report: CommitReport) => void;
  readonly troubled: Surroundings["troubled"];
  /** Tells other nodes of what this one wrote; left out where there are none, and then memory has all that runs. */
  readonly announce?: Surroundings["announce"];
  readonly want?: Surroundings["want"];
  readonly isUnheard?: Surroundings["isUnheard"];
  /** Whether sockets here listen to the class; left out where they listen to all. */
  readonly hears?: (id: ClassId) => boolean;
}

/** An event's place: its session and its sequence number there. */
export interface Place {
  readonly live: LiveSession;
  readonly seq: number;
}

/** C3: a start with a command id is remembered even where it starts nothing, so that its resend starts nothing later. */
async function startAgain(live: LiveSession, author: Author): Promise<Result<Place>> {
  if (live.session.endedAt !== null) return refuse("no-active-session");
  if (!author.command) return ok({ live, seq: 1 });
  const known = await live.commit(author, startedAgain);
  return known.ok ? ok({ live, seq: known.value.seq }) : known;
}

/** The running sessions: started, taken up, let go of, finished. */
export class Sessions {
  /** What is in memory. */
  readonly memory = new Registry();
  /** Those that are about to be there: a session is taken up once, however many ask. */
  readonly #coming = new Map<SessionId, Promise<LiveSession | null>>();
  readonly #committer: Committer;
  readonly #finisher: Finisher;
  readonly #around: Surroundings;

  constructor(private readonly parts: Parts) {
    this.#committer = new Committer(parts.store.sessions, parts.clock, parts.report);
    this.#finisher = new Finisher(parts);
    this.#around = {
      writer: parts.writer,
      tailEvents: parts.tailEvents,
      schedule: (live) => this.#committer.schedule(live),
      publish: parts.publish,
      announce: (session, batch) => parts.announce?.(session, batch),
      want: (session) => parts.want?.(session),
      isUnheard: () => parts.isUnheard?.() ?? false,
      finish: (session, ended, position, by) => this.#finisher.finish(session, [ended], position, by),
      reload: (id, known) => loadLog(parts.store.sessions, id, known),
      readOn: (id, after) => readOn(parts.store.sessions, id, after),
      closed: (live) => this.memory.close(live),
      troubled: parts.troubled,
    };
  }

  /** Takes up every session that was running, and finishes those whose records are behind. A broken log stops no other. */
  async resume(): Promise<void> {
    await this.finishBehind();
    for (const head of await this.parts.store.sessions.running()) {
      try {
        await this.#once(head.id, () => this.#adopt(head.id, () => false));
      } catch (error) {
        this.parts.troubled(
          "the log of a running session is broken and its class stands still",
          head.id,
          error,
        );
      }
    }
  }

  /**
   * Starts a session of the class, or gives the one that already runs: a second start drops no mark. `seq` is the
   * event that says so.
   */
  async start(cls: Class, author: Author): Promise<Result<Place>> {
    for (;;) {
      const place = await this.#startOrJoin(cls, author);
      // The session that it found has ended meanwhile, so there is one to start after all.
      if (place.ok || place.code !== "no-active-session") return place;
    }
  }

  async #startOrJoin(cls: Class, author: Author): Promise<Result<Place>> {
    const running = this.memory.ofClass(cls.id);
    // Another node may have ended it.
    const read = this.parts.announce && (await running?.catchUp());
    if (read && !read.ok) return read;
    if (running && running.session.endedAt === null) return startAgain(running, author);
    const concluded = await running?.conclude();
    if (concluded && !concluded.ok) return concluded;
    await this.finishBehind(cls.id);
    return this.#begin(cls, author);
  }

  async #begin(cls: Class, author: Author): Promise<Result<Place>> {
    const id = newSessionId();
    const at = this.parts.clock.now();
    const first: LoggedEvent = {
      seq: 1,
      at,
      ...author,
      ...start(cls.id, cls.teacherId, newRoomId(), cls.studentIds),
    };
    const batch = sealBatch(id, { number: 0, hash: GENESIS }, this.parts.writer, [first]);
    const live = await this.#once(id, () => this.#write(begin(id, first), first, batch));
    return live ? ok({ live, seq: 1 }) : this.#other(cls, author);
  }

  /** Null where another start was first. */
  async #write(session: Session, first: LoggedEvent, batch: SealedBatch): Promise<LiveSession | null> {
    if ((await this.parts.store.sessions.start(headOf(session), batch)) === "running") return null;
    const live = new LiveSession(session, { number: 1, hash: batch.hash }, [first], this.#around);
    this.parts.publish(session, { items: [first], range: [1, 1] });
    this.parts.announce?.(session, batch);
    return this.#add(live);
  }

  /** Another start was first: its session is the one, unless it has ended again already. */
  async #other(cls: Class, author: Author): Promise<Result<Place>> {
    const known = this.memory.ofClass(cls.id);
    if (known) return startAgain(known, author);
    const head = await this.parts.store.sessions.runningOf(cls.id);
    if (!head) return refuse("no-active-session");
    try {
      const live = await this.adopt(head);
      return live ? startAgain(live, author) : refuse("no-active-session");
    } catch (error) {
      this.parts.troubled("the log of a running session could not be read", head.id, error);
      return refuse("log-damaged");
    }
  }

  /**
   * Takes up a session that runs; null where its log says that it is over, and then its records stand. Who listens to
   * its class by then has not been told of it, wherever it was started, and is told all of it.
   */
  adopt({ id }: Pick<SessionHead, "id">): Promise<LiveSession | null> {
    return this.#once(id, () => this.#adopt(id, this.parts.hears ?? (() => true)));
  }

  async #adopt(id: SessionId, hears: (id: ClassId) => boolean): Promise<LiveSession | null> {
    const { session, position, log } = await loadLog(this.parts.store.sessions, id);
    if (session.endedAt !== null) {
      await this.#finisher.finish(session, log, position, "other");
      return null;
    }
    const isHeard = hears(session.classId);
    const live = new LiveSession(session, position, isHeard ? [] : log, this.#around);
    if (isHeard) live.tellAll(log);
    return this.#add(live);
  }

  /** Takes up a session that another node has started, and tells the class here of it from its first event on. */
  discover(id: SessionId): Promise<LiveSession | null> {
    return this.#once(id, async () => {
      const { sessions } = this.parts.store;
      const [first] = await readOn(sessions, id, { number: 0, hash: GENESIS });
      const started = first?.events[0];
      if (!first || !started) throw new Error(`session ${id}: the log is empty`);
      const session = begin(id, started);
      const live = new LiveSession(session, first.position, [started], this.#around);
      this.memory.add(live);
      this.parts.publish(session, { items: [started], range: [1, 1] });
      await live.catchUp();
      return live;
    });
  }

  #once(id: SessionId, bring: () => Promise<LiveSession | null>): Promise<LiveSession | null> {
    const known = this.memory.byId(id);
    if (known) return Promise.resolve(known);
    const coming = this.#coming.get(id) ?? bring().finally(() => this.#coming.delete(id));
    this.#coming.set(id, coming);
    return coming;
  }

  /** R3: once it is known to everyone, its roll is compared with the class's, which may have changed meanwhile. */
  async #add(live: LiveSession): Promise<LiveSession> {
    this.memory.add(live);
    const cls = await this.parts.store.classes.byId(live.session.classId);
    if (cls && reconcile(live.session, cls.studentIds).length > 0) {
      const system = { by: null, via: "system" } as const;
      await live.commit(system, (now) => ({
        ok: true,
        events: reconcile(now, cls.studentIds),
        value: undefined,
      }));
    }
    return live;
  }

  /** Lets go of what it has of the class, unless something is under way. */
  letGo(id: ClassId): boolean {
    const live = this.memory.ofClass(id);
    if (live && !live.isIdle) return false;
    if (live) this.memory.remove(live);
    return true;
  }

  /** E3: writes the records of ended sessions that lack them: those of one class, or all. */
  finishBehind(of?: ClassId): Promise<void> {
    return this.#finisher.finishBehind(of);
  }

  /** Writes the head hash of every running session into the audit chain. */
  async auditHeads(): Promise<void> {
    for (const { id } of await this.parts.store.sessions.running()) {
      try {
        const known = this.memory.byId(id) ?? (await loadLog(this.parts.store.sessions, id));
        await this.parts.audit.recordHead(id, known.position);
      } catch (error) {
        this.parts.troubled("the head hash of a running session could not be written", id, error);
      }
    }
  }

  /** Resolves once nothing is being written. */
  async idle(): Promise<void> {
    await Promise.all([...this.memory.all()].map((live) => live.idle()));
  }
}

const headOf = (session: Session): SessionHead => ({
  id: session.id,
  classId: session.classId,
  teacherId: session.teacherId,
  roomId: session.roomId,
  startedAt: session.startedAt,
  endedAt: null,
  headSeq: session.headSeq,
  projectedSeq: 0,
});
