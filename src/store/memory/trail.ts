import type { TrailEntry, TrailSearch, TrailStore } from "../../ports/trail.ts";
import { nextOf } from "../next-of.ts";

/** The trail in an array. */
export function memoryTrail(): TrailStore {
  let entries: TrailEntry[] = [];
  const last = () => entries.at(-1) ?? null;
  return {
    async last() {
      const found = last();
      return found && { number: found.number, body: found.body, hash: found.hash };
    },
    async append(added) {
      const next = nextOf(last(), added);
      if (added.some(({ number }, at) => number !== next + at)) return "conflict";
      entries.push(...added);
      return "ok";
    },
    read: async (after, limit) => entries.filter(({ number }) => number > after).slice(0, limit),
    search: async (asked) =>
      entries
        .filter((entry) => matches(entry, asked))
        .toReversed()
        .slice(0, asked.limit),
    async cut(upTo) {
      const end = last()?.number ?? 0;
      entries = entries.filter(({ number }) => number > upTo || number === end);
    },
    async eraseDetails(user) {
      const isOf = ({ actor, subject }: TrailEntry) => actor === user || subject === user;
      entries = entries.map((entry) => (isOf(entry) ? { ...entry, details: null } : entry));
    },
  };
}

function matches(
  { number, at, deed, actor, subject }: TrailEntry,
  { before = Number.POSITIVE_INFINITY, since = 0, until = Number.POSITIVE_INFINITY, ...asked }: TrailSearch,
): boolean {
  if (number >= before || at < since || at >= until) return false;
  if (asked.deed !== undefined && deed !== asked.deed) return false;
  return asked.user === undefined || actor === asked.user || subject === asked.user;
}
