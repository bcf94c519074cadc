/** How a way to LiveKit stands, and the two that LiveKit's client has: for what is sent, and for what is heard. */
interface Way {
  getICEConnectionState(): string;
}
interface Calling {
  readonly engine: {
    readonly pcManager?: { readonly publisher: Way; readonly subscriber?: Way | undefined } | undefined;
  };
}

/** The browser takes some five seconds to see that nothing comes; so much longer, in ms, it may be mistaken. */
const MISTAKEN_MS = 3000;
const LOST: ReadonlySet<string> = new Set(["disconnected", "failed", "closed"]);

/**
 * VW33: whether a call still hears of LiveKit, whose client would wait for a quarter of a minute to ask. Its connections
 * are looked at, and not what comes by them: whoever is alone, or where nobody sends anything, must know it too.
 */
export class Silence {
  #since: number | null = null;

  /** "over": for too long to wait any more. */
  look(room: Calling | null, now = performance.now()): "heard" | "silent" | "over" {
    const isLost = room !== null && waysOf(room).some((way) => LOST.has(way.getICEConnectionState()));
    if (!isLost) this.#since = null;
    else this.#since ??= now;
    if (this.#since === null) return "heard";
    return now - this.#since > MISTAKEN_MS ? "over" : "silent";
  }
}

const waysOf = ({ engine: { pcManager: its } }: Calling): Way[] =>
  its ? [its.publisher, ...(its.subscriber ? [its.subscriber] : [])] : [];
