import { GENESIS } from "../core/batch.ts";
import { ok, type Result, refuse } from "../core/errors.ts";
import type { ClassId, SessionId, UserId } from "../core/ids.ts";
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
import { type Author, LiveSession, type Surroundings, type Told } from "./live-session.ts";
import { loadLog } from "./load.ts";
import { sealBatch } from "./seal.ts";

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
}

/** An event's place: its session and its sequence number there. */
export interface Place {
  readonly live: LiveSession;
  readonly seq: number;
}

/** C3: a start with a command id is remembered even where it starts nothing, so that its resend starts nothing later. */
async function startAgain(live: LiveSession, author: Author): Promise<Result<Place>> {
  if (!author.command) return ok({ live, seq: 1 });
  const known = await live.commit(author, startedAgain);
  return known.ok ? ok({ live, seq: known.value.seq }) : known;
}

/** The running sessions, one per class at most. */
export class Sessions {
  readonly #byId = new Map<SessionId, LiveSession>();
  readonly #byClass = new Map<ClassId, LiveSession>();
  readonly #byTeacher = new Map<UserId, Set<LiveSession>>();
  /** In which order sessions were started or taken up: the clock may have gone back in between. */
  readonly #places = new WeakMap<LiveSession, number>();
  #started = 0;
  readonly #adopting = new Map<SessionId, Promise<LiveSession>>();
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
      finish: (session, ended, position) => this.#finisher.finish(session, [ended], position),
      reload: (id) => loadLog(parts.store.sessions, id),
      closed: (live) => this.#remove(live),
      troubled: parts.troubled,
    };
  }

  /** Takes up every session that was running, and finishes those whose records are behind. A broken log stops no other. */
  async resume(): Promise<void> {
    await this.finishBehind();
    for (const head of await this.parts.store.sessions.running()) {
      try {
        await this.#adopt(head);
      } catch (error) {
        this.parts.troubled(
          "the log of a running session is broken and its class stands still",
          head.id,
          error,
        );
      }
    }
  }

  /** A running session, by its id. */
  byId(id: SessionId): LiveSession | undefined {
    return this.#byId.get(id);
  }

  ofClass(id: ClassId): LiveSession | undefined {
    return this.#byClass.get(id);
  }

  /** The teacher's most recently started running session. */
  latestOfTeacher(id: UserId): LiveSession | undefined {
    return this.#latest(this.#byTeacher.get(id) ?? []);
  }

  /** The most recently started running session among these classes that has the student on its roll. */
  latestOfStudent(id: UserId, classes: Iterable<ClassId>): LiveSession | undefined {
    const running = [...classes].flatMap((each) => this.#byClass.get(each) ?? []);
    return this.#latest(running.filter((live) => live.session.roster.has(id)));
  }

  /** The one started last; one whose end still waits for its records only where no other runs. */
  #latest(sessions: Iterable<LiveSession>): LiveSession | undefined {
    const place = (live: LiveSession) =>
      (this.#places.get(live) ?? 0) + (live.session.endedAt === null ? this.#started : 0);
    let found: LiveSession | undefined;
    for (const live of sessions) if (!found || place(live) > place(found)) found = live;
    return found;
  }

  all(): Iterable<LiveSession> {
    return this.#byClass.values();
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
    const running = this.#byClass.get(cls.id);
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
    const session = begin(id, first);
    const outcome = await this.parts.store.sessions.start(headOf(session), batch);
    if (outcome === "running") return this.#other(cls, author);
    const live = new LiveSession(session, { number: 1, hash: batch.hash }, [first], this.#around);
    this.parts.publish(session, { items: [first], range: [1, 1] });
    return ok({ live: await this.#add(live), seq: 1 });
  }

  /** Another start was first: its session is the one, unless it has ended again already. */
  async #other(cls: Class, author: Author): Promise<Result<Place>> {
    const known = this.#byClass.get(cls.id);
    if (known) return startAgain(known, author);
    const head = await this.parts.store.sessions.runningOf(cls.id);
    if (!head) return refuse("no-active-session");
    try {
      return await startAgain(await this.#adopt(head), author);
    } catch (error) {
      this.parts.troubled("the log of a running session could not be read", head.id, error);
      return refuse("log-damaged");
    }
  }

  #adopt(head: SessionHead): Promise<LiveSession> {
    const known = this.#adopting.get(head.id);
    if (known) return known;
    const adopting = this.#load(head).finally(() => this.#adopting.delete(head.id));
    this.#adopting.set(head.id, adopting);
    return adopting;
  }

  async #load(head: SessionHead): Promise<LiveSession> {
    const { session, position, log } = await loadLog(this.parts.store.sessions, head.id);
    return this.#add(new LiveSession(session, position, log, this.#around));
  }

  /** R3: once it is known to everyone, its roll is compared with the class's, which may have changed meanwhile. */
  async #add(live: LiveSession): Promise<LiveSession> {
    const { classId, teacherId } = live.session;
    const known = this.#byClass.get(classId);
    if (known && known.session.id === live.session.id) return known;
    this.#places.set(live, ++this.#started);
    this.#byClass.set(classId, live);
    this.#byId.set(live.session.id, live);
    const teachers = this.#byTeacher.get(teacherId) ?? new Set();
    this.#byTeacher.set(teacherId, teachers.add(live));
    const cls = await this.parts.store.classes.byId(classId);
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

  #remove(live: LiveSession): void {
    const { classId, teacherId } = live.session;
    this.#byId.delete(live.session.id);
    if (this.#byClass.get(classId) === live) this.#byClass.delete(classId);
    const teachers = this.#byTeacher.get(teacherId);
    teachers?.delete(live);
    if (teachers?.size === 0) this.#byTeacher.delete(teacherId);
  }

  /** E3: writes the records of ended sessions that lack them: those of one class, or all. */
  finishBehind(of?: ClassId): Promise<void> {
    return this.#finisher.finishBehind(of);
  }

  /** Writes the head hash of every running session into the audit chain. */
  async auditHeads(): Promise<void> {
    for (const live of this.all()) await this.parts.audit.recordHead(live.session.id, live.position);
  }

  /** Resolves once nothing is being written. */
  async idle(): Promise<void> {
    await Promise.all([...this.all()].map((live) => live.idle()));
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
