import type { SessionId, UserId } from "../core/ids.ts";
import type { Stay } from "../core/presence/intervals.ts";
import { type Passing, pass } from "../core/session/decide.ts";
import type { Session } from "../core/session/state.ts";
import type { Passed } from "../hub/passage.ts";
import type { Found } from "../log/finder.ts";
import type { Registry } from "../log/registry.ts";
import type { Clock } from "../ports/clock.ts";
import type { RoomWitness, Seen } from "../ports/room-witness.ts";
import { carriedDevice, isCarried, socketDevice } from "./devices.ts";

interface Parts {
  /** Names this node. */
  readonly node: string;
  readonly memory: Pick<Registry, "byId">;
  /** The running session, on whichever node it was started. */
  readonly byId: (id: SessionId) => Found;
  readonly clock: Clock;
  /** How many stays of one person are kept in a session. */
  readonly staysMax: number;
  /** A socket that was silent so long, in ms, is gone since it was heard of last. */
  readonly silenceMaxMs: number;
  readonly troubled: (what: string, session: SessionId, error: unknown) => void;
}

/** What is known of one session's room here. */
interface Page {
  /** Not in the log yet, in order. */
  pending: Passing[];
  /** This node's sockets in the room, as they came in. */
  readonly inside: Map<string, Passing>;
  timer: Timer | null;
  /** When the timer goes off, on the clock of performance.now(). */
  due: number;
  writing: Promise<void> | null;
}

/** Whom a carrier named last in a session, and when it was asked. */
interface Naming {
  readonly at: number;
  readonly devices: ReadonlySet<string>;
}

type Outcome = "written" | "over" | "again";

/** Those who come in within this time, in ms, are written down together. */
const GATHER_MS = 50;
/** Who leaves and is back within this time, in ms, never left: a page that flickers must not fill the log. */
const BACK_MS = 1000;
/** What could not be written is tried again after this time, in ms. */
const AGAIN_MS = 1000;
/** A carrier tells whole seconds, and a list may be older than the word of who has just come. */
const FRESH_MS = 2000;
const SYSTEM = { by: null, via: "system" } as const;

/** PR10: writes down in each session's log who came into its video room and who left it. Nobody waits for it. */
export class VisitorBook implements RoomWitness {
  readonly #pages = new Map<SessionId, Page>();
  readonly #named = new Map<SessionId, Naming>();

  constructor(private readonly parts: Parts) {}

  /** The name of this node. */
  get node(): string {
    return this.parts.node;
  }

  /** Whether a socket of this node is in a room, or one's leaving is not in the log yet. */
  get isOpen(): boolean {
    return this.#pages.size > 0;
  }

  /** A socket of this node came in or left. */
  readonly passed: Passed = (type, { peer, connection: { wire } }, session) => {
    wire.watch?.(type === "entered");
    const device = socketDevice(this.parts.node, peer.id);
    this.#note(session, { type, user: peer.user, device, ...this.#momentOf(type, wire.heardAt) });
  };

