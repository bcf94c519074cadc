import type { RemoteParticipant, Room } from "livekit-client";
import type { IceServer } from "./ice-servers.ts";
import type { Tracks } from "./link.ts";
import type { Lane } from "./local-media.ts";
import { type Media, type Peer, type Remote, type Remotes, tellRemotes } from "./media.ts";
import { type LiveKit, Outgoing, sourceOf } from "./outgoing.ts";
import type { Quality } from "./quality.ts";
import { retryWait } from "./retry-wait.ts";
import { shownBy } from "./showing.ts";
import { Silence } from "./silence.ts";
import { Speaker } from "./speaker.ts";
import { Told } from "./told.ts";

/** What lets this page connect, once. */
export interface Pass {
  readonly url: string;
  readonly token: string;
}

interface SfuParts {
  /** Rejects where this page is not known to be in the room. */
  readonly pass: () => Promise<Pass>;
  /** Our own servers, and no others: LiveKit's client has some of its makers' otherwise. */
  readonly ice: () => readonly IceServer[];
  /** LiveKit has muted this page's microphone. */
  readonly muted: () => void;
}

const TICK_MS = 250;
const RESUME_MS = 500;
/** A connection that lasted so long was a good one. */
const STEADY_MS = 5000;
/** So often LiveKit's client looks for the way back, before it begins anew with another pass. */
const RESUMES = 3;
/** Whoever does not answer for so long, in ms, is asked anew. */
const TIMEOUTS = { websocketTimeout: 4000, peerConnectionTimeout: 8000 };
const NOTHING: Tracks = { microphone: null, camera: null, screen: null };
const QUALITIES: Readonly<Record<string, Quality>> = { excellent: "good", good: "fair", poor: "poor" };

/** A call by LiveKit, which is asked for anew for as long as the room lasts. */
export class Sfu implements Media {
  readonly remotes = new Told<Remotes>(new Map());
  readonly isSilenced: Told<boolean>;
  /** Whether it has been connected. */
  readonly isUp = new Told(false);
  readonly #speaker = new Speaker();
  readonly #silence = new Silence();
  readonly #timer: ReturnType<typeof setInterval>;
  #peers: ReadonlyMap<string, Peer> = new Map();
  #tracks: Tracks = NOTHING;
  #livekit: LiveKit | null = null;
  #room: Room | null = null;
  #outgoing: Outgoing | null = null;
  #hears: ReturnType<Silence["look"]> = "heard";
  #isClosed = false;

  constructor(private readonly parts: SfuParts) {
    this.isSilenced = this.#speaker.isSilenced;
    this.#timer = setInterval(() => {
      this.#outgoing?.settle();
      this.#hears = this.#silence.look(this.#room);
      if (this.#hears === "over") void this.#room?.disconnect();
      this.#tell();
    }, TICK_MS);
    void this.#run();
  }

  setPeers(peers: readonly Peer[]): void {
    this.#peers = new Map(peers.map((peer) => [peer.id, peer]));
    this.#tell();
  }

  /** What was still on its way in the mesh. */
  take(): void {
    return;
  }

  sends(tracks: Tracks): void {
    this.#tracks = tracks;
    this.#outgoing?.sends(tracks);
  }

  /** LiveKit's client notices another network by itself. */
  restart(): void {
    return;
  }

  unsilence(): void {
    this.#speaker.unsilence();
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#outgoing?.close();
    void this.#room?.disconnect();
    this.#room = null;
    this.#speaker.close();
    this.remotes.set(new Map());
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#isClosed) {
      const begun = performance.now();
      const wasUp = await this.#call().then(
        () => performance.now() - begun > STEADY_MS,
        () => false,
      );
      failures = wasUp ? 0 : failures + 1;
      this.#room = null;
      this.#outgoing = null;
      this.#tell();
      await new Promise((resolve) => setTimeout(resolve, retryWait(failures, Math.random())));
    }
  }

  /** One connection, from its pass to its end. Throws where it does not come up. */
  async #call(): Promise<void> {
    const [livekit, { url, token }] = await Promise.all([import("livekit-client"), this.parts.pass()]);
    // Whoever has left while it was asked for is not to come up in the call.
    if (this.#isClosed) return;
    livekit.setLogLevel("silent");
    this.#livekit = livekit;
    const room = roomBy(livekit);
    const isOver = new Promise((resolve) => room.once(livekit.RoomEvent.Disconnected, resolve));
    // What LiveKit's client begins anew by itself it does slowly, and with an old pass.
    room.once(livekit.RoomEvent.Reconnecting, () => void room.disconnect());
    const outgoing = new Outgoing({ livekit, own: room.localParticipant, muted: this.parts.muted });
    this.#outgoing = outgoing;
    try {
      const rtcConfig = { iceServers: [...this.parts.ice()] };
      const connected = room.connect(url, token, { maxRetries: 0, rtcConfig, ...TIMEOUTS });
      // Sent as soon as LiveKit has let this page in, while a way for the media is still looked for.
      outgoing.sends(this.#tracks);
      await connected;
      if (this.#isClosed) return await room.disconnect();
      this.#room = room;
      this.isUp.set(true);
      this.#tell();
      await isOver;
    } finally {
      outgoing.close();
    }
  }

  #tell(): void {
    const before = this.remotes.get();
    const now = new Map<string, Remote>();
    for (const [id, peer] of this.#peers) {
      const remote = this.#remote(peer, this.#room?.remoteParticipants.get(id));
      this.#speaker.play(id, remote.tracks.microphone, peer.isMuted);
      now.set(id, remote);
    }
    for (const id of before.keys()) if (!now.has(id)) this.#speaker.forget(id);
    tellRemotes(this.remotes, now);
  }

  #remote({ isMuted }: Peer, participant: RemoteParticipant | undefined): Remote {
    const livekit = this.#livekit;
    if (!participant || !livekit) return this.isUp.get() && !this.#room ? WEAK : CONNECTING;
    const track = (lane: Lane) => {
      const its = participant.getTrackPublication(sourceOf(livekit, lane))?.track;
      if (!its) return null;
      // Only what is attached is sent: LiveKit looks at how large it is shown.
      if (its instanceof livekit.RemoteVideoTrack) shownBy.set(its.mediaStreamTrack, its);
      return its.mediaStreamTrack;
    };
    const isConnected = this.#room?.state === livekit.ConnectionState.Connected;
    return {
      state: isConnected && this.#hears === "heard" ? "live" : "weak",
      tracks: { microphone: track("microphone"), camera: track("camera"), screen: track("screen") },
      isSpeaking: !isMuted && participant.isSpeaking,
      quality: QUALITIES[participant.connectionQuality] ?? null,
    };
  }
}

const CONNECTING: Remote = { state: "connecting", tracks: NOTHING, isSpeaking: false, quality: null };
const WEAK: Remote = { ...CONNECTING, state: "weak" };

const roomBy = ({ Room }: LiveKit): Room =>
  new Room({
    adaptiveStream: true,
    dynacast: true,
    reconnectPolicy: {
      nextRetryDelayInMs: ({ retryCount }) => (retryCount < RESUMES ? RESUME_MS * retryCount : null),
    },
  });
