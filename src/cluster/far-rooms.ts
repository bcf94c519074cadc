import type { ClassId, SessionId } from "../core/ids.ts";
import type { News as Told } from "../hub/connection.ts";
import type { Hub } from "../hub/hub.ts";
import type { FarMember } from "../hub/room.ts";
import type { Sessions } from "../log/sessions.ts";
import type { Store } from "../ports/store.ts";
import { channelOf, type FarPeer, type News, ownChannel } from "./news.ts";

interface Parts {
  readonly node: string;
  readonly hub: Hub;
  readonly sessions: Sessions;
  readonly store: Pick<Store, "doors" | "classes">;
  readonly publish: (channel: string, news: News) => void;
  readonly troubled: (what: string, error: unknown, session: SessionId) => void;
}

type Of<Kind extends News["kind"]> = Extract<News, { kind: Kind }>;

/** Who comes and goes within this time, in ms, after somebody of whom was told is told of in one message. */
const GATHER_MS = 20;

/** The video rooms over several nodes: each tells who is in from there, and passes signals on to its own sockets. */
export class FarRooms {
  readonly #changed = new Set<ClassId>();
  readonly #versions = new Map<ClassId, Map<string, number>>();
  #gathering = false;
  #version = 0;
  #signals = 0;

  constructor(private readonly parts: Parts) {}

  /** Somebody asks who is in the room; those who have nobody there need not say so. */
  asked(classId: ClassId): void {
    if (this.parts.hub.rooms.here(classId).length > 0) this.changed(classId);
  }

  /** Who is in the room from here has changed. */
  changed(classId: ClassId): void {
    this.#changed.add(classId);
    if (this.#gathering) return;
    this.#gathering = true;
    setTimeout(() => {
      this.#gathering = false;
      if (this.#changed.size > 0) this.#tell();
    }, GATHER_MS).unref();
    setImmediate(() => this.#tell());
  }

  #tell(): void {
    const { node, hub, publish } = this.parts;
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const classId of changed) {
      const session = this.#sessionOf(classId);
      const here = hub.rooms.here(classId);
      const peers = here.map(({ connection, peer }) => ({ socket: connection.id, ...peer }));
      const version = ++this.#version;
      const isCall = hub.rooms.ofClass(classId)?.isCall ?? false;
      publish(channelOf(classId), { from: node, kind: "room", version, session, isCall, peers });
    }
  }

  #sessionOf(classId: ClassId): SessionId | null {
    return this.parts.sessions.memory.ofClass(classId)?.session.id ?? null;
  }

  /** Another node has told whom it has in the room. */
  room(classId: ClassId, { from, version, session, isCall, peers }: Of<"room">): void {
    const versions = this.#versions.get(classId) ?? new Map<string, number>();
    this.#versions.set(classId, versions);
    if (version <= (versions.get(from) ?? 0)) return;
    versions.set(from, version);
    const { memory } = this.parts.sessions;
    const running = this.#sessionOf(classId);
    const isOver = session === null || memory.isOver(session) || (running !== null && running !== session);
    const members = isOver ? [] : peers.map((peer) => this.#member(classId, from, peer));
    if (members.length === 0 || session !== null)
      this.parts.hub.rooms.setFar(classId, { node: from, session, isCall, members });
  }

  #member(classId: ClassId, node: string, { socket, ...peer }: FarPeer): FarMember {
    const tell = (news: Told) => this.#pass(classId, node, socket, news);
    return { peer, socket, tell };
  }

  #pass(classId: ClassId, node: string, socket: string, news: Told): void {
    const { node: from, publish } = this.parts;
    const to = { from, id: `${from} ${++this.#signals}`, class: classId, socket };
    if (news.event === "ASKED") publish(ownChannel(node), { ...to, kind: "asked", data: news.data });
    else if ("peer" in news) {
      const { event, peer, data } = news;
      publish(ownChannel(node), { ...to, kind: "signal", peer, event, data: { ...data } });
    }
  }

  /** A signal for a socket of this node, or what the teacher wants of its peer. */
  take(news: Of<"signal"> | Of<"asked">): void {
    const { class: classId, socket } = news;
    const target = this.parts.hub.rooms.here(classId).find(({ connection }) => connection.id === socket);
    if (news.kind === "asked") target?.tell({ event: "ASKED", classId, data: news.data });
    else target?.tell({ event: news.event, classId, peer: news.peer, data: news.data });
  }

  /** Tells again of every room with somebody from here. */
  tellAll(): void {
    for (const classId of this.parts.hub.rooms.open()) this.changed(classId);
  }

  /** RO61, RO63: rooms with somebody from here are as the store says, whatever news of that was lost. Never rejects. */
  async heedStore(): Promise<void> {
    const { rooms } = this.parts.hub;
    await Promise.all(
      rooms.open().map(async (classId) => {
        const session = rooms.ofClass(classId)?.session;
        if (session) await this.#heed(classId, session);
      }),
    );
  }

  async #heed(classId: ClassId, session: SessionId): Promise<void> {
    const { hub, store, troubled } = this.parts;
    try {
      const door = await store.doors.read(session);
      if (door) hub.rooms.setDoor(classId, session, door);
      const newest = hub.rooms.askingOfChat(classId);
      const cls = await store.classes.byId(classId);
      if (cls) hub.rooms.setKeepsChat(classId, newest(cls.settings.keepsChat));
    } catch (error) {
      troubled("the store could not be asked of a room", error, session);
    }
  }

  /** Nothing more is heard of the class. */
  forget(classId: ClassId): void {
    this.#versions.delete(classId);
    this.parts.hub.rooms.forget(classId);
  }
}
