import type { IceServer } from "./ice-servers.ts";
import type { Lane } from "./local-media.ts";
import type { Signal } from "./signal.ts";

export type Tracks = Readonly<Record<Lane, MediaStreamTrack | null>>;

/** How a connection to a peer stands: `weak` has lost its way and looks for another. */
export type LinkState = "connecting" | "live" | "weak" | "lost";

export interface LinkParts {
  readonly ice: RTCConfiguration;
  /** Of two offers that cross, the polite one's gives way. */
  readonly isPolite: boolean;
  /** This side makes the first offer. */
  readonly begins: boolean;
  /** Which lanes it has, in the order of its media sections. */
  readonly lanes: readonly Lane[];
  /** What both sides call this connection; none with a page of the plain dialect. */
  readonly name: string;
  readonly send: (signal: Signal) => void;
  readonly changed: () => void;
}

const STATES: Readonly<Record<RTCPeerConnectionState, LinkState>> = {
  new: "connecting",
  connecting: "connecting",
  connected: "live",
  disconnected: "weak",
  failed: "lost",
  closed: "lost",
};

/** After so long without a word from the other side, another way is looked for before the browser gives up by itself. */
const WEAK_MS = 2500;

/** The connection to one peer, by perfect negotiation. Source: W3C WebRTC 1.0, 10.7. */
export class Link {
  readonly #pc: RTCPeerConnection;
  readonly #lanes = new Map<Lane, RTCRtpTransceiver>();
  #tracks: Tracks;
  #makingOffer = false;
  #ignoresOffer = false;
  /** An answer is being taken in: what the other side offers right behind it crosses nothing. */
  #isTakingAnswer = false;
  #weakTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly parts: LinkParts,
    tracks: Tracks,
  ) {
    this.#tracks = tracks;
    this.#pc = new RTCPeerConnection(parts.ice);
    const pc = this.#pc;
    pc.addEventListener("negotiationneeded", () => void this.#offer());
    pc.addEventListener("icecandidate", ({ candidate }) => {
      if (candidate) this.#send({ candidate: candidate.toJSON() });
    });
    pc.addEventListener("connectionstatechange", () => this.#stateChanged());
    pc.addEventListener("iceconnectionstatechange", () => {
      if (pc.iceConnectionState === "failed") pc.restartIce();
    });
    pc.addEventListener("track", () => parts.changed());
    if (parts.begins) this.#addLanes();
  }

  get state(): LinkState {
    return STATES[this.#pc.connectionState];
  }

  get name(): string {
    return this.parts.name;
  }

  /** It has offered, and nobody has answered yet. */
  get isUnanswered(): boolean {
    return this.#makingOffer || this.#pc.signalingState === "have-local-offer";
  }

  /** What comes in on a lane; null before there is one. */
  remote(lane: Lane): MediaStreamTrack | null {
    return this.#lanes.get(lane)?.receiver.track ?? null;
  }

  /** How loud the peer is now, from 0 to 1. */
  get level(): number {
    return this.#lanes.get("microphone")?.receiver.getSynchronizationSources()[0]?.audioLevel ?? 0;
  }

  stats(): Promise<RTCStatsReport> {
    return this.#pc.getStats();
  }

  /** Sends these from now on; nothing is negotiated for it. */
  sends(tracks: Tracks): void {
    this.#tracks = tracks;
    for (const [lane, { sender }] of this.#lanes) {
      const track = this.#trackFor(lane);
      if (sender.track !== track) void sender.replaceTrack(track).catch(() => undefined);
    }
  }

  /** Spends at most so many bits a second on the camera. */
  async limit(maxBitrate: number): Promise<void> {
    const sender = this.#lanes.get("camera")?.sender;
    const parameters = sender?.getParameters();
    const encoding = parameters?.encodings[0];
    if (!sender || !parameters || !encoding || encoding.maxBitrate === maxBitrate) return;
    encoding.maxBitrate = maxBitrate;
    await sender.setParameters(parameters).catch(() => undefined);
  }

  /** Looks for ways by these servers from now on; a way that is good is kept. */
  uses(servers: readonly IceServer[]): void {
    const pc = this.#pc;
    if (pc.signalingState === "closed") return;
    pc.setConfiguration({ ...pc.getConfiguration(), iceServers: [...servers] });
    // One that is weak looks for another way already.
    if (this.state === "connecting" || this.state === "lost") pc.restartIce();
  }

  /** Takes in what the peer has told of the connection. Throws where the browser finds it wrong. */
  async take({ description, candidate }: Signal): Promise<void> {
    const pc = this.#pc;
    if (description) await this.#takeDescription(description);
    else if (candidate)
      await pc.addIceCandidate(candidate).catch((error: unknown) => {
        if (!this.#ignoresOffer) throw error;
      });
  }

  /** Signals got lost, or the network is another: says again what is open, or looks for another way. */
  again(): void {
    if (this.#pc.signalingState === "have-local-offer") this.#sendDescription();
    else if (this.state !== "live") this.#pc.restartIce();
  }

  /** Looks for another way, whatever the present one seems to be worth. */
  restart(): void {
    this.#pc.restartIce();
  }

  close(): void {
    clearTimeout(this.#weakTimer);
    this.#pc.close();
  }

  async #takeDescription(description: NonNullable<Signal["description"]>): Promise<void> {
    const pc = this.#pc;
    const isOpen = pc.signalingState === "stable" || this.#isTakingAnswer;
    const crossed = description.type === "offer" && (this.#makingOffer || !isOpen);
    this.#ignoresOffer = crossed && !this.parts.isPolite;
    if (this.#ignoresOffer) return;
    // An answer to an offer that was taken back since.
    if (description.type === "answer" && pc.signalingState !== "have-local-offer") return;
    this.#isTakingAnswer = description.type === "answer";
    try {
      await pc.setRemoteDescription(description);
    } finally {
      this.#isTakingAnswer = false;
    }
    if (description.type !== "offer") return;
    this.#adoptLanes();
    await pc.setLocalDescription();
    this.#sendDescription();
  }

  async #offer(): Promise<void> {
    const pc = this.#pc;
    this.#makingOffer = true;
    try {
      await pc.setLocalDescription();
      this.#sendDescription();
    } catch {
      // Closed meanwhile; anything else the browser finds wrong shows as a connection that does not come up.
    } finally {
      this.#makingOffer = false;
    }
  }

  #addLanes(): void {
    for (const lane of this.parts.lanes) {
      const track = this.#trackFor(lane);
      const kind = lane === "microphone" ? "audio" : "video";
      this.#lanes.set(lane, this.#pc.addTransceiver(track ?? kind, { direction: "sendrecv" }));
    }
  }

  /** The media sections of the peer's first offer are the lanes, in order of their kinds. */
  #adoptLanes(): void {
    if (this.#lanes.size > 0) return;
    const rest = [...this.parts.lanes];
    for (const transceiver of this.#pc.getTransceivers()) {
      const kind = transceiver.receiver.track.kind;
      const at = rest.findIndex((lane) => (lane === "microphone" ? "audio" : "video") === kind);
      const [lane] = at < 0 ? [] : rest.splice(at, 1);
      if (!lane) continue;
      transceiver.direction = "sendrecv";
      this.#lanes.set(lane, transceiver);
    }
    this.sends(this.#tracks);
    this.parts.changed();
  }

  /** Where there is no lane for the screen it takes the camera's. */
  #trackFor(lane: Lane): MediaStreamTrack | null {
    const { camera, screen } = this.#tracks;
    if (lane === "camera" && screen && !this.parts.lanes.includes("screen")) return screen;
    return lane === "camera" ? camera : this.#tracks[lane];
  }

  #stateChanged(): void {
    clearTimeout(this.#weakTimer);
    if (this.state === "weak") this.#weakTimer = setTimeout(() => this.#pc.restartIce(), WEAK_MS);
    this.parts.changed();
  }

  #sendDescription(): void {
    const { localDescription: its } = this.#pc;
    if (its?.type === "offer" || its?.type === "answer")
      this.#send({ description: { type: its.type, sdp: its.sdp } });
  }

  #send(signal: Signal): void {
    this.parts.send({ ...signal, link: this.parts.name });
  }
}
