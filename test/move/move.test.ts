import { afterAll, afterEach, expect, setDefaultTimeout, test } from "bun:test";
import type { SealedBatch } from "../../src/core/batch.ts";
import { localUser } from "../../src/core/people.ts";
import { lettingIn } from "../../src/core/room/door.ts";
import { mark } from "../../src/core/session/decide.ts";
import type { Comparison } from "../../src/move/compare.ts";
import { moveStore, refuseHalf } from "../../src/move/index.ts";
import type { AppendOutcome, Store } from "../../src/ports/store.ts";
import { createMemoryStore } from "../../src/store/memory/index.ts";
import { classId, NOON, userId } from "../contracts/batches.ts";
import type { OpenStore } from "../contracts/checks.ts";
import { openSqlite } from "../contracts/sqlite-files.ts";
import { startMongo } from "../services/mongo.ts";
import { openMongo } from "../services/mongo-store.ts";
import { contents, fill, places, sessionsOf } from "./school.ts";

setDefaultTimeout(120_000);
const mongo = await startMongo();
afterAll(() => mongo.remove());

const openMemory: OpenStore = async () => ({ store: createMemoryStore(), cleanup: async () => {} });
const STORES: readonly [name: string, open: OpenStore][] = [
  ["memory", openMemory],
  ["SQLite", openSqlite],
  ["MongoDB", () => openMongo(mongo)],
];
const PAIRS = STORES.flatMap(([from, source]) =>
  STORES.map(([to, target]) => [from, to, source, target] as const),
);

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function opened(open: OpenStore): Promise<Store> {
  const { store, cleanup } = await open();
  cleanups.push(cleanup);
  return store;
}

const clock = { now: () => NOON };
const move = (source: Store, target: Store, from = "the old one"): Promise<Comparison> =>
  moveStore({ source, target, from, clock, tell: () => undefined });

for (const [from, to, source, target] of PAIRS) {
  test(`MI4 from ${from} to ${to} everything is moved as it is, and nothing in the old one changes`, async () => {
    const [old, fresh] = [await opened(source), await opened(target)];
    const school = await fill(old);
    const before = await contents(old);
    const { differences, ...counts } = await move(old, fresh);
    expect(differences).toEqual([]);
    expect(counts.source).toEqual(counts.target);
    expect(counts.source).toMatchObject({ users: 9, classes: 3, sessions: 7 });
    expect(await contents(fresh)).toEqual(before);
    expect(await contents(old)).toEqual(before);
    expect(await old.origin.read()).toBeNull();
    expect(await places(fresh, school)).toEqual(await places(old, school));
    expect(await fresh.sessions.runningOf(school.running)).not.toBeNull();
  });
}

/** A store that fails after so many writes, as a connection or a process that ends does. */
function failingAfter(store: Store, writes: number): Store {
  let left = writes;
  const spend = () => {
    if (left-- <= 0) throw new Error("cut short");
  };
  const guarded =
    <Args extends unknown[], T>(work: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      spend();
      return work(...args);
    };
  const append = (batches: readonly SealedBatch[]): Promise<AppendOutcome>[] =>
    batches.map(async (batch) => {
      spend();
      return (await store.sessions.append([batch])[0]) ?? "conflict";
    });
  return {
    ...store,
    users: { ...store.users, add: guarded(store.users.add) },
    classes: { ...store.classes, add: guarded(store.classes.add) },
    sessions: { ...store.sessions, start: guarded(store.sessions.start), append },
    records: { ...store.records, project: guarded(store.records.project) },
    doors: { ...store.doors, write: guarded(store.doors.write) },
    audit: { ...store.audit, append: guarded(store.audit.append) },
    origin: { ...store.origin, write: guarded(store.origin.write) },
  };
}

test("MI5 cut short at any write and run again, it goes on and everything is there once", async () => {
  const old = createMemoryStore();
  await fill(old, 1, 3);
  const before = await contents(old);
  let cuts = 0;
  for (let whole = false; !whole; cuts++) {
    const fresh = createMemoryStore();
    whole = await move(old, failingAfter(fresh, cuts)).then(
      () => true,
      () => false,
    );
    expect((await move(old, fresh)).differences).toEqual([]);
    expect(await contents(fresh)).toEqual(before);
  }
  expect(cuts).toBeGreaterThan(40);
});

test("MI5 run again after it was finished it changes nothing", async () => {
  const [old, fresh] = [createMemoryStore(), createMemoryStore()];
  await fill(old);
  await move(old, fresh);
  const before = await contents(fresh);
  expect((await move(old, failingAfter(fresh, 0))).differences).toEqual([]);
  expect(await contents(fresh)).toEqual(before);
});

