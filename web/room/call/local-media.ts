import { type DeviceFault, deviceFault } from "./device-fault.ts";
import { Told } from "./told.ts";

/** What one sends. */
export type Lane = "microphone" | "camera" | "screen";
export const LANES: readonly Lane[] = ["microphone", "camera", "screen"];

export type LaneState =
  | { readonly state: "off" }
  | { readonly state: "asking" }
  | { readonly state: "on" }
  | { readonly state: "failed"; readonly fault: DeviceFault };

/** A device that can be chosen. */
export interface Device {
  readonly id: string;
  readonly label: string;
}

export interface LocalState {
  readonly lanes: Readonly<Record<Lane, LaneState>>;
  /** What is sent; null where nothing is. A microphone that is off keeps its track, silenced. */
  readonly tracks: Readonly<Record<Lane, MediaStreamTrack | null>>;
  readonly devices: { readonly microphone: readonly Device[]; readonly camera: readonly Device[] };
  readonly chosen: { readonly microphone: string | null; readonly camera: string | null };
}

type Kind = "microphone" | "camera";

const OFF: LaneState = { state: "off" };
const KINDS = { microphone: "audioinput", camera: "videoinput" } as const;
const STORED = { microphone: "rollcall-microphone", camera: "rollcall-camera" } as const;

const NOTHING: LocalState = {
  lanes: { microphone: OFF, camera: OFF, screen: OFF },
  tracks: { microphone: null, camera: null, screen: null },
  devices: { microphone: [], camera: [] },
  chosen: { microphone: null, camera: null },
};

/** One's own microphone, camera and screen: what each does now, or why it does not. */
export class LocalMedia {
  readonly told: Told<LocalState>;
  /** What the person wants on: a device that comes back goes on by itself. */
  readonly #wanted = new Set<Kind>();
  /** Counts what was asked for of each, so that an answer to something older is put aside. */
  readonly #asked: Record<Lane, number> = { microphone: 0, camera: 0, screen: 0 };

  constructor() {
    const stored = (kind: Kind) => localStorage.getItem(STORED[kind]);
    this.told = new Told({
      ...NOTHING,
      chosen: { microphone: stored("microphone"), camera: stored("camera") },
    });
    navigator.mediaDevices?.addEventListener("devicechange", this.#look);
    void this.#look();
  }

  /** Asks for microphone and camera at once, so that the person is asked once; either may fail by itself. */
  async begin(): Promise<void> {
    this.#wanted.add("microphone").add("camera");
    if (!navigator.mediaDevices) {
      for (const kind of KIND_NAMES) this.#fail(kind, "insecure");
      return;
    }
    for (const kind of KIND_NAMES) this.#become(kind, { state: "asking" });
    const turns = KIND_NAMES.map((kind) => this.#next(kind));
    try {
      const { chosen } = this.told.get();
      const stream = await navigator.mediaDevices.getUserMedia(constraints(chosen));
      for (const [at, kind] of KIND_NAMES.entries()) this.#take(kind, trackOf(stream, kind), turns[at] ?? 0);
    } catch {
      // One of the two was refused or is not there: which, only each by itself tells.
      for (const kind of KIND_NAMES) await this.#open(kind);
    }
    await this.#look();
  }

  /** Turns a microphone or a camera on, or off. A camera that is off is let go, its light goes out. */
  async turn(kind: Kind, on: boolean): Promise<void> {
    const track = this.told.get().tracks[kind];
    if (on) this.#wanted.add(kind);
    else this.#wanted.delete(kind);
    if (kind === "microphone" && track?.readyState === "live") {
      track.enabled = on;
      this.#become(kind, on ? { state: "on" } : OFF);
    } else if (on) await this.#open(kind);
    else this.#drop(kind);
  }

  /** Takes another device, and remembers it here. */
  async choose(kind: Kind, id: string): Promise<void> {
    localStorage.setItem(STORED[kind], id);
    this.#set({ chosen: { ...this.told.get().chosen, [kind]: id } });
    if (this.#wanted.has(kind) || this.told.get().tracks[kind]) await this.#open(kind);
  }

  /** Shares a screen, a window or a tab, which the browser lets the person choose. */
  async share(): Promise<void> {
    if (!navigator.mediaDevices?.getDisplayMedia) return this.#fail("screen", "missing");
    const turn = this.#next("screen");
    this.#become("screen", { state: "asking" });
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: 15 }, audio: false });
      this.#take("screen", stream.getVideoTracks()[0] ?? null, turn);
    } catch (error) {
      const fault = deviceFault(error);
      // Whoever closes the browser's own question has changed their mind, and knows it.
      if (this.#asked.screen === turn)
        this.#become("screen", fault === "denied" ? OFF : { state: "failed", fault });
    }
  }

