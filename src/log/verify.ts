import { GENESIS, type LogPosition } from "../core/batch.ts";
import type { SessionId } from "../core/ids.ts";
import { type AttendanceRecord, recordsOf } from "../core/records.ts";
import type { LoggedEvent } from "../core/session/events.ts";
import { replay } from "../core/session/state.ts";
import type { AuditEntry, RecordStore, SessionHead, SessionStore, Store } from "../ports/store.ts";
import { openEntry } from "./audit.ts";
import { openBatch } from "./seal.ts";
import { verifyTrail } from "./verify-trail.ts";

/** What `verify` reads: a store, or a reader beside a serving process. */
export interface VerifiedStore {
  readonly sessions: Pick<SessionStore, "page" | "read" | "head">;
  readonly records: Pick<RecordStore, "ofSession">;
  readonly audit: Pick<Store["audit"], "read">;
  readonly trail: Pick<Store["trail"], "read">;
}

export interface Verification {
  readonly sessions: number;
  readonly batches: number;
  readonly events: number;
  readonly auditEntries: number;
  readonly trailEntries: number;
  /** One sentence for each thing that is wrong; empty where all is well. */
  readonly faults: readonly string[];
}

const PAGE = 500;

/** Walks every session's log and the audit chain: sequence, hashes, what the head row, the records and the chain say. */
export async function verify(store: VerifiedStore): Promise<Verification> {
  const walk = new Walk(store);
  // The chain is read first: what it names was on disk by then, however the logs grow meanwhile.
  await walk.readAudit();
  for (let page = await store.sessions.page(null, PAGE); page.length > 0; ) {
    for (const head of page) await walk.verifySession(head);
    page = await store.sessions.page(page.at(-1)?.id ?? null, PAGE);
  }
  await walk.missSessions();
  await walk.verifyTrail();
  return walk.found;
}

class Walk {
  readonly found = {
    sessions: 0,
    batches: 0,
    events: 0,
    auditEntries: 0,
    trailEntries: 0,
    faults: [] as string[],
  };
  /** Where the audit chain says that each session's log stood. */
  readonly #heads = new Map<SessionId, LogPosition[]>();
  readonly #seen = new Set<SessionId>();
  readonly #removed = new Set<SessionId>();
  readonly #anchors: Link[] = [];
  readonly #cuts: Link[] = [];
  #lastEntry: AuditEntry | null = null;

  constructor(private readonly store: VerifiedStore) {}

  /** Reads the audit chain from where it was read last. */
  async readAudit(): Promise<void> {
    for (;;) {
      const page = await this.store.audit.read(this.#lastEntry?.number ?? 0, PAGE);
      if (page.length === 0) return;
      for (const entry of page) this.#readEntry(entry);
    }
  }

  #readEntry(entry: AuditEntry): void {
    const fact = openEntry(entry, this.#lastEntry);
    this.#lastEntry = entry;
    this.found.auditEntries++;
    if (typeof fact === "string") {
      this.found.faults.push(fact);
      return;
    }
    if (fact.kind === "trail") this.#anchors.push(fact);
    if (fact.kind === "trail-cut") this.#cuts.push(fact);
    if (fact.kind === "removed") this.#removed.add(fact.session);
    if (fact.kind !== "head") return;
    const known = this.#heads.get(fact.session) ?? [];
    known.push({ number: fact.batch, hash: fact.hash });
    this.#heads.set(fact.session, known);
  }

  async verifySession(head: SessionHead): Promise<void> {
    this.#seen.add(head.id);
    this.found.sessions++;
    const { faults, log, hashes, end } = await this.#readLog(head.id);
    for (const { number, hash } of this.#heads.get(head.id) ?? []) {
      if (hashes.get(number) === hash) continue;
      faults.push(
        `session ${head.id}: the audit chain names batch ${number} with another hash, or that batch is gone`,
      );
    }
    // What a broken log means is not worth asking.
    if (faults.length === 0) faults.push(...(await this.#verifyMeaning(head, log, end)));
    this.found.faults.push(...faults);
  }

  async #readLog(id: SessionId) {
    const faults: string[] = [];
    const log: LoggedEvent[] = [];
    const hashes = new Map<number, string>();
    let end: LogPosition = { number: 0, hash: GENESIS };
    for (const stored of await this.store.sessions.read(id, 0)) {
      try {
        log.push(...openBatch(stored, end).events);
      } catch (error) {
        faults.push(sentence(error));
      }
      end = { number: stored.number, hash: stored.hash };
      hashes.set(stored.number, stored.hash);
      this.found.batches++;
    }
    this.found.events += log.length;
    return { faults, log, hashes, end };
  }

  /** The log replays, and head row, records and audit chain say what it says. */
  async #verifyMeaning(head: SessionHead, log: readonly LoggedEvent[], end: LogPosition): Promise<string[]> {
    try {
      const session = replay(head.id, log);
      const where = `session ${head.id}`;
      // The head was read before the log, which may have grown since.
      if (session.headSeq < head.headSeq)
        return [`${where}: the head row says ${head.headSeq}, the log ends at ${session.headSeq}`];
      if (session.classId !== head.classId)
        return [`${where}: the head row names another class than the log`];
      if (head.endedAt !== null && session.endedAt !== head.endedAt)
        return [`${where}: head row and log disagree on the end`];
      if (session.endedAt === null || head.projectedSeq < session.headSeq) return [];
      if (!(await this.#isAudited(head.id, end))) return [`${where}: the audit chain lacks its end`];
      const kept = await this.store.records.ofSession(head.id);
      return alike(kept, recordsOf(session, log)) ? [] : [`${where}: its records are not what its log says`];
    } catch (error) {
      return [sentence(error)];
    }
  }

  /** Whether the chain names the session's last batch; one that ended while we walked stands behind what was read. */
  async #isAudited(id: SessionId, end: LogPosition): Promise<boolean> {
    const names = () => this.#heads.get(id)?.some(({ number }) => number === end.number) ?? false;
    if (!names()) await this.readAudit();
    return names();
  }

  async verifyTrail(): Promise<void> {
    const { entries, faults } = await verifyTrail(this.store.trail, async () => {
      await this.readAudit();
      return { anchors: this.#anchors, cuts: this.#cuts };
    });
    this.found.trailEntries = entries;
    this.found.faults.push(...faults);
  }

  /** Sessions that the audit chain names and that are gone. */
  async missSessions(): Promise<void> {
    for (const id of this.#heads.keys()) {
      if (this.#seen.has(id) || this.#removed.has(id) || (await this.store.sessions.head(id))) continue;
      this.found.faults.push(`session ${id}: the audit chain names it, but it is gone`);
    }
  }
}

type Link = Pick<AuditEntry, "number" | "hash">;

function alike(kept: readonly AttendanceRecord[], told: readonly AttendanceRecord[]): boolean {
  const lines = (records: readonly AttendanceRecord[]) =>
    records
      .map((one) => `${one.studentId} ${one.status} ${one.since} ${one.by} ${JSON.stringify(one.room)}`)
      .sort();
  return lines(kept).join("\n") === lines(told).join("\n");
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));
