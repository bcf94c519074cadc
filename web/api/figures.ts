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
  readonly refusals: number;
  readonly memoryBytes: number;
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
  return {
    sockets: of("rollcall_connections"),
    commits: of("rollcall_commit_events_count"),
    events: of("rollcall_commit_events_sum"),
    refusals: of("rollcall_refusals_total"),
    memoryBytes: of("process_resident_memory_bytes"),
  };
}
