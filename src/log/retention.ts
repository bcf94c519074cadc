import type { Clock } from "../ports/clock.ts";
import type { SessionHead, Store } from "../ports/store.ts";
import type { TrailEntry } from "../ports/trail.ts";
import type { AuditLog } from "./audit.ts";
import { nextTurn } from "./next-turn.ts";
import type { Trail } from "./trail.ts";

interface Parts {
  readonly store: Pick<Store, "sessions" | "trail">;
  readonly audit: AuditLog;
  readonly trail: Pick<Trail, "record">;
  readonly clock: Clock;
  /** How long what is over is kept, in years. */
  readonly years: number;
}

const YEAR_MS = 365.25 * 86_400_000;
const PAGE = 100;

/**
 * PV3: removes whole sessions that ended so long ago, and the trail from before; what is removed is written into the
 * audit chain first, so that `verify` knows. Gives how many sessions there were.
 */
export async function removeOld(parts: Parts): Promise<number> {
  const { store, audit, trail, clock, years } = parts;
  const limit = clock.now() - years * YEAR_MS;
  let removed = 0;
  for (const { id } of await oldSessions(store.sessions, limit)) {
    await audit.recordOf({ kind: "removed", session: id });
    await store.sessions.remove(id);
    removed++;
    await nextTurn();
  }
  if (removed > 0) {
    await trail.record({ deed: "sessions-removed", actor: null, subject: null, times: removed });
  }
  await cutTrail(parts, limit);
  return removed;
}

/** Those that ended before the limit and whose records stand. They follow each other as they were started. */
async function oldSessions(sessions: Store["sessions"], limit: number): Promise<SessionHead[]> {
  const old: SessionHead[] = [];
  for (let page = await sessions.pageByStart(null, PAGE); page.length > 0; ) {
    old.push(...page.filter((head) => isOld(head, limit)));
    if (page.every(({ startedAt }) => startedAt >= limit)) break;
    page = await sessions.pageByStart(page.at(-1)?.id ?? null, PAGE);
  }
  return old;
}

const isOld = ({ endedAt, headSeq, projectedSeq }: SessionHead, limit: number): boolean =>
  endedAt !== null && endedAt < limit && projectedSeq === headSeq;

async function cutTrail({ store, audit }: Parts, limit: number): Promise<void> {
  const end = await store.trail.last();
  let last: TrailEntry | null = null;
  for (let page = await store.trail.read(0, PAGE); page.length > 0; ) {
    const old = page.filter(({ at, number }) => at < limit && number !== end?.number);
    last = old.at(-1) ?? last;
    if (old.length < page.length) break;
    page = await store.trail.read(last?.number ?? 0, PAGE);
    await nextTurn();
  }
  if (!last) return;
  await audit.recordOf({ kind: "trail-cut", number: last.number, hash: last.hash });
  await store.trail.cut(last.number);
}
