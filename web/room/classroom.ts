import type { Client } from "../../client/index.ts";
import { enterRoom, type RoomLink, type Peer as RoomPeer, type Shown } from "../../client/room.ts";
import { Call } from "./call/call.ts";
import { watchLevel } from "./call/level.ts";
import { LocalMedia } from "./call/local-media.ts";
import type { Peer } from "./call/media.ts";
import { Mesh } from "./call/mesh.ts";
import { type Pass, Sfu } from "./call/sfu.ts";
import { decodeSignal, encodeSignal } from "./call/signal.ts";
import { Told } from "./call/told.ts";
import { type Me, type Own, ownConnection, type Person, personOf, selfOf, shownOf } from "./person.ts";
import type { RoomNow, Said } from "./room-client.ts";

/** Where one is: before the room, in it, or why not any more. */
export type Phase =
  | { readonly at: "lobby" }
  | { readonly at: "entering" }
  | { readonly at: "in" }
  | { readonly at: "refused"; readonly code: string; readonly max: number | null }
  | { readonly at: "over"; readonly reason: string };

/** The room as a screen shows it. */
export interface View {
  readonly phase: Phase;
  readonly room: RoomNow | null;
  readonly self: Person;
  /** Everyone else, by when they came. */
  readonly others: readonly Person[];
  readonly chat: readonly Said[];
  /** What the teacher asked of this person last, until they have answered or put it aside. */
  readonly asked: "mute" | "unmute" | "lowerHand" | null;
  /** Something that was tried in the room and is not done, by its code. */
  readonly refused: string | null;
  /** The socket is cut: sound and pictures go on, what the others show of themselves is old. */
  readonly isCut: boolean;
  readonly own: Own | null;
  /** The browser plays no sound before a click. */
  readonly isSilenced: boolean;
}

export interface ClassroomParts {
  readonly client: Client;
  readonly classId: string;
  readonly me: Me;
  /** The servers by which a way to the others is found. */
  readonly ice: () => Promise<RTCIceServer[]>;
  /** What lets this page into the call on LiveKit, as that peer. */
  readonly pass: (peer: string) => Promise<Pass>;
}

const OUTSIDE = {
  room: null,
  others: [],
  asked: null,
  refused: null,
  isCut: false,
  own: null,
  isSilenced: false,
} as const;

/** Answers to `enter`, also to one that is sent after a cut: whoever gets one is not in the room. */
const SHUT_OUT: ReadonlySet<string> = new Set([
  "no-active-session",
  "not-class-teacher",
  "not-enrolled",
  "room-full",
  "room-locked",
  "room-ended",
  "removed-from-room",
]);
const CHAT_KEPT = 500;
/** Of the meter's scale: louder is speech. */
const SPEECH = 0.12;

/** One's own part in the class's room: devices, the way in and out, and what comes of everyone else. */
export class Classroom {
  readonly local = new LocalMedia();
  readonly view: Told<View>;
  readonly #stops: readonly (() => void)[];
  /** This page's place in the room, from when it goes in until it is out. */
  #link: RoomLink | null = null;
  readonly #call = new Call({
    mesh: () =>
      new Mesh({
        self: this.#link?.room?.peer ?? "",
        ice: { iceServers: this.#ice },
        send: (to, signal) => {
          const { kind, data } = encodeSignal(signal);
          this.#link?.signal(to, kind, data);
        },
      }),
    sfu: () =>
      new Sfu({
        pass: () => this.parts.pass(this.#link?.room?.peer ?? ""),
        muted: () => void this.local.turn("microphone", false),
      }),
    tracks: () => this.local.told.get().tracks,
    changed: () => this.#tell(),
    silenced: (isSilenced) => this.#set({ isSilenced }),
  });
  #ice: RTCIceServer[] = [];
  #hand = false;
  #isSpeaking = false;
  #watched: MediaStreamTrack | null = null;
  #stopWatching: () => void = () => undefined;

