import type { Client } from "../../client/index.ts";
import {
  enterRoom,
  type RoomEvents,
  type RoomLink,
  type Peer as RoomPeer,
  SHUT_OUT,
  type Shown,
} from "../../client/room.ts";
import type { Call } from "./call/call.ts";
import { callOf } from "./call/call-of.ts";
import { type Ice, IceServers } from "./call/ice-servers.ts";
import { LocalMedia } from "./call/local-media.ts";
import type { Peer } from "./call/media.ts";
import { OwnVoice } from "./call/own-voice.ts";
import type { Pass } from "./call/sfu.ts";
import { decodeSignal } from "./call/signal.ts";
import { Told } from "./call/told.ts";
import { Desk } from "./desk.ts";
import { type Me, ownConnection, personOf, selfOf, shownOf } from "./person.ts";
import type { RoomNow, Said } from "./room-client.ts";
import { OUTSIDE, type Phase, type View } from "./view.ts";

export interface ClassroomParts {
  readonly client: Client;
  readonly classId: string;
  readonly me: Me;
  /** The servers by which a way to the others is found. */
  readonly ice: () => Promise<Ice>;
  /** What lets this page into the call on LiveKit, as that peer. */
  readonly pass: (peer: string) => Promise<Pass>;
}

const CHAT_KEPT = 500;

/** One's own part in the class's room: devices, the way in and out, and what comes of everyone else. */
export class Classroom {
  readonly local = new LocalMedia();
  readonly view: Told<View>;
  readonly desk = new Desk(
    () => this.#link,
    () => this.#set({ refused: "cut" }),
  );
  readonly #stops: readonly (() => void)[];
  /** This page's place in the room, from when it goes in until it is out. */
  #link: RoomLink | null = null;
  readonly #call: Call;
  readonly #ice: IceServers;
  readonly #voice = new OwnVoice(() => this.#tell());
  #hand = false;
  /** Counts the ways in and the ends: who has left, or gone in anew, is not let in by an older one. */
  #entries = 0;

