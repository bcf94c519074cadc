import type { ClassId, SessionId } from "../core/ids.ts";
import { summarise } from "../core/session/decide.ts";
import { BrokenBatch } from "../log/seal.ts";
import type { Sessions } from "../log/sessions.ts";
import type { Store } from "../ports/store.ts";
import type { Holds } from "./holds.ts";
import type { News } from "./news.ts";

interface Parts {
  readonly store: Pick<Store, "sessions">;
  readonly sessions: Sessions;
  readonly holds: Holds;
  readonly troubled: (what: string, session: SessionId, error: unknown) => void;
}

type Of<Kind extends News["kind"]> = Extract<News, { kind: Kind }>;

/** How many logs or classes the store is asked of at once. */
const PAGE = 1000;
/** A log that could not be read is left alone this long, in ms. */
const BROKEN_MS = 30_000;

/** Brings what other nodes write to the classes that are heard here: by news, and by asking the store. */
export class LogWatch {
  readonly #catching = new Set<SessionId>();
  readonly #broken = new Map<SessionId, number>();

  constructor(private readonly parts: Parts) {}

  /** A log is said to have come to a batch. */
  batch(classId: ClassId, { session, number, batch }: Of<"batch">): void {
    const { sessions, holds } = this.parts;
    const live = sessions.memory.byId(session);
    if (live && batch) live.heard({ sessionId: session, number, ...batch });
    else if (live) live.mayLag(number);
    else if (holds.isHeard(classId) && !sessions.memory.isOver(session))
      void this.#follow(classId, session, number);
  }

  /** A session was started: where the class is heard of, it is known once this resolves. */
  async started({ class: classId, session }: Of<"started">): Promise<void> {
    const { sessions, holds } = this.parts;
    if (sessions.memory.byId(session) || !holds.isHeard(classId)) return;
    await this.#follow(classId, session, 1);
  }

  async #follow(classId: ClassId, session: SessionId, number: number): Promise<void> {
    try {
      await this.#unknown(classId, session, number);
    } catch (error) {
      this.parts.troubled("news of a session could not be followed", session, error);
    }
  }

  /** A session that is not known here: one that has begun, unless the news is old and it was over before this node heard of the class. */
  async #unknown(classId: ClassId, id: SessionId, number: number): Promise<void> {
    const head = await this.parts.store.sessions.head(id);
    if (head?.classId !== classId) return;
    const isOld = head.endedAt !== null && (number > 1 || head.startedAt < this.parts.holds.since(classId));
    if (!isOld) await this.#discover(classId, id);
  }

  /** The class hears of the session before to its end, and then of this one from its beginning. */
  async #discover(classId: ClassId, id: SessionId): Promise<void> {
    const { memory } = this.parts.sessions;
    const before = memory.ofClass(classId);
    if (before && before.session.id !== id) await before.catchUp();
    if (memory.isOver(id) || this.#isBroken(id)) return;
    try {
      await this.parts.sessions.discover(id);
    } catch (error) {
      if (error instanceof BrokenBatch) this.#broken.set(id, performance.now());
      this.parts.troubled("the log of a running session could not be read", id, error);
    }
  }

  #isBroken(id: SessionId): boolean {
    const at = this.#broken.get(id);
    if (at === undefined) return false;
    if (performance.now() - at < BROKEN_MS) return true;
    this.#broken.delete(id);
    return false;
  }

  /** The class's sockets here are told a summary of now, which is not older than the one that was asked for. */
  async summary({ session, number }: Of<"summary">): Promise<void> {
    const live = this.parts.sessions.memory.byId(session);
    if (live && live.known.number < number) await live.catchUp();
    await live?.ask(summarise);
  }

  /** Asks the store what has happened in these classes. */
  async check(classes: readonly ClassId[]): Promise<void> {
    for (let from = 0; from < classes.length; from += PAGE)
      await this.#checkPage(classes.slice(from, from + PAGE));
  }

  /** Nothing waits for it: one log that others write to all the time must not keep the rest from being read. */
  #catchUp(id: SessionId): void {
    const live = this.parts.sessions.memory.byId(id);
    if (!live || this.#catching.has(id)) return;
    this.#catching.add(id);
    void live.catchUp().finally(() => {
      this.#catching.delete(id);
      // It is over, and another may have begun since.
      const { classId } = live.session;
      if (!this.parts.sessions.memory.ofClass(classId)) this.#again(classId);
    });
  }

  #again(classId: ClassId): void {
    // Where the store cannot be asked now it is with the next poll.
    this.check([classId]).catch(() => undefined);
  }

  async #checkPage(classes: readonly ClassId[]): Promise<void> {
    const { store, sessions, holds } = this.parts;
    const { memory } = sessions;
    const live = classes.flatMap((id) => memory.ofClass(id) ?? []);
    const grown = live.length > 0 ? await store.sessions.grown(live.map(({ known }) => known)) : [];
    for (const id of grown) this.#catchUp(id);
    const quiet = classes.filter((id) => !memory.ofClass(id));
    const running = quiet.length > 0 ? await store.sessions.runningIn(quiet) : [];
    for (const { id, classId } of running)
      if (holds.isHeard(classId) && !memory.isOver(id)) await this.#discover(classId, id);
  }
}
