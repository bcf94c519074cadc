import { newId } from "../../../client/new-id.ts";
import { Allowance } from "./allowance.ts";
import type { IceServer } from "./ice-servers.ts";
import { Link, type Tracks } from "./link.ts";
import { LANES, type Lane } from "./local-media.ts";
import { type Media, type Peer, type Remote, type Remotes, tellRemotes } from "./media.ts";
import { type Counted, countedIn, qualityBetween } from "./quality.ts";
import type { Signal } from "./signal.ts";
import { Speaker } from "./speaker.ts";
import { Told } from "./told.ts";

export interface MeshParts {
  /** This page's own name among the peers. */
  readonly self: string;
  readonly ice: Told<readonly IceServer[]>;
  readonly send: (to: string, signal: Signal) => void;
}

/** One peer and what there is of a connection to it. */
interface Seat {
  peer: Peer;
  /** Null while it is the other's turn to offer. */
  link: Link | null;
  /** Since when it is not as it should be; null while it is. */
  badSince: number | null;
  /** It is not in the room now; the connection is kept for a while. */
  awaySince: number | null;
  /** The server has said that it left: nothing is sent to it, and nothing of it is shown. */
  hasParted: boolean;
  heardAt: number;
  counted: Counted | null;
  quality: Remote["quality"];
  /** How often the peer may still have the connection made anew: each costs this machine more than an offer costs theirs. */
  readonly renewals: Allowance;
}

const TICK_MS = 250;
/** Every so many ticks the connections are measured. */
const MEASURED_EACH = 8;
/** Who was there first offers; one who does not is offered to. */
const OFFER_WAIT_MS = 3000;
/** A connection that has failed for so long, or that never became one, is made anew. */
const REBUILD_MS = { lost: 4000, connecting: 12_000 };
/** Of two who both may, one waits longer: the other side may not know yet that it is gone. */
const PATIENT_MS = 2000;
/** By a peer's wish: whoever is honest wants none within a REBUILD_MS. */
const RENEWALS = { atOnce: 5, everyMs: 2000 };
/** Whoever lost their socket is waited for. */
const RETURN_MS = 20_000;
/** Louder than the silence of a room, in the scale of RFC 6464. */
const SPEECH = 0.015;
/** Nobody stops speaking between two words. */
const SPEECH_MS = 700;
/** What this machine may send of its camera to all together, and to one at most; bits a second. */
const CAMERA_BPS = { all: 3_000_000, one: 1_200_000 };
const NOTHING: Tracks = { microphone: null, camera: null, screen: null };
const PLAIN_LANES: readonly Lane[] = ["microphone", "camera"];

/** A call from each to each. */
export class Mesh implements Media {
  readonly remotes = new Told<Remotes>(new Map());
  readonly isSilenced: Told<boolean>;
  readonly #speaker = new Speaker();
  readonly #seats = new Map<string, Seat>();
  /** What came from peers that the server has not named yet. */
  readonly #early = new Map<string, Signal[]>();
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #stopAsking: () => void;
  #tracks: Tracks = NOTHING;
  #ticks = 0;