  /** A socket that is cut off for its silence was last there when it was last heard of. */
  #momentOf(kind: Passing["type"], heardAt: number | undefined): Pick<Passing, "when" | "witness"> {
    const now = this.parts.clock.now();
    const silent = heardAt === undefined ? 0 : performance.now() - heardAt;
    if (kind === "entered" || silent < this.parts.silenceMaxMs) return { when: now, witness: "socket" };
    return { when: Math.round(now - silent), witness: "last-sign-of-life" };
  }

  told(kind: Passing["type"], { session, user, device, when }: Seen): void {
    this.#note(session, { type: kind, user, device: carriedDevice(device), when, witness: "webhook" });
  }

  listed(id: SessionId, present: readonly Omit<Seen, "session">[], at: number): void {
    const before = this.#named.get(id);
    if (before && before.at > at) return;
    for (const known of this.#named.keys()) if (!this.parts.memory.byId(known)) this.#named.delete(known);
    this.#named.set(id, { at, devices: new Set(present.map(({ device }) => carriedDevice(device))) });
    void this.#write(id, (session) => differences(session, present, at, before));
  }

  unanswered(id: SessionId): void {
    const before = this.#named.get(id);
    void this.#write(id, (session) =>
      [...session.stays].flatMap(([user, ofUser]) =>
        ofUser.some(({ device, to }) => to === null && !isCarried(device))
          ? []
          : leavings(user, ofUser, before, "last-sign-of-life"),
      ),
    );
  }

  #note(id: SessionId, passing: Passing): void {
    const page = this.#page(id);
    const { type, device } = passing;
    const back = isCarried(device) ? -1 : follow(page, passing);
    if (page.pending[back]?.type === "left") page.pending.splice(back, 1);
    else page.pending.push(passing);
    this.#writeIn(id, page, type === "entered" ? GATHER_MS : BACK_MS);
  }

  #page(id: SessionId): Page {
    const page = this.#pages.get(id) ?? {
      pending: [],
      inside: new Map(),
      timer: null,
      due: 0,
      writing: null,
    };
    this.#pages.set(id, page);
    return page;
  }

  #writeIn(id: SessionId, page: Page, ms: number): void {
    const due = performance.now() + ms;
    if (page.timer && page.due <= due) return;
    if (page.timer) clearTimeout(page.timer);
    page.due = due;
    page.timer = setTimeout(() => {
      page.timer = null;
      void this.settle(id);
    }, ms);
  }

  /** Writes down what is known of the session. Resolves once that was tried, and what failed waits to be tried again. */
  async settle(id: SessionId): Promise<void> {
    const page = this.#pages.get(id);
    if (!page) return;
    while (page.writing) await page.writing;
    if (page.pending.length > 0) {
      page.writing = this.#writeDown(id, page).finally(() => {
        page.writing = null;
      });
      await page.writing;
    }
    if (page.pending.length === 0 && page.inside.size === 0 && !page.writing) this.#close(id, page);
  }

  #close(id: SessionId, page: Page): void {
    if (page.timer) clearTimeout(page.timer);
    if (this.#pages.get(id) === page) this.#pages.delete(id);
  }

  /** The same of every session. */
  async settleAll(): Promise<void> {
    await Promise.all([...this.#pages.keys()].map((id) => this.settle(id)));
  }

  async #writeDown(id: SessionId, page: Page): Promise<void> {
    const passings = page.pending;
    page.pending = [];
    const outcome = await this.#write(id, (session) => passings.filter((one) => !hasGone(session, one)));
    if (outcome === "over") page.inside.clear();
    if (outcome !== "again") return;
    page.pending = [...passings, ...page.pending];
    this.#writeIn(id, page, AGAIN_MS);
  }

  /** "over": there is no session to write to any more. */
  async #write(id: SessionId, which: (session: Session) => readonly Passing[]): Promise<Outcome> {
    try {
      const live = this.parts.memory.byId(id) ?? (await this.parts.byId(id));
      if (!live) return "over";
      const written = await live.commit(SYSTEM, (now) => pass(now, which(now), this.parts.staysMax));
      if (written.ok) return "written";
      return written.code === "no-active-session" ? "over" : "again";
    } catch (error) {
      this.parts.troubled("who came into a room could not be written down, will try again", id, error);
      return "again";
    }
  }

  /** PR12: a node that was taken for dead and is not puts its sockets back, from the moment at which they were put out. */
  restore(): void {
    for (const [id, page] of this.#pages) {
      const session = this.parts.memory.byId(id)?.session;
      if (!session || session.endedAt !== null || page.writing || page.pending.length > 0) continue;
      for (const passing of page.inside.values()) {
        const last = lastStay(session, passing.user, passing.device);
        if (last?.to === null) continue;
        page.pending.push({ ...passing, when: last?.to ?? passing.when });
        this.#writeIn(id, page, GATHER_MS);
      }
    }
  }
}

/** Keeps who is inside of the sockets; gives where the same one's last passing is pending, for one that comes in, else -1. */
function follow({ inside, pending }: Page, passing: Passing): number {
  const { type, device } = passing;
  if (type === "left") {
    inside.delete(device);
    return -1;
  }
  inside.set(device, passing);
  return lastOf(pending, device);
}

const lastOf = (pending: readonly Passing[], device: string): number =>
  pending.findLastIndex((passing) => passing.device === device);

const lastStay = (session: Readonly<Session>, user: UserId, device: string): Stay | undefined =>
  session.stays.get(user)?.findLast((stay) => stay.device === device);

/** A participant comes once: one whose leaving was told is not there again by an older word. */
const hasGone = (session: Session, { type, user, device }: Passing): boolean =>
  type === "entered" && isCarried(device) && lastStay(session, user, device)?.toBy === "webhook";

/** PR13: what a carrier's list of `at` says that the log does not. */
function differences(
  session: Session,
  present: readonly Omit<Seen, "session">[],
  at: number,
  before: Naming | undefined,
): readonly Passing[] {
  const there = new Set(present.map(({ user, device }) => `${user}\n${carriedDevice(device)}`));
  const gone = [...session.stays].flatMap(([user, ofUser]) => {
    const missing = ofUser.filter(
      ({ device, from }) => !there.has(`${user}\n${device}`) && from < at - FRESH_MS,
    );
    return leavings(user, missing, before, "list");
  });
  const listed = present.map(
    ({ user, device, when }): Passing => ({
      type: "entered",
      user,
      device: carriedDevice(device),
      when,
      witness: "list",
    }),
  );
  return [...gone, ...listed.filter((one) => !hasGone(session, one))];
}

/** PR18: whose leaving nobody told was there last when the carrier named them last. */
const leavings = (
  user: UserId,
  stays: readonly Stay[],
  before: Naming | undefined,
  witness: Passing["witness"],
): Passing[] =>
  stays.flatMap(({ device, from, to }): Passing[] => {
    if (to !== null || !isCarried(device)) return [];
    const when = before?.devices.has(device) ? Math.max(from, before.at) : from;
    return [{ type: "left", user, device, when, witness }];
  });
