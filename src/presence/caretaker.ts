import type { SessionId, UserId } from "../core/ids.ts";
import type { Stay } from "../core/presence/intervals.ts";
import { type Passing, pass } from "../core/session/decide.ts";
import type { Session } from "../core/session/state.ts";
import type { LiveSession } from "../log/live-session.ts";
import type { Registry } from "../log/registry.ts";
import type { NodeStore } from "../ports/nodes.ts";
import { nodeOf } from "./devices.ts";

interface Parts {
  /** Names this node. */
  readonly node: string;
  readonly memory: Pick<Registry, "all">;
  readonly nodes: Pick<NodeStore, "alive" | "lastBeat">;
  /** The other nodes that live, as far as is known without asking. */
  readonly others: () => readonly string[];
  /** A node that was silent so long, in ms, is gone. */
  readonly silentMs: number;
  readonly troubled: (what: string, session: SessionId, error: unknown) => void;
}

const SYSTEM = { by: null, via: "system" } as const;

/** PR11: sees out of the rooms whose sockets were on a node that is gone, at that node's last sign of life. */
export class Caretaker {
  #sweeping = false;

  constructor(private readonly parts: Parts) {}

  /** Looks through the sessions in memory. Never rejects. */
  async sweep(): Promise<void> {
    if (this.#sweeping) return;
    this.#sweeping = true;
    const alive = new Set([this.parts.node, ...this.parts.others()]);
    for (const live of [...this.parts.memory.all()]) {
      try {
        await this.#seeOut(live, alive);
      } catch (error) {
        this.parts.troubled(
          "who was in a room by a node that is gone could not be seen out",
          live.session.id,
          error,
        );
      }
    }
    this.#sweeping = false;
  }

  async #seeOut(live: LiveSession, alive: ReadonlySet<string>): Promise<void> {
    const { session } = live;
    if (session.endedAt !== null) return;
    const unknown = nodesIn(session).filter((node) => !alive.has(node));
    if (unknown.length === 0) return;
    // One that has just joined is known to the store first.
    const rows = await this.parts.nodes.alive(this.parts.silentMs);
    const gone = unknown.filter((node) => !rows.some(({ id }) => id === node));
    for (const node of gone) {
      const beat = await this.parts.nodes.lastBeat(node);
      await live.commit(SYSTEM, (now) =>
        now.endedAt === null
          ? pass(now, leavings(now, node, beat), Number.POSITIVE_INFINITY)
          : { ok: true, events: [], value: undefined },
      );
    }
  }
}

type OfUser = readonly [user: UserId, stay: Stay];

const staysOf = (session: Readonly<Session>, node: string): OfUser[] =>
  [...session.stays].flatMap(([user, stays]) =>
    stays.flatMap((stay): OfUser[] => (nodeOf(stay.device) === node ? [[user, stay]] : [])),
  );

/** The nodes that somebody is in the room by. */
function nodesIn({ stays }: Readonly<Session>): string[] {
  const nodes = new Set<string>();
  for (const ofUser of stays.values())
    for (const { device, to } of ofUser) {
      const node = to === null ? nodeOf(device) : null;
      if (node !== null) nodes.add(node);
    }
  return [...nodes];
}

/** Where a node's beats are not known any more, what the log has of it is its last sign of life. */
function leavings(session: Readonly<Session>, node: string, beat: number | null): Passing[] {
  const stays = staysOf(session, node);
  const last = Math.max(beat ?? 0, ...stays.map(([, { from, to }]) => to ?? from));
  return stays.flatMap(([user, { device, from, to }]): Passing[] =>
    to === null
      ? [{ type: "left", user, device, when: Math.max(from, last), witness: "last-sign-of-life" }]
      : [],
  );
}
