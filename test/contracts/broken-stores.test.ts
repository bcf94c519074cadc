import { expect, test } from "bun:test";
import type { SealedBatch, StoredBatch } from "../../src/core/batch.ts";
import type { SessionId, UserId } from "../../src/core/ids.ts";
import type { Door } from "../../src/core/room/door.ts";
import type {
  ClassStore,
  SessionHead,
  SessionStore,
  Store,
  TicketStore,
  UserStore,
} from "../../src/ports/store.ts";
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

const showsOthers = withSessions((good) => {
  const authors = new Set<UserId>();
  return {
    append(batches) {
      for (const { by } of batches.flatMap(({ events }) => events)) if (by) authors.add(by);
      return good.append(batches);
    },
    commandsOf: async (_, id) =>
      (await Promise.all([...authors].map((author) => good.commandsOf(author, id)))).flat(),
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

/** A memory store with other classes. */
function withClasses(change: (good: ClassStore) => Partial<ClassStore>): OpenStore {
  return async () => {
    const good = createMemoryStore();
    return lasting({ ...good, classes: { ...good.classes, ...change(good.classes) } });
  };
}

const emptiesRoll = withClasses((good) => ({
  async archive(id, at) {
    for (const student of (await good.byId(id))?.studentIds ?? []) await good.removeStudent(id, student);
    return good.archive(id, at);
  },
}));

/** A memory store with other users. */
const withUsers =
  (change: (good: UserStore) => Partial<UserStore>): OpenStore =>
  async () => {
    const good = createMemoryStore();
    return lasting({ ...good, users: { ...good.users, ...change(good.users) } });
  };

/** A memory store with other tickets. */
function withTickets(change: (good: TicketStore) => Partial<TicketStore>): OpenStore {
  return async () => {
    const good = createMemoryStore();
    return lasting({ ...good, tickets: { ...good.tickets, ...change(good.tickets) } });
  };
}

/** Looks first and takes later, so that several see the same ticket. */
const looksFirst = withTickets((good) => {
  const held = new Map<string, Parameters<TicketStore["add"]>>();
  return {
    async add(...ticket) {
      held.set(ticket[0], ticket);
    },
    async take(hash, now) {
      const found = held.get(hash);
      await good.take(hash, now);
      held.delete(hash);
      return found && found[2] >= now ? found[1] : null;
    },
  };
});

const byIds = withSessions((good) => ({
  runningIn: async (ids) => (await good.runningIn(ids)).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
}));

async function keepsNodes(): Promise<OpenedStore> {
  const good = createMemoryStore();
  return lasting({ ...good, nodes: { ...good.nodes, leave: async () => {} } });
}

/** Takes whatever is newer, whether it was made of what stands or not. */
async function losesDoors(): Promise<OpenedStore> {
  const good = createMemoryStore();
  const doors = new Map<SessionId, Door>();
  return lasting({
    ...good,
    doors: {
      read: async (id) => doors.get(id) ?? null,
      async write(id, door) {
        doors.set(id, door);
        return true;
      },
    },
  });
}

const reopensEmpty = async () => lasting(createMemoryStore(), createMemoryStore());

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
  ["forgets a class's new name", withClasses(() => ({ rename: async () => {} })), ["ST41"]],
  ["forgets a class's settings", withClasses(() => ({ configure: async () => {} })), ["ST89"]],
  ["empties the roll of what it archives", emptiesRoll, ["ST42"]],
  ["archives nothing", withClasses(() => ({ archive: async () => {} })), ["ST42"]],
  ["shows others' commands of the same id", showsOthers, ["ST43"]],
  [
    "knows one session of a command id",
    withSessions((good) => ({
      commandsOf: async (author, id) => (await good.commandsOf(author, id)).slice(0, 1),
    })),
    ["ST43"],
  ],
  [
    "pages no archived class",
    withClasses((good) => ({
      page: async (...asked) => (await good.page(...asked)).filter((one) => one.archivedAt === null),
    })),
    ["MI1"],
  ],
  [
    "pages sessions by their ids where their starts are asked",
    withSessions((good) => ({ pageByStart: good.page })),
    ["MI2"],
  ],
  ["gives a ticket to several at once", looksFirst, ["ST44"]],
  [
    "takes no notice of a ticket's end",
    withTickets((good) => ({ take: (hash) => good.take(hash, 0) })),
    ["ST44"],
  ],
  ["orders running sessions by their ids", byIds, ["CL1"]],
  [
    "misses a log's next batch",
    withSessions((good) => ({
      grown: async (known) => good.grown(known.map(({ id, number }) => ({ id, number: number + 1 }))),
    })),
    ["CL2"],
  ],
  ["never lets a node go", keepsNodes, ["CL3"]],
  ["lets the last of two changes of a door be the only one", losesDoors, ["ST95"]],
  [
    "sets tokensFrom to the time given, though it is not later",
    withUsers((good) => ({
      update: async (id, { tokensFrom, ...changes }) => {
        const was = (await good.byId(id))?.tokensFrom ?? 0;
        return good.update(id, { ...changes, ...(tokensFrom && tokensFrom > was && { tokensFrom }) });
      },
    })),
    ["ST61"],
  ],
  [
    "changes a user by what was known before tokens ended",
    withUsers((good) => ({ update: (id, changes) => good.update(id, changes) })),
    ["ST61"],
  ],
  [
    "takes over what an older token says",
    withUsers((good) => ({
      takeOver: (id, claims) => good.takeOver(id, { ...claims, claimsFrom: claims.claimsFrom + 1e6 }),
    })),
    ["ST63"],
  ],
  ["links nobody", withUsers(() => ({ link: async () => "ok" })), ["ST64"]],
  [
    "searches for the query as a pattern",
    withUsers((good) => ({
      page: async (query, after, limit) => good.page(query.replaceAll("%", ""), after, limit),
    })),
    ["ST65"],
  ],
  ["keeps nothing when it is opened again", reopensEmpty, ["ST33", "ST34", "ST41", "ST42", "ST43", "ST44"]],
];

for (const [fault, open, rules] of FAULTS) {
  test(`a store that ${fault}: ${rules.join(", ") || "passes"}`, async () => {
    const caught = await broken(open);
    expect(caught).toEqual(expect.arrayContaining([...rules]));
    if (rules.length === 0) expect(caught).toEqual([]);
  });
}
