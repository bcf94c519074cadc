import type { ClassId, UserId } from "../core/ids.ts";
import type { Actor, Class } from "../core/people.ts";
import type { Hub } from "../hub/hub.ts";
import type { Sessions } from "../log/sessions.ts";
import type { Store } from "../ports/store.ts";

interface Parts {
  readonly store: Pick<Store, "classes">;
  readonly hub: Hub;
  readonly sessions: Sessions;
  readonly troubled: (what: string, error: unknown) => void;
}

/** What a socket is closed with whose user may be here no more. */
const UNAUTHORIZED = 4401;
/** Users whose classes are looked up at once. */
const AT_ONCE = 8;

interface Waiting {
  readonly look: () => Promise<void>;
  readonly done: Promise<void>;
  readonly resolve: () => void;
}

/** Who is of which class, changed on other nodes: the store is asked, and the sockets here follow. */
export class Memberships {
  /** What is to be looked at, each place once; what is being looked at may come in again. */
  readonly #waiting = new Map<string, Waiting>();
  #working = false;
  #next = 0;
  #looking = false;
  #lookingAtAll = false;
  #allAsked = false;
  /** Whether nothing has ended since what a socket came in by. */
  stands: (actor: Actor) => Promise<boolean> = async () => true;

  constructor(private readonly parts: Parts) {}

  /** The user's place in the class may be another now. */
  async look(classId: ClassId, user: UserId): Promise<void> {
    const { hub } = this.parts;
    // Whoever is just coming in reads their classes again.
    hub.changes++;
    if (hub.has(user)) await this.#queue(`${classId} ${user}`, () => this.#follow(classId, [user]));
  }

  /** The class may have been archived. */
  async lookAtClass(classId: ClassId): Promise<void> {
    const { hub } = this.parts;
    hub.changes++;
    await this.#queue(classId, () => this.#follow(classId, hub.audienceOf(classId)));
  }

  /** Something by which the user's sockets came in may have ended. */
  lookAtAccess(user: UserId): void {
    const { hub } = this.parts;
    hub.changes++;
    if (hub.has(user)) void this.#queue(user, () => this.#letOut(user));
  }

  async #letOut(user: UserId): Promise<void> {
    const { hub } = this.parts;
    const fallen = new Set<Actor>();
    for (const { actor } of hub.of(user)) if (!(await this.stands(actor))) fallen.add(actor);
    if (fallen.size > 0) hub.close(user, ({ actor }) => fallen.has(actor), UNAUTHORIZED);
  }

  /** Resolves once it was done. */
  #queue(key: string, look: () => Promise<void>): Promise<void> {
    const known = this.#waiting.get(key);
    if (known) return known.done;
    const { promise: done, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(key, { look, done, resolve });
    if (!this.#working) void this.#work();
    return done;
  }

  /** One after the other, so that the last thing read is the last thing followed. */
  async #work(): Promise<void> {
    this.#working = true;
    for (const [key, { look, resolve }] of this.#waiting) {
      this.#waiting.delete(key);
      try {
        await look();
      } catch (error) {
        this.parts.troubled("a change of a class's members could not be followed", error);
      }
      resolve();
    }
    this.#working = false;
  }

  async #follow(classId: ClassId, users: readonly UserId[]): Promise<void> {
    const { store, hub, sessions } = this.parts;
    const cls = await store.classes.byId(classId);
    const gone = users.filter((user) => !isMember(cls, user));
    for (const user of users) if (isMember(cls, user)) hub.join(classId, user);
    // K5: whoever leaves hears what stands before that in the log.
    if (gone.length > 0) await sessions.memory.ofClass(classId)?.catchUp();
    for (const user of gone) hub.part(classId, user);
  }

  /** Looks at everyone who has a socket here: news may have been missed. Asked while it looks, it looks once more. */
  async lookAtAll(): Promise<void> {
    this.#allAsked = true;
    if (this.#lookingAtAll) return;
    this.#lookingAtAll = true;
    try {
      while (this.#allAsked) {
        this.#allAsked = false;
        await this.#lookAt(this.parts.hub.users());
      }
    } finally {
      this.#lookingAtAll = false;
    }
  }

  /** Looks at some of them, and at others the next time; at nobody while that is still being done. */
  async lookAtSome(count: number): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      await this.#lookAt(this.#nextUsers(count));
    } finally {
      this.#looking = false;
    }
  }

  #nextUsers(count: number): UserId[] {
    const users = this.parts.hub.users();
    if (this.#next >= users.length) this.#next = 0;
    const some = users.slice(this.#next, this.#next + count);
    this.#next += count;
    return some;
  }

  async #lookAt(users: readonly UserId[]): Promise<void> {
    const left = [...users];
    const worker = async () => {
      for (let user = left.pop(); user !== undefined; user = left.pop()) await this.#compare(user);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  async #compare(user: UserId): Promise<void> {
    const { store, hub } = this.parts;
    await this.#letOut(user);
    const now = new Set(await store.classes.idsOf(user));
    const here = hub.classesOf(user);
    for (const classId of now) if (!here.has(classId)) void this.look(classId, user);
    for (const classId of here) if (!now.has(classId)) void this.look(classId, user);
  }
}

const isMember = (cls: Class | null, user: UserId): boolean =>
  cls !== null && cls.archivedAt === null && (cls.teacherId === user || cls.studentIds.includes(user));
