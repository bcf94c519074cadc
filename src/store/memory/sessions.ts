import type { SealedBatch, StoredBatch } from "../../core/batch.ts";
import type { SessionId } from "../../core/ids.ts";
import type { AttendanceRecord } from "../../core/records.ts";
import type { AppendOutcome, CommandPlace, SessionHead, SessionStore } from "../../ports/store.ts";
import { commandsIn } from "../commands-in.ts";
import { endOf, follows, type LogEnd, NOT_BEGUN } from "../follows.ts";
import { pageAfter } from "./page.ts";

interface Log {
  end: LogEnd;
  readonly batches: StoredBatch[];
}

/** Logs in arrays; `heads` is shared with the records, which keep projectedSeq in it, and `recorded` is theirs. */
export function memorySessions(
  heads: Map<SessionId, SessionHead>,
  recorded: Map<SessionId, readonly AttendanceRecord[]>,
): SessionStore {
  const logs = new Map<SessionId, Log>();
  const commands = new Map<string, CommandPlace[]>();
  const all = () => [...heads.values()];
  const running = () => all().filter((head) => head.endedAt === null);

  function write(batch: SealedBatch): AppendOutcome {
    const head = heads.get(batch.sessionId);
    const log = logs.get(batch.sessionId);
    if (!head || !log || !follows(log.end, batch)) return "conflict";
    const { sessionId, number, body, hash } = batch;
    log.batches.push({ sessionId, number, body, hash });
    log.end = endOf(batch);
    for (const { author, id, ...place } of commandsIn(batch)) {
      const key = `${author}\n${id}`;
      commands.set(key, [...(commands.get(key) ?? []), place]);
    }
    heads.set(head.id, { ...head, headSeq: batch.lastSeq, endedAt: batch.endedAt ?? head.endedAt });
    return "ok";
  }

  function forget(id: SessionId): void {
    for (const map of [heads, logs, recorded]) map.delete(id);
    for (const [key, places] of commands) {
      const others = places.filter(({ sessionId }) => sessionId !== id);
      commands.set(key, others);
    }
  }

  return {
    async start(head, first) {
      if (running().some((other) => other.classId === head.classId)) return "running";
      if (heads.has(head.id) || !follows(NOT_BEGUN, first)) throw new Error(`cannot start ${head.id}`);
      heads.set(head.id, head);
      logs.set(head.id, { end: NOT_BEGUN, batches: [] });
      write(first);
      return "ok";
    },
    append: (batches) => batches.map(async (batch) => write(batch)),
    read: async (id, after, limit) => logs.get(id)?.batches.slice(after, limit && after + limit) ?? [],
    commandsOf: async (author, id) => commands.get(`${author}\n${id}`) ?? [],
    remove: async (id) => forget(id),
    head: async (id) => heads.get(id) ?? null,
    runningOf: async (id) => running().find((head) => head.classId === id) ?? null,
    running: async () => running(),
    runningIn: async (ids) => running().filter((head) => ids.includes(head.classId)),
    grown: async (known) =>
      known.flatMap(({ id, number }) => ((logs.get(id)?.end.number ?? 0) > number ? id : [])),
    ...lists(heads, recorded),
  };
}

type Lists = Pick<SessionStore, "unprojected" | "page" | "held" | "pageByStart">;

function lists(
  heads: ReadonlyMap<SessionId, SessionHead>,
  recorded: ReadonlyMap<SessionId, readonly AttendanceRecord[]>,
): Lists {
  const all = () => [...heads.values()];
  return {
    unprojected: async () =>
      all().filter((head) => head.endedAt !== null && head.projectedSeq < head.headSeq),
    page: async (after, limit) =>
      all()
        .filter((head) => after === null || head.id > after)
        .sort(byId)
        .slice(0, limit),
    held: async (of, before, limit) =>
      startedBefore(all(), before)
        .filter((head) => ("classId" in of ? head.classId === of.classId : head.teacherId === of.teacherId))
        .slice(0, limit)
        .map((head) => ({ ...head, ...counts(recorded.get(head.id) ?? []) })),
    pageByStart: async (after, limit) => pageAfter(all(), after, limit),
  };
}

/** Those that were started before the session `before`, the last first; `heads` in the order of their starts. */
export function startedBefore(heads: readonly SessionHead[], before: SessionId | null): SessionHead[] {
  const end = before === null ? heads.length : heads.findIndex(({ id }) => id === before);
  return heads.slice(0, Math.max(0, end)).reverse();
}

function counts(records: readonly AttendanceRecord[]) {
  const present = records.filter(({ status }) => status === "present").length;
  return { present, absent: records.length - present };
}

const byId = (a: SessionHead, b: SessionHead) => (a.id < b.id ? -1 : 1);
