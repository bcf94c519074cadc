import type { ClassId, SessionId, UserId } from "../core/ids.ts";
import type { LiveSession } from "./live-session.ts";

/** Ended sessions that are remembered to be over, so that late news of them starts nothing. */
const OVER_MAX = 10_000;

/** The sessions that this server has in memory, one per class at most. */
export class Registry {
  readonly #byId = new Map<SessionId, LiveSession>();
  readonly #byClass = new Map<ClassId, LiveSession>();
  readonly #byTeacher = new Map<UserId, Set<LiveSession>>();
  /** In which order sessions were started or taken up: the clock may have gone back in between. */
  readonly #places = new WeakMap<LiveSession, number>();
  #added = 0;
  readonly #over = new Set<SessionId>();

  /** A session, by its id. */
  byId(id: SessionId): LiveSession | undefined {
    return this.#byId.get(id);
  }

  ofClass(id: ClassId): LiveSession | undefined {
    return this.#byClass.get(id);
  }

  ofTeacher(id: UserId): Iterable<LiveSession> {
    return this.#byTeacher.get(id) ?? [];
  }

  get size(): number {
    return this.#byId.size;
  }

  all(): Iterable<LiveSession> {
    return this.#byClass.values();
  }

  /** Whether it was here until its end. */
  isOver(id: SessionId): boolean {
    return this.#over.has(id);
  }

  /** The one that came last; one whose end still waits for its records only where no other runs. */
  latest(sessions: Iterable<LiveSession>): LiveSession | undefined {
    const place = (live: LiveSession) =>
      (this.#places.get(live) ?? 0) + (live.session.endedAt === null ? this.#added : 0);
    let found: LiveSession | undefined;
    for (const live of sessions) if (!found || place(live) > place(found)) found = live;
    return found;
  }

  add(live: LiveSession): void {
    const { classId, teacherId, id } = live.session;
    this.#places.set(live, ++this.#added);
    this.#byClass.set(classId, live);
    this.#byId.set(id, live);
    const teachers = this.#byTeacher.get(teacherId) ?? new Set();
    this.#byTeacher.set(teacherId, teachers.add(live));
  }

  /** Its end has its records. */
  close(live: LiveSession): void {
    this.#over.add(live.session.id);
    if (this.#over.size > OVER_MAX) for (const oldest of this.#over) if (this.#over.delete(oldest)) break;
    this.remove(live);
  }

  /** It is let go of; it may run on elsewhere. */
  remove(live: LiveSession): void {
    const { classId, teacherId, id } = live.session;
    if (this.#byId.get(id) === live) this.#byId.delete(id);
    if (this.#byClass.get(classId) === live) this.#byClass.delete(classId);
    const teachers = this.#byTeacher.get(teacherId);
    teachers?.delete(live);
    if (teachers?.size === 0) this.#byTeacher.delete(teacherId);
  }
}