  constructor(private readonly parts: ClassroomParts) {
    const { client, me } = parts;
    this.#ice = new IceServers(parts.ice, client.timers);
    this.#call = callOf({
      link: () => this.#link,
      ice: this.#ice,
      pass: parts.pass,
      local: this.local,
      changed: () => this.#tell(),
      silenced: (isSilenced) => this.#set({ isSilenced }),
    });
    const self = selfOf(me, this.local.told.get(), { hand: false, isSpeaking: false });
    this.view = new Told<View>({ ...OUTSIDE, phase: { at: "lobby" }, chat: [], self });
    this.#stops = [
      this.local.told.subscribe(() => this.#localChanged()),
      client.on("status", ({ state }) => {
        if (state === "ready" || !this.#isIn) return;
        this.#set({ isCut: true });
        this.#tell();
      }),
    ];
    addEventListener("online", this.#restart);
    addEventListener("pagehide", this.#hangUp);
  }

  /** Goes in, with what is on. */
  async enter(): Promise<void> {
    this.#set({ ...OUTSIDE, phase: { at: "entering" }, chat: [] });
    this.#entries += 1;
    const entry = this.#entries;
    // Without these servers others are found on the same network at least; whether one may go in, the room says.
    await this.#ice.begin();
    if (entry !== this.#entries) return;
    this.#join(enterRoom(this.parts.client, this.parts.classId, this.#shown));
  }

  #join(link: RoomLink): void {
    this.#link = link;
    link.on("room", (room) => this.#roomChanged(room));
    link.on("signal", ({ from, kind, data }) => {
      const signal = decodeSignal(kind, data);
      if (signal) this.#call.media?.take(from, signal);
    });
    link.on("asked", ({ what }) => this.#asked(what));
    link.on("said", ({ messages }) => this.#heard(messages));
    link.on("left", ({ reason }) => this.#out({ at: "over", reason }));
    link.on("refused", (refusal) => this.#refused(refusal));
    this.#roomChanged(link.room);
  }

  /** Goes out, and lets the devices go. */
  leave(): void {
    this.#out({ at: "over", reason: "left" });
  }

  /** Back to the lobby. */
  again(): void {
    this.#set({ ...OUTSIDE, phase: { at: "lobby" }, chat: [] });
  }

  raise(hand: boolean): void {
    this.#hand = hand;
    this.#show();
    this.#tell();
  }

  /** Answers what the teacher asked, or puts aside what was told. */
  answer(yes: boolean): void {
    if (yes && this.view.get().asked === "unmute") void this.local.turn("microphone", true);
    this.#set({ asked: null, refused: null });
  }

  /** Writes to everyone in the room; whether everyone was told. */
  async say(text: string): Promise<boolean> {
    const link = this.#link;
    const isSaid = (await link?.say(text)) ?? false;
    if (!isSaid && !link?.room && this.#isIn) this.#set({ refused: "cut" });
    return isSaid;
  }

  /** Plays the sound that the browser has kept back; for a click. */
  unsilence(): void {
    this.#call.media?.unsilence();
  }

  /** Ends everything of it. */
  close(): void {
    removeEventListener("online", this.#restart);
    removeEventListener("pagehide", this.#hangUp);
    this.#entries += 1;
    this.#ice.end();
    this.#link?.leave();
    for (const stop of this.#stops) stop();
    this.#hangUp();
    this.local.close();
  }

  get #isIn(): boolean {
    return this.view.get().phase.at === "in";
  }

  get #shown(): Shown {
    return shownOf(this.local.told.get(), this.#hand);
  }

  /** The machine may have slept for longer than credentials last, too. */
  #restart = (): void => {
    this.#call.media?.restart();
    if (this.#isIn) void this.#ice.begin();
  };

  /** Whoever is at the other end sees it at once. */
  #hangUp = (): void => {
    this.#call.close();
    this.#voice.watch(null);
  };

  #out(phase: Phase): void {
    if (this.view.get().phase.at === "over") return;
    this.#entries += 1;
    this.#ice.end();
    this.#hangUp();
    this.#link?.leave();
    this.#link = null;
    this.#hand = false;
    this.local.release();
    this.#set({ ...OUTSIDE, phase });
  }

  #refused({ code, of, max }: RoomEvents["refused"]): void {
    const { at } = this.view.get().phase;
    const isOutside = this.#link?.room === null;
    if (isOutside && (at === "entering" || SHUT_OUT.has(code)))
      this.#out({ at: "refused", code, max: max ?? null });
    // A way back is tried again, and a signal may come too late for a peer who has just left.
    else if (at === "in" && !isOutside && of !== "signal") this.#set({ refused: code });
  }

  #asked(what: "mute" | "unmute" | "lowerHand"): void {
    if (what === "mute") void this.local.turn("microphone", false);
    if (what === "lowerHand") this.#hand = false;
    this.#show();
    this.#set({ asked: what });
    this.#tell();
  }

  /** One that came before a cut may come again. */
  #heard(messages: readonly Said[]): void {
    const { chat } = this.view.get();
    const fresh = messages.filter(({ id }) => !chat.some((one) => one.id === id));
    this.#set({ chat: [...chat, ...fresh].slice(-CHAT_KEPT) });
  }

  #roomChanged(room: RoomNow | null): void {
    const { phase, isCut } = this.view.get();
    if (!room || (phase.at !== "in" && phase.at !== "entering")) return;
    const anew = phase.at === "entering" || isCut;
    const peers = [...room.peers.values()].map(asPeer);
    this.#call.setPeers(room.media.kind, peers, anew);
    this.#set({ phase: IN, isCut: false, room });
    // Between asking and going in, devices may have come on; and what the server knew is gone with a restart.
    if (anew) this.#link?.show(this.#shown);
    this.#voice.watch(this.local.told.get().tracks.microphone);
    this.#tell();
  }

  #localChanged(): void {
    const { tracks } = this.local.told.get();
    if (this.#isIn) {
      this.#call.sends(tracks);
      this.#show();
      this.#voice.watch(tracks.microphone);
    }
    this.#tell();
  }

  /** Tells the others what has changed of what one shows. */
  #show(): void {
    const now = this.#shown;
    const some = SHOWN.filter((name) => now[name] !== this.#link?.shown[name]).map((name) => [
      name,
      now[name],
    ]);
    if (some.length > 0) this.#link?.show(Object.fromEntries(some));
  }

  /** Puts together what is shown of everyone. */
  #tell(): void {
    const { room, isCut } = this.view.get();
    const remotes = this.#call.media?.remotes.get() ?? new Map();
    const peers = [...(room?.peers.values() ?? [])].toSorted((a, b) => a.since - b.since);
    const own = { hand: this.#hand, isSpeaking: this.#voice.isSpeaking };
    this.#set({
      self: selfOf(this.parts.me, this.local.told.get(), own),
      others: peers.map((peer) => personOf(peer, remotes.get(peer.peer))),
      own: this.#call.media ? ownConnection(isCut, remotes) : null,
    });
  }

  #set(some: Partial<View>): void {
    this.view.set({ ...this.view.get(), ...some });
  }
}

const SHOWN = ["hand", "mic", "camera", "screen"] as const;
const IN: Phase = { at: "in" };

const asPeer = ({ peer: id, since, plain, mic, muted }: RoomPeer): Peer => ({
  id,
  since,
  isPlain: plain,
  isMuted: plain ? muted === true : !mic,
});
