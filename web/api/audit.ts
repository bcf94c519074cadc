import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import type { z } from "zod";
import { trailAnswer } from "../../protocol/accounts.ts";
import { request } from "./request.ts";

export type Entry = z.output<typeof trailAnswer>["entries"][number];
export type Deed = Entry["deed"];

/** What to look for; an empty text means anything. Days are in the browser's own time. */
export interface Sought {
  readonly deed: Deed | "";
  readonly user: string;
  /** `2031-03-03`, the first day. */
  readonly since: string;
  /** The last day. */
  readonly until: string;
}

const LISTED = 50;
const DAY_MS = 86_400_000;

/** What people did, the newest first, in pages. */
export const trail = (sought: Sought) =>
  infiniteQueryOptions({
    queryKey: ["admin", "trail", sought],
    placeholderData: keepPreviousData,
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) =>
      request(`/admin/audit?${parametersOf(sought, pageParam)}`, trailAnswer, { signal }),
    getNextPageParam: ({ next }) => next ?? undefined,
  });

function parametersOf({ deed, user, since, until }: Sought, cursor: number): URLSearchParams {
  const start = dayOf(since);
  const end = dayOf(until);
  return new URLSearchParams({
    limit: `${LISTED}`,
    ...(deed && { deed }),
    ...(user && { user }),
    ...(start !== null && { since: new Date(start).toISOString() }),
    ...(end !== null && { until: new Date(end + DAY_MS).toISOString() }),
    ...(cursor && { cursor: `${cursor}` }),
  });
}

/** When the day begins here, in milliseconds since the epoch; null where it is none. */
function dayOf(text: string): number | null {
  const at = new Date(`${text}T00:00`).getTime();
  return Number.isNaN(at) ? null : at;
}
