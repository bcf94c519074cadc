import { type DeviceFault, deviceFault, screenFault } from "./device-fault.ts";
import {
  type Chosen,
  type Device,
  type Devices,
  devicesNow,
  KIND_NAMES,
  type Kind,
  openBoth,
  openOne,
  permissionOf,
} from "./devices.ts";
import { Told } from "./told.ts";
import { isTurnedOff, rememberTurned } from "./turned-off.ts";

/** What one sends. */
export type Lane = Kind | "screen";
export const LANES: readonly Lane[] = ["microphone", "camera", "screen"];

export type LaneState =
  | { readonly state: "off" }
  | { readonly state: "asking" }
  | { readonly state: "on" }
  | { readonly state: "failed"; readonly fault: DeviceFault };

export interface LocalState {
  readonly lanes: Readonly<Record<Lane, LaneState>>;
  /** What is sent; null where nothing is. A microphone that is off keeps its track, silenced. */
  readonly tracks: Readonly<Record<Lane, MediaStreamTrack | null>>;
  readonly devices: Devices;
  readonly chosen: Chosen;
  /** Why it goes on by another device than the wanted one, until the person has been told. */
  readonly instead: Readonly<Record<Kind, DeviceFault | null>>;
}

const OFF: LaneState = { state: "off" };
const STORED = { microphone: "rollcall-microphone", camera: "rollcall-camera" } as const;

const NOTHING: LocalState = {
  lanes: { microphone: OFF, camera: OFF, screen: OFF },
  tracks: { microphone: null, camera: null, screen: null },
  devices: { microphone: [], camera: [] },
  chosen: { microphone: null, camera: null },
  instead: { microphone: null, camera: null },
};

/** One's own microphone, camera and screen: what each does now, or why it does not. */
export class LocalMedia {
  readonly told: Told<LocalState>;
  /** What the person wants on: a device that comes back goes on by itself. */
  readonly #wanted = new Set<Kind>();
  /** Counts what was asked for of each, so that an answer to something older is put aside. */
  readonly #asked: Record<Lane, number> = { microphone: 0, camera: 0, screen: 0 };
  /** By which device each goes, or last went. */
  readonly #by: Record<Kind, Pick<Device, "id" | "group"> | null> = { microphone: null, camera: null };
  /** Which of them ended by themselves and are in the list still: nothing else is taken before they have gone from it. */
  readonly #ending = new Set<Kind>();

