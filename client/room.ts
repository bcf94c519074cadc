import type { RoomClientFrame, RoomServerFrame } from "../protocol/room.ts";
import type { ServerFrame } from "../protocol/v1.ts";
import { Backoff } from "./backoff.ts";
import { Emitter, type Stop } from "./events.ts";
import type { Client } from "./index.ts";
import { newId } from "./new-id.ts";
import { Sayings } from "./sayings.ts";

type Frame<Type extends RoomServerFrame["type"]> = Extract<RoomServerFrame, { type: Type }>;
type Sent<Type extends RoomClientFrame["type"]> = Extract<RoomClientFrame, { type: Type }>;

/** Somebody in the room, by one page of theirs. */
export type Peer = Frame<"room">["peers"][number];
export type SignalKind = Frame<"signal">["kind"];
/** What this page shows of itself. */
export interface Shown {
  readonly hand: boolean;
  readonly mic: boolean;
  readonly camera: boolean;
  readonly screen: boolean;
}

/** The room as it stands. A new object after every frame. */
export interface Room {
  readonly class: string;
  readonly session: string;
  /** This page's own peer. */
  readonly peer: string;
  readonly media: Frame<"room">["media"];
  readonly locked: boolean;
  /** Whether what is said is kept with the session. */
  readonly keepsChat: boolean;
  /** Who was removed and not let in again; for teachers alone. */
  readonly removed: Frame<"room">["removed"];
  /** Everyone else. */
  readonly peers: ReadonlyMap<string, Peer>;
}

/** What `on` tells. */
export interface RoomEvents {
  /** The room is known anew: after each frame about it; null while it is not known. */
  room: Room | null;
  /** What this page shows is another than before, by itself or by the teacher. */
  shown: Shown;
  signal: Frame<"signal">;
  asked: Frame<"asked">;
  /** What was said; one may come twice, by its id. */
  said: Frame<"said">;
  /** This page is in the room no more, and does not enter again by itself. */
  left: Frame<"roomLeft">;
  /** It could not be entered, or what was asked could not be done. */
  refused: Extract<ServerFrame, { type: "error" }>;
}

const NOTHING: Shown = { hand: false, mic: false, camera: false, screen: false };
/** Between two tries to enter again, at most: whoever was cut off must be back within 10 s. */
const RETRY_MAX_MS = 5000;
/** Whoever showed too much at once shows it again after so long. */
const SHOW_AGAIN_MS = 1000;
/** Refusals of `enter`, after which it is not tried again: whoever gets one is not in the room. */
export const SHUT_OUT: ReadonlySet<string> = new Set([
  "no-active-session",
  "not-class-teacher",
  "not-enrolled",
  "teacher-only",
  "room-full",
  "room-locked",
  "room-ended",
  "removed-from-room",
]);

/** Enters the video room of the class, now and again after each cut, until it is left. */
export const enterRoom = (client: Client, classId: string, shown: Partial<Shown> = {}): RoomLink =>
  new RoomLink(client, classId, { ...NOTHING, ...shown });

/** This page's place in a room. */
export class RoomLink {
  room: Room | null = null;
  readonly #events = new Emitter<RoomEvents>();
  readonly #device = newId();
  readonly #sayings = new Sayings();
  readonly #backoff = new Backoff(Math.random);
  readonly #stops: Stop[];
  #over = false;
  /** This socket has asked to enter, and may be in the room. */
  #hasAsked = false;
  #cancelRetry: Stop = () => undefined;
  #cancelShow: Stop = () => undefined;