test("MI6 what is half moved is neither served nor moved on, and what was moved whole is", async () => {
  const [old, fresh] = [createMemoryStore(), createMemoryStore()];
  await fill(old);
  await expect(move(old, failingAfter(fresh, 20))).rejects.toThrow("cut short");
  await expect(refuseHalf(fresh)).rejects.toThrow("run rollcall migrate --from the old one again");
  await expect(move(fresh, createMemoryStore())).rejects.toThrow("Not everything is in this database yet");
  await move(old, fresh);
  await refuseHalf(fresh);
  expect((await move(fresh, createMemoryStore(), "fresh")).differences).toEqual([]);
});

test("MI7 a target that holds something, or was filled from elsewhere, is refused and left alone", async () => {
  const old = createMemoryStore();
  await fill(old);
  const [full, other] = [createMemoryStore(), createMemoryStore()];
  await fill(full, 1);
  const before = await contents(full);
  await expect(move(old, full)).rejects.toThrow("holds data already");
  expect(await contents(full)).toEqual(before);
  await move(old, other, "elsewhere");
  await expect(move(old, other)).rejects.toThrow("was filled from elsewhere");
});

test("MI7 two accounts that log in by one email are named, for only one could come over", async () => {
  const old = createMemoryStore();
  await fill(old);
  const page = old.users.page;
  const twin = { ...(await old.users.byId(userId(1))), id: userId(99) };
  old.users.page = async (...asked) =>
    (await page(...asked)).flatMap((user) => (user.id === userId(1) ? [user, { ...user, ...twin }] : [user]));
  await expect(move(old, createMemoryStore())).rejects.toThrow("user1@school.test");
});

/** One thing that is not as it was moved, and how it is told. */
const CHANGES: readonly [what: string, change: (store: Store) => Promise<unknown>, told: RegExp][] = [
  [
    "a password",
    ({ users }) => users.update(userId(1), { passwordHash: "other" }),
    /^user 0+1 is not the same/,
  ],
  ["a class", ({ classes }) => classes.rename(classId(3), "other"), /^class 0+3 is not the same/],
  ["a user more", ({ users }) => users.add(localUser(STRANGER)), /^the number of users/],
  ["a mark more", markOne, /^the log of session \w+ is not the same/],
  ["records", loseRecords, /^the records of session \w+ is not the same/],
  [
    "a door",
    async ({ sessions, doors }) => {
      const running = await sessions.runningOf(classId(5));
      const door = running && (await doors.read(running.id));
      return door && doors.write(running.id, lettingIn(door, userId(3)));
    },
    /^who may come into the room of session \w+ is not the same/,
  ],
  [
    "an audit entry",
    ({ audit }) => audit.append({ number: 8, body: "{}", hash: "0" }),
    /^audit entry 8 is not/,
  ],
];

const STRANGER = {
  id: userId(98),
  name: "",
  email: "s@x",
  role: "student",
  passwordHash: "",
  createdAt: 0,
} as const;

async function markOne(store: Store): Promise<void> {
  const [sessions] = sessionsOf(store, clock);
  await sessions.resume();
  await sessions.memory
    .ofClass(classId(5))
    ?.commit({ by: null, via: "http" }, (live) => mark(live, userId(3), "absent"));
}

async function loseRecords({ sessions, records }: Store): Promise<void> {
  const last = (await sessions.pageByStart(null, 9)).findLast(({ endedAt }) => endedAt !== null);
  if (last) await records.project(last.id, [], last.headSeq);
}

test.each(CHANGES)("MI8 %s that is not the same on both sides is told", async (_, change, told) => {
  const [old, fresh] = [createMemoryStore(), createMemoryStore()];
  await fill(old);
  await move(old, fresh);
  await change(fresh);
  const { differences } = await move(old, fresh);
  expect(differences.filter((sentence) => told.test(sentence))).toHaveLength(1);
});

test("MI8 a log that the target has otherwise is not gone on with", async () => {
  const [old, fresh] = [createMemoryStore(), createMemoryStore()];
  await fill(old);
  await move(old, fresh);
  await fresh.origin.write({ from: "the old one", startedAt: NOON, finishedAt: null });
  await markOne(fresh);
  await expect(move(old, fresh)).rejects.toThrow("is in the target with another log");
});

test("MI8 a damaged log is named and not moved", async () => {
  const old = createMemoryStore();
  await fill(old);
  const read = async (...asked: Parameters<Store["sessions"]["read"]>) =>
    (await old.sessions.read(...asked)).map((batch) => ({ ...batch, hash: "0" }));
  const damaged = { ...old, sessions: { ...old.sessions, read } };
  await expect(move(damaged, createMemoryStore())).rejects.toThrow("The old database is damaged (session");
});