  /** Shares the screen no more. */
  unshare(): void {
    this.#drop("screen");
  }

  /** Lets go of every device, until something is turned on again. */
  release(): void {
    this.#wanted.clear();
    for (const lane of LANES) this.#drop(lane);
  }

  /** Lets go of every device for good. */
  close(): void {
    navigator.mediaDevices?.removeEventListener("devicechange", this.#look);
    this.release();
  }

  async #open(kind: Kind): Promise<void> {
    const turn = this.#next(kind);
    if (!navigator.mediaDevices) return this.#fail(kind, "insecure");
    if (await isDenied(kind)) return this.#fail(kind, "denied");
    if (turn !== this.#asked[kind]) return;
    this.#become(kind, { state: "asking" });
    try {
      const { chosen } = this.told.get();
      const both = constraints(chosen);
      const one = kind === "microphone" ? { audio: both.audio } : { video: both.video };
      const stream = await navigator.mediaDevices.getUserMedia(one);
      this.#take(kind, trackOf(stream, kind), turn);
      await this.#look();
    } catch (error) {
      if (turn === this.#asked[kind]) this.#fail(kind, deviceFault(error));
    }
  }

  #next(lane: Lane): number {
    this.#asked[lane] += 1;
    return this.#asked[lane];
  }

  #take(lane: Lane, track: MediaStreamTrack | null, turn: number): void {
    if (turn !== this.#asked[lane] || !track) {
      track?.stop();
      return;
    }
    const before = this.told.get().tracks[lane];
    if (before !== track) before?.stop();
    track.addEventListener("ended", () => this.#ended(lane, track));
    if (lane === "screen") track.contentHint = "detail";
    if (lane === "microphone") track.enabled = this.#wanted.has("microphone");
    const state = track.enabled ? ({ state: "on" } as const) : OFF;
    const { tracks, lanes } = this.told.get();
    this.#set({ tracks: { ...tracks, [lane]: track }, lanes: { ...lanes, [lane]: state } });
  }

  /** The browser has ended it: it was unplugged, or its permission was taken back, or the person shares no more. */
  #ended(lane: Lane, track: MediaStreamTrack): void {
    if (this.told.get().tracks[lane] !== track) return;
    if (lane === "screen") this.#drop(lane);
    else this.#fail(lane, "unplugged");
  }

  #drop(lane: Lane): void {
    this.#next(lane);
    this.told.get().tracks[lane]?.stop();
    this.#become(lane, OFF, null);
  }

  #fail(lane: Lane, fault: DeviceFault): void {
    this.told.get().tracks[lane]?.stop();
    this.#become(lane, { state: "failed", fault }, null);
  }

  /** Which devices there are; one that was wanted and has come back goes on. */
  readonly #look = async (): Promise<void> => {
    const all = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
    const of = (kind: Kind) =>
      all.flatMap(({ kind: its, deviceId: id, label }) => (its === KINDS[kind] && id ? { id, label } : []));
    this.#set({ devices: { microphone: of("microphone"), camera: of("camera") } });
    for (const kind of KIND_NAMES) {
      const lane = this.told.get().lanes[kind];
      const isGone = lane.state === "failed" && (lane.fault === "unplugged" || lane.fault === "missing");
      if (isGone && this.#wanted.has(kind) && of(kind).length > 0) void this.#open(kind);
    }
  };

  #become(lane: Lane, state: LaneState, track = this.told.get().tracks[lane]): void {
    const { lanes, tracks } = this.told.get();
    this.#set({ lanes: { ...lanes, [lane]: state }, tracks: { ...tracks, [lane]: track } });
  }

  #set(some: Partial<LocalState>): void {
    this.told.set({ ...this.told.get(), ...some });
  }
}

const KIND_NAMES: readonly Kind[] = ["microphone", "camera"];

const trackOf = (stream: MediaStream, kind: Kind): MediaStreamTrack | null =>
  (kind === "microphone" ? stream.getAudioTracks() : stream.getVideoTracks())[0] ?? null;

const constraints = ({ microphone, camera }: LocalState["chosen"]) => ({
  audio: {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    ...(microphone && { deviceId: { ideal: microphone } }),
  },
  video: {
    width: { ideal: 1280 },
    height: { ideal: 720 },
    frameRate: { ideal: 24, max: 30 },
    ...(camera && { deviceId: { ideal: camera } }),
  },
});

/** Whether the browser would refuse without asking: then nobody needs to be asked. */
async function isDenied(name: Kind): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name })).state === "denied";
  } catch {
    // Not every browser tells this of microphones and cameras.
    return false;
  }
}