  constructor() {
    const stored = (kind: Kind) => localStorage.getItem(STORED[kind]);
    this.told = new Told({
      ...NOTHING,
      chosen: { microphone: stored("microphone"), camera: stored("camera") },
    });
    navigator.mediaDevices?.addEventListener("devicechange", this.#look);
    void this.#look();
  }

  /** Opens what was not turned off here before. */
  async begin(): Promise<void> {
    const kinds = KIND_NAMES.filter((kind) => !isTurnedOff(kind));
    if (kinds.length === KIND_NAMES.length) return this.#beginBoth();
    for (const kind of kinds) {
      this.#wanted.add(kind);
      await this.#open(kind);
    }
  }

  /** Asks for microphone and camera at once, so that the person is asked once; either may fail by itself. */
  async #beginBoth(): Promise<void> {
    this.#wanted.add("microphone").add("camera");
    if (!navigator.mediaDevices) {
      for (const kind of KIND_NAMES) this.#fail(kind, "insecure");
      return;
    }
    for (const kind of KIND_NAMES) this.#become(kind, { state: "asking" });
    const turns = KIND_NAMES.map((kind) => this.#next(kind));
    try {
      const both = await openBoth(this.told.get().chosen);
      for (const [at, kind] of KIND_NAMES.entries()) this.#take(kind, both[kind], turns[at] ?? 0);
    } catch (error) {
      await this.#beginOneByOne(deviceFault(error), turns);
    }
    await this.#look();
  }

  /** One of the two was refused or is not there: which, only each by itself tells. What was turned off meanwhile stays off. */
  async #beginOneByOne(fault: DeviceFault, turns: readonly number[]): Promise<void> {
    const states = await Promise.all(KIND_NAMES.map(permissionOf));
    // Whoever has put the question aside is not asked it twice more.
    const wasPutAside = fault === "denied" && states.every((state) => state === "prompt");
    for (const [at, kind] of KIND_NAMES.entries())
      if (turns[at] !== this.#asked[kind]) continue;
      else if (wasPutAside) this.#fail(kind, "denied");
      else await this.#open(kind);
  }

  /** Turns a microphone or a camera on, or off. A camera that is off is let go, its light goes out. */
  async turn(kind: Kind, on: boolean): Promise<void> {
    const track = this.told.get().tracks[kind];
    if (on) this.#wanted.add(kind);
    else this.#wanted.delete(kind);
    rememberTurned(kind, on);
    this.#goesBy(kind, null);
    if (kind === "microphone" && track?.readyState === "live") {
      track.enabled = on;
      this.#become(kind, on ? { state: "on" } : OFF);
    } else if (on) await this.#open(kind);
    else this.#drop(kind);
  }

  /** Takes another device, and remembers it here. Where it cannot be had, the one before goes on. */
  async choose(kind: Kind, id: string): Promise<void> {
    const before = this.told.get().tracks[kind];
    const by = this.#by[kind];
    this.#remember(kind, id);
    this.#goesBy(kind, null);
    if (!this.#wanted.has(kind) && !before) return;
    if (!before) {
      await this.#open(kind);
      return;
    }
    const fault = await this.#swap(kind);
    if (fault === null || before !== this.told.get().tracks[kind]) return;
    if (fault === "busy") {
      // Many telephones give one camera at a time.
      before.stop();
      if ((await this.#swap(kind)) === null) return;
    }
    this.#remember(kind, by?.id ?? id);
    if (before.readyState === "live" || (await this.#open(kind)) === null) this.#goesBy(kind, fault);
  }

  /** Shares a screen, a window or a tab, which the browser lets the person choose. */
  async share(): Promise<void> {
    if (this.told.get().lanes.screen.state === "asking") return;
    if (!navigator.mediaDevices?.getDisplayMedia) return this.#fail("screen", "missing");
    const turn = this.#next("screen");
    this.#become("screen", { state: "asking" });
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: 15 }, audio: false });
      this.#take("screen", stream.getVideoTracks()[0] ?? null, turn);
    } catch (error) {
      const fault = screenFault(error);
      if (this.#asked.screen === turn) this.#become("screen", fault ? { state: "failed", fault } : OFF);
    }
  }

  /** Shares the screen no more. */
  unshare(): void {
    this.#drop("screen");
  }

  /** Puts aside what was told: what does not work is off until it is turned on again. */
  putAside(lane: Lane): void {
    if (lane !== "screen") this.#goesBy(lane, null);
    if (this.told.get().lanes[lane].state !== "failed") return;
    if (lane !== "screen") this.#wanted.delete(lane);
    this.#drop(lane);
  }

  /** Lets go of every device, until something is turned on again. */
  release(): void {
    this.#wanted.clear();
    for (const kind of KIND_NAMES) this.#goesBy(kind, null);
    for (const lane of LANES) this.#drop(lane);
  }

  /** Lets go of every device for good. */
  close(): void {
    navigator.mediaDevices?.removeEventListener("devicechange", this.#look);
    this.release();
  }

  /** Opens the chosen device, or any. Gives why it could not be had, null where it could or something else was asked since. */
  async #open(kind: Kind): Promise<DeviceFault | null> {
    const turn = this.#next(kind);
    const fail = (fault: DeviceFault) => {
      this.#fail(kind, fault);
      return fault;
    };
    if (!navigator.mediaDevices) return fail("insecure");
    this.#become(kind, { state: "asking" });
    const isDenied = (await permissionOf(kind)) === "denied";
    if (turn !== this.#asked[kind]) return null;
    if (isDenied) return fail("denied");
    try {
      this.#take(kind, await openOne(kind, this.told.get().chosen), turn);
      await this.#look();
      return null;
    } catch (error) {
      return turn === this.#asked[kind] ? fail(deviceFault(error)) : null;
    }
  }

  /** Opens the chosen device in the place of one that goes on until then. */
  async #swap(kind: Kind): Promise<DeviceFault | null> {
    const turn = this.#next(kind);
    try {
      this.#take(kind, await openOne(kind, this.told.get().chosen), turn);
      return null;
    } catch (error) {
      return deviceFault(error);
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
    track.addEventListener("ended", () => void this.#ended(lane, track));
    if (lane === "screen") track.contentHint = "detail";
    else {
      const { deviceId: id = "", groupId: group = "" } = track.getSettings();
      this.#by[lane] = { id, group };
      this.#ending.delete(lane);
    }
    if (lane === "microphone") track.enabled = this.#wanted.has("microphone");
    const state = track.enabled ? ({ state: "on" } as const) : OFF;
    this.#become(lane, state, track);
  }

  /** The browser has ended it: it was unplugged, or its permission was taken back, or the person shares no more. */
  async #ended(lane: Lane, track: MediaStreamTrack): Promise<void> {
    if (this.told.get().tracks[lane] !== track) return;
    // A microphone that was off is missed once it is turned on.
    if (lane === "screen" || !this.#wanted.has(lane)) {
      this.#drop(lane);
      return;
    }
    this.#ending.add(lane);
    this.#fail(lane, "unplugged");
    const turn = this.#asked[lane];
    const isDenied = (await permissionOf(lane)) === "denied";
    if (turn !== this.#asked[lane]) return;
    if (isDenied) this.#fail(lane, "denied");
    else await this.#look();
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

  /** Which devices there are; one that was wanted and has come back goes on, or another in its place. */
  readonly #look = async (): Promise<void> => {
    const devices = await devicesNow();
    this.#set({ devices });
    for (const kind of KIND_NAMES) {
      const lane = this.told.get().lanes[kind];
      const fault = lane.state === "failed" ? lane.fault : null;
      if (!devices[kind].some((one) => isSame(one, this.#by[kind]))) this.#ending.delete(kind);
      const isMissed = (fault === "unplugged" || fault === "missing") && this.#wanted.has(kind);
      if (isMissed && !this.#ending.has(kind) && devices[kind].length > 0) void this.#goOn(kind, fault);
    }
  };

  async #goOn(kind: Kind, fault: DeviceFault): Promise<void> {
    const before = this.#by[kind];
    const failed = await this.#open(kind);
    if (failed === null && fault === "unplugged" && !isSame(this.#by[kind], before))
      this.#goesBy(kind, fault);
  }

  #goesBy(kind: Kind, instead: DeviceFault | null): void {
    this.#set({ instead: { ...this.told.get().instead, [kind]: instead } });
  }

  #remember(kind: Kind, id: string): void {
    localStorage.setItem(STORED[kind], id);
    this.#set({ chosen: { ...this.told.get().chosen, [kind]: id } });
  }

  #become(lane: Lane, state: LaneState, track = this.told.get().tracks[lane]): void {
    const { lanes, tracks } = this.told.get();
    this.#set({ lanes: { ...lanes, [lane]: state }, tracks: { ...tracks, [lane]: track } });
  }

  #set(some: Partial<LocalState>): void {
    this.told.set({ ...this.told.get(), ...some });
  }
}

type Part = Pick<Device, "id" | "group"> | null;

const isSame = (one: Part, other: Part): boolean => one?.id === other?.id && one?.group === other?.group;