  constructor(private readonly parts: MeshParts) {
    this.isSilenced = this.#speaker.isSilenced;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#stopAsking = parts.ice.subscribe(() => {
      for (const { link } of this.#seats.values()) link?.uses(parts.ice.get());
    });
  }

  setPeers(peers: readonly Peer[], anew: boolean): void {
    const present = new Set(peers.map(({ id }) => id));
    // By a socket from before somebody stayed in the room: it went on, and whoever is not in it has left it. After a
    // restart of the server everyone comes in again, one after the other.
    const wentOn = !anew || peers.some(({ id, since }) => this.#seats.get(id)?.peer.since === since);
    for (const peer of peers) this.#admit(peer, anew);
    for (const [id, seat] of this.#seats) {
      if (present.has(id)) continue;
      if (seat.link?.state !== "live") this.#dismiss(id);
      else if (anew || seat.awaySince === null) this.#miss(seat, wentOn);
    }
    this.#tell();
  }

  take(from: string, signal: Signal): void {
    const seat = this.#seats.get(from);
    if (!seat) {
      const early = this.#early.get(from) ?? [];
      if (this.#early.size < EARLY_PEERS || early.length > 0)
        this.#early.set(from, [...early, signal].slice(-EARLY_SIGNALS));
      return;
    }
    if (signal.description?.type === "offer" && this.#isAnother(seat, signal)) {
      if (!seat.renewals.take(Date.now())) return;
      this.#renew(seat, false, signal.link);
    }
    const { link } = seat;
    // What is about a connection that is no more means nothing.
    if (!link || (signal.link !== undefined && signal.link !== link.name)) return;
    link.take(signal).catch(() => {
      seat.badSince ??= Date.now();
    });
  }

  sends(tracks: Tracks): void {
    this.#tracks = tracks;
    for (const { link, hasParted } of this.#seats.values()) if (!hasParted) link?.sends(tracks);
  }

  restart(): void {
    for (const { link } of this.#seats.values()) link?.restart();
  }

  unsilence(): void {
    this.#speaker.unsilence();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#stopAsking();
    for (const { link } of this.#seats.values()) link?.close();
    this.#seats.clear();
    this.#speaker.close();
    this.remotes.set(new Map());
  }

  #admit(peer: Peer, anew: boolean): void {
    const known = this.#seats.get(peer.id);
    if (known) {
      const hasReturned = known.peer.since !== peer.since || known.awaySince !== null || anew;
      known.peer = peer;
      known.awaySince = null;
      known.hasParted = false;
      if (!hasReturned) return;
      known.link?.sends(this.#tracks);
      known.link?.again();
      return;
    }
    const seat: Seat = {
      peer,
      link: null,
      badSince: Date.now(),
      awaySince: null,
      hasParted: false,
      heardAt: 0,
      counted: null,
      quality: null,
      renewals: new Allowance(RENEWALS.atOnce, RENEWALS.everyMs, Date.now()),
    };
    this.#seats.set(peer.id, seat);
    // Those who are in the room offer to whoever comes in, and this page has just come in where `anew`.
    if (!anew) this.#renew(seat, true);
    for (const signal of this.#early.get(peer.id) ?? []) this.take(peer.id, signal);
    this.#early.delete(peer.id);
  }

  /** Its socket may only have been cut: it comes back to the same connection. */
  #miss(seat: Seat, hasParted: boolean): void {
    seat.awaySince ??= Date.now();
    seat.hasParted ||= hasParted;
    if (seat.hasParted) seat.link?.sends(NOTHING);
  }

  #dismiss(id: string): void {
    this.#seats.get(id)?.link?.close();
    this.#seats.delete(id);
    this.#speaker.forget(id);
  }

  /** Whether an offer is for another connection than the one that there is, and this side gives way. */
  #isAnother({ peer, link }: Seat, { link: name }: Signal): boolean {
    if (!link) return true;
    // A page of the plain dialect cannot take an offer back: where both have offered, its own counts.
    if (peer.isPlain) return link.isUnanswered;
    if (name === link.name) return false;
    return !link.isUnanswered || this.#isPolite(peer);
  }

  #isPolite = (peer: Peer): boolean => peer.isPlain || this.parts.self < peer.id;

  /** Makes a connection in the place of the one that there may be. */
  #renew(seat: Seat, begins: boolean, name: string = newId()): void {
    const { peer } = seat;
    seat.link?.close();
    seat.counted = null;
    seat.badSince = Date.now();
    seat.link = new Link(
      {
        ice: { iceServers: [...this.parts.ice.get()] },
        isPolite: this.#isPolite(peer),
        begins,
        lanes: peer.isPlain ? PLAIN_LANES : LANES,
        name,
        send: (signal) => this.parts.send(peer.id, signal),
        changed: () => this.#tell(),
      },
      this.#tracks,
    );
  }

  #tick(): void {
    this.#ticks += 1;
    const isMeasured = this.#ticks % MEASURED_EACH === 0;
    for (const [id, seat] of this.#seats) {
      this.#mend(id, seat);
      if ((seat.link?.level ?? 0) > SPEECH) seat.heardAt = Date.now();
      if (isMeasured) void this.#measure(seat);
    }
    this.#tell();
  }

  /** Makes anew what did not become, or is no more, a connection. */
  #mend(id: string, seat: Seat): void {
    const now = Date.now();
    if (seat.awaySince !== null) {
      if (now - seat.awaySince > RETURN_MS || seat.link?.state === "lost") this.#dismiss(id);
      return;
    }
    if (seat.link?.state === "live") {
      seat.badSince = null;
      return;
    }
    seat.badSince ??= now;
    const wait = waitOf(seat.link);
    const isOurs = !seat.link || seat.peer.isPlain || !this.#isPolite(seat.peer);
    if (now - seat.badSince > wait + (isOurs ? 0 : PATIENT_MS)) this.#renew(seat, true);
  }

  async #measure(seat: Seat): Promise<void> {
    const { link, counted } = seat;
    if (link?.state !== "live") return;
    void link.limit(Math.min(CAMERA_BPS.one, Math.floor(CAMERA_BPS.all / this.#seats.size)));
    const now = countedIn(await link.stats());
    if (seat.link !== link) return;
    seat.quality = qualityBetween(counted, now);
    seat.counted = now;
  }

  #tell(): void {
    const now = new Map<string, Remote>();
    for (const [id, seat] of this.#seats) {
      const remote = this.#remote(seat);
      this.#speaker.play(id, remote.tracks.microphone, seat.peer.isMuted || seat.hasParted);
      if (!seat.hasParted) now.set(id, remote);
    }
    tellRemotes(this.remotes, now);
  }

  #remote({ link, peer, heardAt, quality }: Seat): Remote {
    // Only the track itself tells whether a page of the plain dialect sends anything.
    const track = (lane: Lane) => {
      const its = link?.remote(lane) ?? null;
      return peer.isPlain && its?.muted ? null : its;
    };
    return {
      state: link?.state ?? "connecting",
      tracks: { microphone: track("microphone"), camera: track("camera"), screen: track("screen") },
      isSpeaking: !peer.isMuted && Date.now() - heardAt < SPEECH_MS,
      quality: link?.state === "live" ? quality : null,
    };
  }
}

const waitOf = (link: Link | null): number =>
  link ? REBUILD_MS[link.state === "lost" ? "lost" : "connecting"] : OFFER_WAIT_MS;

const EARLY_PEERS = 50;
const EARLY_SIGNALS = 50;
