import type { Room } from "livekit-client";

/** The browser takes some five seconds to see that nothing comes; so much longer, in ms, it may be mistaken. */
const MISTAKEN_MS = 3000;
const LOST: ReadonlySet<RTCIceTransportState> = new Set(["disconnected", "failed", "closed"]);

/** VW33: whether a call still hears of LiveKit, whose client would wait for a quarter of a minute to ask. */
export class Silence {
  #since: number | null = null;

  /** "over": for too long to wait any more. */
  look(room: Room | null, now = performance.now()): "heard" | "silent" | "over" {
    const isLost = room !== null && waysOf(room).some((state) => LOST.has(state));
    if (!isLost) this.#since = null;
    else this.#since ??= now;
    if (this.#since === null) return "heard";
    return now - this.#since > MISTAKEN_MS ? "over" : "silent";
  }
}

/** How the ways stand by which the sound and the pictures of others come. */
const waysOf = ({ remoteParticipants }: Room): RTCIceTransportState[] =>
  [...remoteParticipants.values()].flatMap(({ trackPublications }) =>
    [...trackPublications.values()].flatMap(({ track }) => {
      const way = track?.receiver?.transport?.iceTransport.state;
      return way ? [way] : [];
    }),
  );