  constructor(private readonly parts: ClassroomParts) {
    const { client, me } = parts;
    const self = selfOf(me, this.local.told.get(), { hand: false, isSpeaking: false });
    this.view = new Told<View>({ ...OUTSIDE, phase: { at: "lobby" }, chat: [], self });
    this.#stops = [
      this.local.told.subscribe(() => this.#localChanged()),
      client.on("status", ({ state }) => {
        if (state !== "ready" && this.#isIn) this.#set({ isCut: true });
      }),
    ];
    addEventListener("online", this.#restart);
    addEventListener("pagehide", this.#hangUp);
  }

  /** Goes in, with what is on. */
  async enter(): Promise<void> {
    this.#set({ ...OUTSIDE, phase: { at: "entering" }, chat: [] });
    // Without these servers others are found on the same network at least; whether one may go in, the room says.
    this.#ice = await this.parts.ice().catch(() => []);
    if (this.view.get().phase.at !== "entering") return;
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
    link.on("refused", ({ code, max }) => this.#refused(code, max ?? null));
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

  /** Writes to everyone in the room. */
  say(text: string): void {
    this.#link?.say(text);
  }

  /** Mutes a peer, or all students; for teachers, as everything down to `closeRoom`. */
  mute(peer: string | null): void {
    this.#link?.mute(peer);
  }

  askUnmute(peer: string): void {
    this.#link?.askUnmute(peer);
  }

  lowerHand(peer: string | null): void {
    this.#link?.lowerHand(peer);
  }

  /** Takes somebody out, by all their pages, until they are let in again. */
  remove(user: string): void {
    this.#link?.remove(user);
  }

  letIn(user: string): void {
    this.#link?.letIn(user);
  }

  /** Lets nobody new in. */
  lock(locked: boolean): void {
    this.#link?.lock(locked);
  }

  /** Ends the call for everyone; the session goes on. */
  closeRoom(): void {
    this.#link?.closeForAll();
  }

  /** Plays the sound that the browser has kept back; for a click. */
  unsilence(): void {
    this.#call.media?.unsilence();
  }

  /** Ends everything of it. */
  close(): void {
    removeEventListener("online", this.#restart);
    removeEventListener("pagehide", this.#hangUp);
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

  #restart = (): void => this.#call.media?.restart();

  /** Whoever is at the other end sees it at once. */
  #hangUp = (): void => {
    this.#call.close();
    this.#watch(null);
  };

  #out(phase: Phase): void {
    if (this.view.get().phase.at === "over") return;
    this.#hangUp();
    this.#link?.leave();
    this.#link = null;
    this.#hand = false;
    this.local.release();
    this.#set({ ...OUTSIDE, phase });
  }

  #refused(code: string, max: number | null): void {
    const { at } = this.view.get().phase;
    if (at === "entering" || SHUT_OUT.has(code)) this.#out({ at: "refused", code, max });
    else if (at === "in" && code !== "peer-not-connected") this.#set({ refused: code });
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
    this.#watch(this.local.told.get().tracks.microphone);
    this.#tell();
  }

  #localChanged(): void {
    const { tracks } = this.local.told.get();
    if (this.#isIn) {
      this.#call.sends(tracks);
      this.#show();
      this.#watch(tracks.microphone);
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

  /** Tells when this person speaks. */
  #watch(track: MediaStreamTrack | null): void {
    if (track === this.#watched) return;
    this.#stopWatching();
    this.#stopWatching = () => undefined;
    this.#watched = track;
    this.#isSpeaking = false;
    if (!track) return;
    this.#stopWatching = watchLevel(track, (level) => {
      if (level > SPEECH === this.#isSpeaking) return;
      this.#isSpeaking = level > SPEECH;
      this.#tell();
    });
  }

  /** Puts together what is shown of everyone. */
  #tell(): void {
    const { room, isCut } = this.view.get();
    const remotes = this.#call.media?.remotes.get() ?? new Map();
    const peers = [...(room?.peers.values() ?? [])].toSorted((a, b) => a.since - b.since);
    const own = { hand: this.#hand, isSpeaking: this.#isSpeaking };
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

const asPeer = ({ peer: id, since, plain, mic }: RoomPeer): Peer => ({
  id,
  since,
  isPlain: plain,
  isMuted: !plain && !mic,
});
