import type { ClassId } from "../core/ids.ts";
import type { Hub } from "../hub/hub.ts";
import type { FarEars, Moves } from "../hub/presence.ts";
import { channelOf, type News } from "./news.ts";

interface Parts {
  readonly node: string;
  readonly hub: Hub;
  readonly publish: (channel: string, news: News) => void;
  /** How often `renew` is called, in ms. */
  readonly everyMs: number;
}

/** A node that was not heard of a class for so many times is gone from it. */
const TIMES_UNHEARD = 4;

type Of<Kind extends News["kind"]> = Extract<News, { kind: Kind }>;

interface Heard {
  version: number;
  at: number;
}

/**
 * LO7: who is there, over several nodes. A node that looks at a class says so, again and again; the others answer with
 * whom they have, and with who moves after that. It stands in no log and in no store: what is lost comes with the next time.
 */
export class FarPresence implements FarEars {
  readonly #heard = new Map<ClassId, Map<string, Heard>>();
  #version = 0;

  constructor(private readonly parts: Parts) {}

  looking(classId: ClassId): void {
    const { node, hub, publish } = this.parts;
    const version = ++this.#version;
    const lookers = hub.presence.lookers(classId);
    publish(channelOf(classId), { from: node, kind: "look", version, lookers });
  }

  moved(classId: ClassId, moves: Moves, whole = false): void {
    const version = ++this.#version;
    const students = moves.map(([user, where]): [typeof user, typeof where] => [user, where]);
    this.parts.publish(channelOf(classId), {
      from: this.parts.node,
      kind: "presence",
      version,
      whole,
      students,
    });
  }

  /** Somebody begins to hear of the class: they are told whether it is looked at from here. */
  asked(classId: ClassId): void {
    if (this.parts.hub.presence.lookers(classId).length > 0) this.looking(classId);
  }

  /** Sockets of another node look at the class: it is told whom this one has. */
  look(classId: ClassId, { from, version, lookers }: Of<"look">): void {
    if (!this.#isNewer(classId, from, version)) return;
    const { hub } = this.parts;
    const named = lookers.map((looker) => ({ ...looker, socket: `${from}/${looker.socket}` }));
    const here = hub.presence.farLooks(classId, from, named, () => hub.audienceOf(classId));
    if (lookers.length > 0) this.moved(classId, here, true);
  }

  /** Another node tells whom it has, or who has moved there. */
  told(classId: ClassId, { from, version, whole, students }: Of<"presence">): void {
    if (!this.#isNewer(classId, from, version)) return;
    this.parts.hub.presence.farMoved(classId, from, whole, students);
  }

  #isNewer(classId: ClassId, node: string, version: number): boolean {
    const nodes = this.#heard.get(classId) ?? new Map<string, Heard>();
    this.#heard.set(classId, nodes);
    if (version <= (nodes.get(node)?.version ?? 0)) return false;
    nodes.set(node, { version, at: performance.now() });
    return true;
  }

  /** Says again what is looked at from here, and lets go of whoever was silent. */
  renew(): void {
    const { hub, everyMs } = this.parts;
    const now = performance.now();
    for (const [classId, nodes] of this.#heard)
      for (const [node, { at }] of nodes) {
        if (now - at < TIMES_UNHEARD * everyMs) continue;
        nodes.delete(node);
        if (nodes.size === 0) this.#heard.delete(classId);
        hub.presence.dropFar(node, classId);
      }
    for (const classId of hub.presence.lookedAt()) this.looking(classId);
  }

  /** Nothing more is heard of the class. */
  forget(classId: ClassId): void {
    for (const node of this.#heard.get(classId)?.keys() ?? []) this.parts.hub.presence.dropFar(node, classId);
    this.#heard.delete(classId);
  }
}