  constructor(
    private readonly client: Client,
    readonly classId: string,
    /** What this page shows of itself. */
    public shown: Shown,
  ) {
    this.#stops = [
      client.watchClosely(),
      client.on("frame", (frame) => this.#take(frame)),
      client.on("status", ({ state }) => (state === "ready" ? this.#enter() : this.#cut())),
    ];
    if (client.status.state === "ready") this.#enter();
  }

  /** Listens; what it returns ends that. */
  on<Name extends keyof RoomEvents>(name: Name, listener: (happened: RoomEvents[Name]) => void): Stop {
    return this.#events.on(name, listener);
  }

  /** A WebRTC offer, answer or candidate for a peer. */
  signal(to: string, kind: SignalKind, data: Sent<"signal">["data"]): void {
    this.#send({ type: "signal", to, kind, data });
  }

  show(shown: Partial<Shown>): void {
    this.#showing(shown);
    this.#send({ type: "show", ...shown });
  }

  /** Mutes a peer, or by null every student. For teachers, like those below; each tells whether it could be sent. */
  mute(peer: string | null): boolean {
    return this.#send({ type: "mute", peer });
  }

  askUnmute(peer: string): boolean {
    return this.#send({ type: "askUnmute", peer });
  }

  lowerHand(peer: string | null): boolean {
    return this.#send({ type: "lowerHand", peer });
  }

  /** Puts a student out, who cannot come back until let in. */
  remove(user: string): boolean {
    return this.#send({ type: "remove", user });
  }

  letIn(user: string): boolean {
    return this.#send({ type: "letIn", user });
  }

  /** Lets nobody new in, or everybody again. */
  lock(locked: boolean): boolean {
    return this.#send({ type: "lock", locked });
  }

  /** Ends the call for everyone. */
  closeForAll(): boolean {
    return this.#send({ type: "closeRoom" });
  }

  /** Says something to everyone; true once everyone was told, false where that was refused or is not known. Never rejects. */
  say(text: string): Promise<boolean> {
    const isSent = this.#send({ type: "say", text });
    return isSent ? this.#sayings.add(text) : Promise.resolve(false);
  }

  /** Leaves the room for good, also where the server has not answered yet that this page is in. */
  leave(): void {
    if (this.#hasAsked) this.client.tell({ type: "leave" });
    this.#end();
  }

  /** What cannot be sent is not kept: after a cut the room is entered anew, with what is shown then. */
  #send(frame: object): boolean {
    return this.room !== null && this.client.tell(frame);
  }

  #enter(): void {
    this.#hasAsked = true;
    this.client.tell({ type: "enter", class: this.classId, device: this.#device, ...this.shown });
  }

  #enterLater(): void {
    this.#cancelRetry();
    this.#cancelRetry = this.client.timers.after(this.#backoff.next("soon", RETRY_MAX_MS), () =>
      this.#enter(),
    );
  }

  /** The others take what they were told last for what is: it must be told once it may be. */
  #showLater(): void {
    this.#cancelShow();
    this.#cancelShow = this.client.timers.after(SHOW_AGAIN_MS, () =>
      this.#send({ type: "show", ...this.shown }),
    );
  }

  #cut(): void {
    this.#cancelRetry();
    this.#cancelShow();
    this.#hasAsked = false;
    this.#become(null);
  }

  /** Once: who hears of it may leave in the midst of it. */
  #end(): void {
    if (this.#over) return;
    for (const stop of this.#stops) stop();
    this.#over = true;
    this.#cut();
  }

  #become(room: Room | null): void {
    if (room === this.room) return;
    this.room = room;
    if (!room) this.#sayings.lost();
    this.#events.emit("room", room);
  }

  #showing(shown: Partial<Shown>): void {
    this.shown = { ...this.shown, ...shown };
    this.#events.emit("shown", this.shown);
  }

  #take(frame: ServerFrame): void {
    if (this.#over || !("class" in frame) || frame.class !== this.classId) return;
    switch (frame.type) {
      case "room": {
        const { type: _, peers, ...rest } = frame;
        this.#backoff.reset();
        this.#become({ ...rest, peers: new Map(peers.map((peer) => [peer.peer, peer])) });
        break;
      }
      case "roomChange":
        this.#change(frame);
        break;
      case "signal":
      case "asked":
        this.#ask(frame);
        break;
      case "said":
        for (const { user, text } of frame.messages)
          if (user === this.client.user?.id) this.#sayings.said(text);
        this.#events.emit("said", frame);
        break;
      case "roomLeft":
        // The parting of a page that was here before on this socket: this one has heard of its own room first, and is over once it leaves.
        if (!this.room || frame.reason === "left") return;
        this.#hasAsked = false;
        this.#events.emit("left", frame);
        this.#end();
        break;
      case "error":
        this.#refused(frame);
        break;
    }
  }

  #refused(frame: RoomEvents["refused"]): void {
    if (frame.of === "say") this.#sayings.refused();
    if (frame.of === "show" && frame.code === "too-fast") {
      this.#showLater();
      return;
    }
    const isShut = !this.room && SHUT_OUT.has(frame.code);
    if (isShut) this.#hasAsked = false;
    this.#events.emit("refused", frame);
    if (isShut) this.#end();
    else if (!this.room && !this.#over) this.#enterLater();
  }

  #ask(frame: Frame<"signal" | "asked">): void {
    if (frame.type === "signal") {
      this.#events.emit("signal", frame);
      return;
    }
    if (frame.what === "mute") this.#showing({ mic: false });
    if (frame.what === "lowerHand") this.#showing({ hand: false });
    this.#events.emit("asked", frame);
  }

  #change({ type: _, peers, gone, ...rest }: Frame<"roomChange">): void {
    if (!this.room) return;
    const now = new Map(this.room.peers);
    for (const id of gone) now.delete(id);
    for (const peer of peers) if (peer.peer !== this.room.peer) now.set(peer.peer, peer);
    this.#become({ ...this.room, ...rest, peers: now });
  }
}
