import type { ClassId, SessionId, UserId } from "../core/ids.ts";
import type { SessionHead, Store } from "../ports/store.ts";
import type { LiveSession } from "./live-session.ts";
import type { Sessions } from "./sessions.ts";

/** A running session or none: at once where memory knows, else from the store. */
export type Found = LiveSession | undefined | Promise<LiveSession | undefined>;

/** Which session is meant, on whichever node it is asked. */
export interface Finder {
  /** The running session of a class whose news this node hears. */
  ofClass(id: ClassId): Found;
  byId(id: SessionId): Found;
  /** The teacher's most recently started one, among these classes. */
  latestOfTeacher(id: UserId, classes: Iterable<ClassId>): Found;
  /** The most recently started one among these classes that has the student on its roll. */
  latestOfStudent(id: UserId, classes: Iterable<ClassId>): Found;
  /** As all nodes know it by now, whether this one hears of the class or not. */
  current(id: ClassId): Promise<LiveSession | undefined>;
  /** Whether memory may have missed what other nodes did. */
  readonly mayMiss: boolean;
}

/** Where no other node writes, memory has all that runs, and every answer is there at once. */
export function findHere({ memory }: Sessions): Finder {
  return {
    ofClass: (id) => memory.ofClass(id),
    byId: (id) => memory.byId(id),
    latestOfTeacher: (id) => memory.latest(memory.ofTeacher(id)),
    latestOfStudent(id, classes) {
      const running = [...classes].flatMap((each) => memory.ofClass(each) ?? []);
      return memory.latest(running.filter((live) => live.session.roster.has(id)));
    },
    current: async (id) => memory.ofClass(id),
    mayMiss: false,
  };
}

interface Parts {
  readonly sessions: Sessions;
  readonly store: Pick<Store, "sessions">;
  /** Whether news of the class comes here. */
  readonly hears: (id: ClassId) => boolean;
  /** Whether news comes at all, and at once. */
  readonly isFresh: () => boolean;
}

const ORDERS_MAX = 1000;
const runs = (live: LiveSession | undefined): live is LiveSession => live?.session.endedAt === null;

/** Where other nodes write too: memory for what this one hears of, and the store for what memory lacks. */
export class SharedFinder implements Finder {
  readonly mayMiss = true;
  /** Which of several sessions is the latest: it stays so, whatever the clocks of the nodes said. */
  readonly #latest = new Map<string, SessionId>();

  constructor(private readonly parts: Parts) {}

  ofClass(id: ClassId): Found {
    const live = this.#heard(id);
    return runs(live) ? live : this.current(id);
  }

  byId(id: SessionId): Found {
    const live = this.parts.sessions.memory.byId(id);
    return live && this.parts.hears(live.session.classId) ? live : this.#stored(id);
  }

  async #stored(id: SessionId): Promise<LiveSession | undefined> {
    const head = await this.parts.store.sessions.head(id);
    const live = head?.endedAt === null ? await this.current(head.classId) : undefined;
    return live?.session.id === id ? live : undefined;
  }

  latestOfTeacher(id: UserId, classes: Iterable<ClassId>): Found {
    return this.#latestOf([...classes], (live) => live.session.teacherId === id);
  }

  latestOfStudent(id: UserId, classes: Iterable<ClassId>): Found {
    return this.#latestOf([...classes], (live) => live.session.roster.has(id));
  }

  #latestOf(classes: readonly ClassId[], isMeant: (live: LiveSession) => boolean): Found {
    const here = classes.flatMap((id) => this.#heard(id) ?? []).filter((live) => runs(live) && isMeant(live));
    const [only] = here;
    if (this.parts.isFresh() && only) {
      const known = here.length === 1 ? only.session.id : this.#latest.get(keyOf(here));
      const latest = here.find((live) => live.session.id === known);
      if (latest) return latest;
    }
    return this.#ask(classes, isMeant);
  }

  async #ask(classes: readonly ClassId[], isMeant: (live: LiveSession) => boolean) {
    const heads = await this.parts.store.sessions.runningIn(classes);
    const found: LiveSession[] = [];
    for (const head of heads) {
      const live = await this.#take(head);
      if (live && isMeant(live)) found.push(live);
    }
    const latest = found.at(-1);
    if (this.#latest.size >= ORDERS_MAX) this.#latest.clear();
    if (latest && found.length > 1) this.#latest.set(keyOf(found), latest.session.id);
    return latest;
  }

  async current(id: ClassId): Promise<LiveSession | undefined> {
    const { memory } = this.parts.sessions;
    const known = memory.ofClass(id);
    if (known) {
      const read = await known.catchUp();
      // Where the log cannot be read now, whoever asks the session is refused by it.
      if (!read.ok || runs(known)) return known;
    }
    const head = await this.parts.store.sessions.runningOf(id);
    return (head && (await this.#take(head))) ?? memory.ofClass(id);
  }

  async #take(head: SessionHead): Promise<LiveSession | null> {
    const { sessions, hears } = this.parts;
    if (sessions.memory.isOver(head.id)) return null;
    return hears(head.classId) ? sessions.discover(head.id) : sessions.adopt(head);
  }

  #heard(id: ClassId): LiveSession | undefined {
    return this.parts.hears(id) ? this.parts.sessions.memory.ofClass(id) : undefined;
  }
}

const keyOf = (sessions: readonly LiveSession[]): string =>
  sessions
    .map(({ session }) => session.id)
    .sort()
    .join(" ");
