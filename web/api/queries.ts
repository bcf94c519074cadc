import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./error.ts";

/** Only what may go away by itself is asked again. */
const PASSING: ReadonlySet<string> = new Set(["offline", "busy", "broken"]);
const TRIES = 3;
const isPassing = (error: Error): boolean => error instanceof ApiError && PASSING.has(error.kind);

/** What was asked of the API and may be shown again; the live connection says when it is stale. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (tried, error) => tried < TRIES && isPassing(error),
      refetchInterval: ({ state }) =>
        state.status === "error" && state.error && isPassing(state.error) ? 5000 : false,
    },
  },
});
