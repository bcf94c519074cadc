import type { LocalParticipant, LocalTrack, Track } from "livekit-client";
import type { Tracks } from "./link.ts";
import { LANES, type Lane } from "./local-media.ts";

export type LiveKit = typeof import("livekit-client");

/** What LiveKit has been given of a lane. */
interface Given {
  /** One's own track, of which LiveKit has a copy. */
  readonly source: MediaStreamTrack;
  readonly copy: MediaStreamTrack;
  /** Null until it is published. */
  readonly track: LocalTrack | null;
}

interface OutgoingParts {
  readonly livekit: LiveKit;
  readonly own: LocalParticipant;
  /** LiveKit has muted a microphone that is on: the teacher had it done. */
  readonly muted: () => void;
}

/** What LiveKit refuses is tried again after this time, in ms. */
const AGAIN_MS = 1000;

/**
 * VW30: what one sends over one connection to LiveKit. LiveKit turns on, and stops, whatever track it holds, by its own
 * lights. So it holds copies, and the copy of what is turned off has ended: nothing can make it sound again.
 */
export class Outgoing {
  readonly #given = new Map<Lane, Given>();
  #tracks: Tracks = { microphone: null, camera: null, screen: null };
  #isAtWork = false;
  /** Something else is to be sent since the work began. */
  #isStale = false;
  #notBefore = 0;
  #isClosed = false;

  constructor(private readonly parts: OutgoingParts) {}

  /** What is off ends at once, however long LiveKit takes to hear of it. */
  sends(tracks: Tracks): void {
    this.#tracks = tracks;
    this.#isStale = true;
    for (const [lane, { source, copy }] of this.#given) if (source !== this.#wanted(lane)) copy.stop();
    this.settle();
  }

  /** Brings LiveKit to what is to be sent, one change after the other; nothing where it is there. */
  settle(): void {
    if (this.#isAtWork || this.#isClosed || performance.now() < this.#notBefore) return;
    const open = LANES.filter((lane) => !this.#isSettled(lane));
    if (open.length === 0) return;
    this.#isAtWork = true;
    this.#isStale = false;
    void this.#bring(open).finally(() => {
      this.#isAtWork = false;
      if (this.#isStale) this.settle();
    });
  }

  /** Ends every copy. */
  close(): void {
    this.#isClosed = true;
    for (const { copy } of this.#given.values()) copy.stop();
  }

  /** What is on; null where nothing is to be heard or seen. */
  #wanted(lane: Lane): MediaStreamTrack | null {
    const track = this.#tracks[lane];
    return track?.readyState === "live" && track.enabled ? track : null;
  }

  #isSettled(lane: Lane): boolean {
    const wanted = this.#wanted(lane);
    const given = this.#given.get(lane);
    if (!given) return !wanted;
    if (!given.track) return false;
    if (!wanted) return this.#isKept(lane) && given.track.isMuted;
    return given.source === wanted && given.copy.readyState === "live" && !given.track.isMuted;
  }

  /** A microphone that is off is still there for LiveKit, muted, so that it is on again at once. */
  #isKept(lane: Lane): boolean {
    return lane === "microphone" && this.#tracks.microphone?.readyState === "live";
  }

  async #bring(lanes: readonly Lane[]): Promise<void> {
    for (const lane of lanes) {
      try {
        await this.#bringOne(lane);
      } catch {
        this.#notBefore = performance.now() + AGAIN_MS;
        await this.#takeBack(lane).catch(() => undefined);
      }
    }
  }

  async #bringOne(lane: Lane): Promise<void> {
    const wanted = this.#wanted(lane);
    const given = this.#given.get(lane);
    if (wanted && given?.track && lane === "microphone") await this.#turnOn(given.track, wanted);
    else if (wanted) {
      await this.#takeBack(lane);
      await this.#give(lane, wanted);
    } else if (given?.track && this.#isKept(lane)) await given.track.mute();
    else await this.#takeBack(lane);
  }

  async #give(lane: Lane, source: MediaStreamTrack): Promise<void> {
    const { livekit, own } = this.parts;
    const copy = this.#copyOf(source);
    this.#given.set(lane, { source, copy, track: null });
    const { track } = await own.publishTrack(copy, { source: sourceOf(livekit, lane), simulcast: true });
    if (!track) throw new Error("LiveKit published nothing");
    this.#given.set(lane, { source, copy, track });
    if (lane === "microphone") track.on(livekit.TrackEvent.Muted, () => this.#hasBeenMuted(track));
  }

  #hasBeenMuted(track: LocalTrack): void {
    const given = this.#given.get("microphone");
    const isOn = this.#wanted("microphone") !== null && given?.copy.readyState === "live";
    if (isOn && given.track === track) this.parts.muted();
  }

  async #turnOn(track: LocalTrack, source: MediaStreamTrack): Promise<void> {
    this.#given.get("microphone")?.copy.stop();
    const copy = this.#copyOf(source);
    this.#given.set("microphone", { source, copy, track });
    await track.replaceTrack(copy, true);
    await track.unmute();
  }

  async #takeBack(lane: Lane): Promise<void> {
    const given = this.#given.get(lane);
    this.#given.delete(lane);
    given?.copy.stop();
    if (given) await this.parts.own.unpublishTrack(given.track ?? given.copy, true);
  }

  #copyOf(source: MediaStreamTrack): MediaStreamTrack {
    const copy = source.clone();
    copy.contentHint = source.contentHint;
    if (this.#isClosed) copy.stop();
    return copy;
  }
}

/** By which name LiveKit knows a lane. */
export const sourceOf = ({ Track: { Source } }: LiveKit, lane: Lane): Track.Source =>
  ({ microphone: Source.Microphone, camera: Source.Camera, screen: Source.ScreenShare })[lane];
