/** How good a connection is, in three steps that a person can tell apart. */
export type Quality = "good" | "fair" | "poor";

/** What getStats has counted of a connection so far. */
export interface Counted {
  /** Packets that came, and those that should have. */
  readonly received: number;
  readonly lost: number;
  /** Of the way there and back, in seconds; null while it is not known. */
  readonly roundTrip: number | null;
}

/** Above these, talk becomes hard: ITU-T G.114 for the delay (half of a round trip), and what Opus conceals of a loss. */
const FAIR = { loss: 0.03, roundTrip: 0.3 };
const POOR = { loss: 0.1, roundTrip: 0.6 };

/** How good it was between two counts; null where nothing was counted. */
export function qualityBetween(before: Counted | null, now: Counted): Quality | null {
  const received = now.received - (before?.received ?? 0);
  const lost = Math.max(0, now.lost - (before?.lost ?? 0));
  if (received <= 0 && now.roundTrip === null) return null;
  const loss = received + lost > 0 ? lost / (received + lost) : 0;
  const roundTrip = now.roundTrip ?? 0;
  if (loss > POOR.loss || roundTrip > POOR.roundTrip) return "poor";
  return loss > FAIR.loss || roundTrip > FAIR.roundTrip ? "fair" : "good";
}

/** The best of several; null where none is known. */
export const best = (all: readonly (Quality | null)[]): Quality | null =>
  (["good", "fair", "poor"] as const).find((one) => all.includes(one)) ?? null;

/** Counts what a report of getStats tells. */
export function countedIn(report: RTCStatsReport): Counted {
  let [received, lost] = [0, 0];
  let roundTrip: number | null = null;
  for (const entry of statsOf(report)) {
    if (entry.type === "inbound-rtp") {
      received += entry.packetsReceived ?? 0;
      lost += entry.packetsLost ?? 0;
    }
    if (entry.type === "candidate-pair" && entry.nominated && entry.state === "succeeded")
      roundTrip = entry.currentRoundTripTime ?? roundTrip;
  }
  return { received, lost, roundTrip };
}

type Entry =
  | { readonly type: "inbound-rtp"; readonly packetsReceived?: number; readonly packetsLost?: number }
  | {
      readonly type: "candidate-pair";
      readonly nominated?: boolean;
      readonly state?: string;
      readonly currentRoundTripTime?: number;
    }
  | { readonly type: "other" };

function statsOf(report: RTCStatsReport): Entry[] {
  const found: Entry[] = [];
  // The browser gives plain objects whose shapes the W3C's webrtc-stats names; TypeScript knows them as any.
  report.forEach((entry: Entry) => {
    found.push(entry);
  });
  return found;
}
