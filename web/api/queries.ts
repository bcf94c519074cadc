import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./error.ts";

/** Only what may go away by itself is asked again. */
const PASSING: ReadonlySet<string> = new Set(["offline", "busy", "broken"]);
const TRIES = 3;
const PAUSE_MS = 1000;
const isPassing = (error: Error): boolean => error instanceof ApiError && PASSING.has(error.kind);

/** What was asked of the API and may be shown again; the live connection says when it is stale. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (tried, error) => tried < TRIES && isPassing(error),
      retryDelay: PAUSE_MS,
      refetchInterval: ({ state }) =>
        state.status === "error" && state.error && isPassing(state.error) ? 5000 : false,
    },
  },
});

/** The server is there again: what it could not be asked is asked at once. */
export const askAgain = (): Promise<void> =>
  queries.refetchQueries({
    type: "active",
    predicate: ({ state }) => state.status === "error" || state.fetchFailureCount > 0,
  });
