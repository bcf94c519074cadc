import { GENESIS, type LogPosition } from "../core/batch.ts";
import type { SessionId } from "../core/ids.ts";
import { type AttendanceRecord, recordsOf } from "../core/records.ts";
import type { LoggedEvent } from "../core/session/events.ts";
import { replay } from "../core/session/state.ts";
import type { AuditEntry, RecordStore, SessionHead, SessionStore, Store } from "../ports/store.ts";
import { openEntry } from "./audit.ts";
import { openBatch } from "./seal.ts";

/** What `verify` reads: a store, or a reader beside a serving process. */
export interface VerifiedStore {
  readonly sessions: Pick<SessionStore, "page" | "read" | "head">;
  readonly records: Pick<RecordStore, "ofSession">;
  readonly audit: Pick<Store["audit"], "read">;
}

export interface Verification {
  readonly sessions: number;
  readonly batches: number;
  readonly events: number;
  readonly auditEntries: number;
  /** One sentence for each thing that is wrong; empty where all is well. */
  readonly faults: readonly string[];
}

const PAGE = 500;

/** Walks every session's log and the audit chain: sequence, hashes, what the head row, the records and the chain say. */
export async function verify(store: VerifiedStore): Promise<Verification> {
  const counts = { sessions: 0, batches: 0, events: 0, auditEntries: 0 };
  const faults: string[] = [];
  // The chain is read first: what it names was on disk by then, however the logs grow meanwhile.
  const heads = await readAudit(store, counts, faults);
  for await (const head of allHeads(store)) {
    counts.sessions++;
    faults.push(...(await verifySession(store, head, heads.get(head.id) ?? [], counts)));
    heads.delete(head.id);
  }
  for (const id of heads.keys()) {
    if (!(await store.sessions.head(id)))
      faults.push(`session ${id}: the audit chain names it, but it is gone`);
  }
  return { ...counts, faults };
}

async function* allHeads({ sessions }: VerifiedStore): AsyncGenerator<SessionHead> {
  for (let page = await sessions.page(null, PAGE); page.length > 0; ) {
    yield* page;
    page = await sessions.page(page.at(-1)?.id ?? null, PAGE);
  }
}

type Heads = Map<SessionId, LogPosition[]>;

async function readAudit(
  { audit }: VerifiedStore,
  counts: { auditEntries: number },
  faults: string[],
): Promise<Heads> {
  const heads: Heads = new Map();
  let before: AuditEntry | null = null;
  for (
    let page = await audit.read(0, PAGE);
    page.length > 0;
    page = await audit.read(before?.number ?? 0, PAGE)
  ) {
    for (const entry of page) {
      const fact = openEntry(entry, before);
      if (typeof fact === "string") faults.push(fact);
      else {
        const known = heads.get(fact.session) ?? [];
        known.push({ number: fact.batch, hash: fact.hash });
        heads.set(fact.session, known);
      }
      before = entry;
      counts.auditEntries++;
    }
  }
  return heads;
}

async function verifySession(
  store: VerifiedStore,
  head: SessionHead,
  audited: readonly LogPosition[],
  counts: { batches: number; events: number },
): Promise<string[]> {
  const faults: string[] = [];
  const hashes = new Map<number, string>();
  const log: LoggedEvent[] = [];
  let position: LogPosition = { number: 0, hash: GENESIS };
  for (const stored of await store.sessions.read(head.id, 0)) {
    try {
      log.push(...openBatch(stored, position).events);
    } catch (error) {
      faults.push(sentence(error));
    }
    position = { number: stored.number, hash: stored.hash };
    hashes.set(stored.number, stored.hash);
    counts.batches++;
  }
  counts.events += log.length;
  for (const { number, hash } of audited) {
    if (hashes.get(number) === hash) continue;
    faults.push(
      `session ${head.id}: the audit chain names batch ${number} with another hash, or that batch is gone`,
    );
  }
  if (faults.length === 0) faults.push(...(await verifyMeaning(store, head, log)));
  return faults;
}

/** The log replays, and head row and records say what it says. */
async function verifyMeaning(
  store: VerifiedStore,
  head: SessionHead,
  log: readonly LoggedEvent[],
): Promise<string[]> {
  try {
    const session = replay(head.id, log);
    const where = `session ${head.id}`;
    // The head was read before the log, which may have grown since.
    if (session.headSeq < head.headSeq)
      return [`${where}: the head row says ${head.headSeq}, the log ends at ${session.headSeq}`];
    if (session.classId !== head.classId) return [`${where}: the head row names another class than the log`];
    if (head.endedAt !== null && session.endedAt !== head.endedAt)
      return [`${where}: head row and log disagree on the end`];
    if (session.endedAt === null || head.projectedSeq < session.headSeq) return [];
    const kept = await store.records.ofSession(head.id);
    return alike(kept, recordsOf(session, log)) ? [] : [`${where}: its records are not what its log says`];
  } catch (error) {
    return [sentence(error)];
  }
}

function alike(kept: readonly AttendanceRecord[], told: readonly AttendanceRecord[]): boolean {
  const lines = (records: readonly AttendanceRecord[]) =>
    records.map((one) => `${one.studentId} ${one.status}`).sort();
  return lines(kept).join("\n") === lines(told).join("\n");
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));
