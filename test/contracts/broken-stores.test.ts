import { expect, test } from "bun:test";
import type { SealedBatch, StoredBatch } from "../../src/core/batch.ts";
import type { SessionId } from "../../src/core/ids.ts";
import type { SessionHead, SessionStore, Store } from "../../src/ports/store.ts";
import { createMemoryStore } from "../../src/store/memory/index.ts";
import { stored } from "./batches.ts";
import type { OpenedStore, OpenStore } from "./checks.ts";
import { storeChecks } from "./store.ts";

/** The rules that a store breaks, by the suite. */
async function broken(open: OpenStore): Promise<string[]> {
  const rules = new Set<string>();
  for (const { rule, run } of storeChecks) await run(open).catch(() => rules.add(rule));
  return [...rules];
}

/** A store that keeps what it has when it is opened again. */
const lasting = (store: Store, kept = store): OpenedStore => ({
  store,
  reopen: async () => kept,
  cleanup: async () => {},
});

/** A memory store with other sessions. */
function withSessions(change: (good: SessionStore) => Partial<SessionStore>): OpenStore {
  return async () => {
    const good = createMemoryStore();
    return lasting({ ...good, sessions: { ...good.sessions, ...change(good.sessions) } });
  };
}

/** What the store should have called a conflict is written all the same where `forgives` says so. */
function forgiving(forgives: (batch: SealedBatch, log: readonly StoredBatch[]) => boolean): OpenStore {
  return withSessions((good) => {
    const forgiven: StoredBatch[] = [];
    const read = async (id: SessionId, after: number) => {
      const extra = forgiven.filter((batch) => batch.sessionId === id && batch.number > after);
      return [...(await good.read(id, after)), ...extra].sort((a, b) => a.number - b.number);
    };
    async function append(batch: SealedBatch) {
      const log = await read(batch.sessionId, 0);
      const outcome = await good.append([batch])[0];
      if (outcome === "ok" || !forgives(batch, log)) return outcome ?? "conflict";
      forgiven.push(stored(batch));
      return "ok";
    }
    return { read, append: (batches) => batches.map(append) };
  });
}

const lastOf = (log: readonly StoredBatch[]) => log.at(-1)?.number ?? 0;

/** Says ok at once and writes what was appended only when more comes, so that a kill loses the last of it. */
async function early(): Promise<OpenedStore> {
  const [seen, kept] = [createMemoryStore(), createMemoryStore()];
  let waiting: readonly SealedBatch[] = [];
  const sessions: SessionStore = {
    ...seen.sessions,
    async start(head: SessionHead, first: SealedBatch) {
      await kept.sessions.start(head, first);
      return seen.sessions.start(head, first);
    },
    append(batches) {
      kept.sessions.append(waiting);
      waiting = batches;
      return seen.sessions.append(batches);
    },
  };
  return lasting({ ...seen, sessions }, kept);
}

/** Says ok at once and writes a little later, with no kill in between. */
const late = withSessions((good) => ({
  append(batches) {
    setImmediate(() => good.append(batches));
    return batches.map(async () => "ok" as const);
  },
}));

const startsTwice = withSessions((good) => {
  const second: SessionHead[] = [];
  return {
    async start(head, first) {
      const outcome = await good.start(head, first);
      if (outcome === "running") second.push(head);
      return "ok";
    },
    head: async (id) => second.find((head) => head.id === id) ?? good.head(id),
  };
});

const allOrNothing = withSessions((good) => ({
  append(batches) {
    const outcomes = Promise.all(good.append(batches));
    return batches.map(async () => ((await outcomes).includes("conflict") ? "conflict" : "ok"));
  },
}));

async function keepsStaleRecords(): Promise<OpenedStore> {
  const good = createMemoryStore();
  const project: Store["records"]["project"] = async (id, records, projectedSeq) => {
    const fresh = new Set(records.map((record) => record.studentId));
    const stale = (await good.records.ofSession(id)).filter((record) => !fresh.has(record.studentId));
    return good.records.project(id, [...stale, ...records], projectedSeq);
  };
  return lasting({ ...good, records: { ...good.records, project } });
}

/** Each fault and the rules whose checks must catch it; others may catch it too. */
const FAULTS: readonly [fault: string, open: OpenStore, rules: readonly string[]][] = [
  ["has no fault", async () => lasting(createMemoryStore()), []],
  [
    "accepts an overlap: another batch of a number that is taken",
    forgiving((batch, log) => log.some((one) => one.number === batch.number && one.hash !== batch.hash)),
    ["ST24"],
  ],
  ["accepts a gap in the numbers", forgiving((batch, log) => batch.number > lastOf(log) + 1), ["ST25"]],
  [
    "accepts a batch twice",
    forgiving((batch, log) => log.some((one) => one.hash === batch.hash)),
    ["ST23", "ST34"],
  ],
  [
    "takes no notice of the hash before",
    forgiving((batch, log) => batch.number === lastOf(log) + 1 && log.at(-1)?.hash !== batch.prev),
    ["ST26"],
  ],
  [
    "takes no notice of the sequence numbers",
    forgiving((batch, log) => batch.number === lastOf(log) + 1 && log.at(-1)?.hash === batch.prev),
    ["ST27"],
  ],
  ["acknowledges before it is written, and is killed", early, ["ST33", "ST34"]],
  ["acknowledges before it is written, and is read", late, ["ST33"]],
  ["starts a second session of a class", startsTwice, ["ST13"]],
  ["lets one conflict refuse the whole call", allOrNothing, ["ST29"]],
  ["keeps records that a projection lacks", keepsStaleRecords, ["ST18"]],
];

for (const [fault, open, rules] of FAULTS) {
  test(`a store that ${fault}: ${rules.join(", ") || "passes"}`, async () => {
    const caught = await broken(open);
    expect(caught).toEqual(expect.arrayContaining([...rules]));
    if (rules.length === 0) expect(caught).toEqual([]);
  });
}
