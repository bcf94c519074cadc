import { queryOptions } from "@tanstack/react-query";
import { healthAnswer } from "../../protocol/http.ts";
import { fetched, request } from "./request.ts";

const EVERY_MS = 5000;

/** Whether the server can serve and save. */
export const health = () =>
  queryOptions({
    queryKey: ["health"],
    queryFn: ({ signal }) => request("/health", healthAnswer, { signal }),
    refetchInterval: EVERY_MS,
  });

/** What the server counts since its start, and has now. */
export interface Figures {
  readonly sockets: number;
  readonly commits: number;
  readonly events: number;
  /** What a commit takes, to a tenth of a millisecond. */
  readonly commitMs: number;
  readonly commitFailures: number;
  readonly refusals: number;
  readonly memoryBytes: number;
  /** When the server started, in milliseconds since the epoch. */
  readonly startedAt: number;
}

/** The server's figures; 401 where they are behind METRICS_TOKEN. */
export const figures = () =>
  queryOptions({
    queryKey: ["figures"],
    queryFn: async ({ signal }) => {
      const answer = await fetched("/metrics", { signal, signedIn: false });
      return figuresIn(await answer.text());
    },
    refetchInterval: EVERY_MS,
  });

/** Prometheus' text: `name{labels} value` a line; labels are summed over. */
function figuresIn(text: string): Figures {
  const sums = new Map<string, number>();
  for (const line of text.split("\n")) {
    const [, name, value] = /^([a-z_]+)(?:\{.*\})? ([-+.\deE]+)/.exec(line) ?? [];
    if (name && value) sums.set(name, (sums.get(name) ?? 0) + Number(value));
  }
  const of = (name: string) => sums.get(name) ?? 0;
  const seconds = of("rollcall_commit_seconds_sum") / Math.max(1, of("rollcall_commit_seconds_count"));
  return {
    sockets: of("rollcall_connections"),
    commits: of("rollcall_commit_events_count"),
    events: of("rollcall_commit_events_sum"),
    commitMs: Math.round(seconds * 10_000) / 10,
    commitFailures: of("rollcall_commit_failures_total"),
    refusals: of("rollcall_refusals_total"),
    memoryBytes: of("process_resident_memory_bytes"),
    startedAt: of("process_start_time_seconds") * 1000,
  };
}
