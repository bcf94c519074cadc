import type { SessionId } from "../core/ids.ts";
import { type Passing, pass } from "../core/session/decide.ts";
import type { Session } from "../core/session/state.ts";
import type { Passed } from "../hub/passage.ts";
import type { Found } from "../log/finder.ts";
import type { Registry } from "../log/registry.ts";
import type { Clock } from "../ports/clock.ts";
import type { RoomWitness, Seen } from "../ports/room-witness.ts";
import {
  type Departed,
  differences,
  inTurn,
  lastStay,
  leavings,
  type Naming,
  withCarried,
} from "./carried.ts";
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
  /** A socket in a room that was silent so long, in ms, is pinged; Socket.IO's has a ping of its own, and is cut off after the second. */
  readonly silence: { readonly pingMs: number; readonly maxMs: number };
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

type Passer = Parameters<Passed>[1]["connection"];
type Outcome = "written" | "over" | "again";

/** Those who come in within this time, in ms, are written down together. */
const GATHER_MS = 50;
/** Who leaves and is back within this time, in ms, never left: a page that flickers must not fill the log. */
const BACK_MS = 1000;
/** What could not be written is tried again after this time, in ms. */
const AGAIN_MS = 1000;
/** A socket that lives has answered a ping so many ms after it was due. */
const ANSWER_MS = 1000;
const SYSTEM = { by: null, via: "system" } as const;

/**
 * PR10: writes down in each session's log who came into its video room and who left it. Nobody waits for it.
 * What the stays come to is core/presence; who has a socket open at all is hub/presence.ts.
 */
export class VisitorBook implements RoomWitness {
  readonly #pages = new Map<SessionId, Page>();
  readonly #named = new Map<SessionId, Naming>();
  readonly #departed = new Map<SessionId, Departed>();

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
  readonly passed: Passed = (type, { peer, connection }, session) => {
    connection.wire.watch?.(type === "entered");
    const device = socketDevice(this.parts.node, peer.id);
    this.#note(session, { type, user: peer.user, device, ...this.#momentOf(type, connection) });
  };

  /** PR60: a socket that let a ping go unanswered was last there when it was last heard of, whatever has ended it since. */
  #momentOf(
    kind: Passing["type"],
    { wire: { heardAt }, dialect }: Passer,
  ): Pick<Passing, "when" | "witness"> {
    const { clock, silence } = this.parts;
    const now = clock.now();
    const silent = heardAt === undefined ? 0 : performance.now() - heardAt;
    const unanswered = dialect === "socket-io" ? silence.maxMs : silence.pingMs + ANSWER_MS;
    if (kind === "entered" || silent < unanswered) return { when: now, witness: "socket" };
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
    const { type, device, when } = passing;
    const back = isCarried(device) ? -1 : follow(page, passing);
    const left = page.pending[back];
    if (left?.type === "left" && when - left.when < BACK_MS) page.pending.splice(back, 1);
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
    const outcome = await this.#write(id, (session) => withCarried(session, passings));
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
      const written = await live.commit(SYSTEM, (now) =>
        pass(now, inTurn(now, which(now), this.#departedOf(id)), this.parts.staysMax),
      );
      if (written.ok) return "written";
      return written.code === "no-active-session" ? "over" : "again";
    } catch (error) {
      this.parts.troubled("who came into a room could not be written down, will try again", id, error);
      return "again";
    }
  }

  /** Of sessions that are over nothing is kept. */
  #departedOf(id: SessionId): Departed {
    const known = this.#departed.get(id);
    if (known) return known;
    for (const other of this.#departed.keys())
      if (!this.parts.memory.byId(other)) this.#departed.delete(other);
    const departed: Departed = new Map();
    this.#departed.set(id, departed);
    return departed;
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
