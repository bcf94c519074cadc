import { expect } from "bun:test";
import { seal } from "../../src/log/audit.ts";
import type { AuditEntry } from "../../src/ports/store.ts";
import type { TrailEntry, TrailFact } from "../../src/ports/trail.ts";
import { NOON, userId } from "./batches.ts";
import { check, type StoreCheck } from "./checks.ts";

const [ada, ben] = [userId(1), userId(2)];

/** The entry that follows, a minute after the one before. */
function next(
  last: AuditEntry | null,
  changes: Partial<TrailFact & { details: TrailEntry["details"] }> = {},
) {
  const { details = { address: "192.0.2.1", device: "Firefox" }, ...rest } = changes;
  const fact: TrailFact = { deed: "signed-in", actor: ada, subject: ada, ...rest };
  const at = NOON + (last?.number ?? 0) * 60_000;
  const { deed, actor, subject } = fact;
  return { ...seal(last, at, fact), at, deed, actor, subject, details };
}

/** So many entries, each after the one before. */
function chain(count: number, last: AuditEntry | null = null): TrailEntry[] {
  const entries: TrailEntry[] = [];
  while (entries.length < count) entries.push(next(entries.at(-1) ?? last));
  return entries;
}

/** What is said of the trail. */
export const trailChecks: readonly StoreCheck[] = [
  check(
    "ST85",
    "entries are appended in order, read in order, and there after a kill",
    async ({ store, reopen }) => {
      const entries = chain(5);
      expect(await store.trail.last()).toBeNull();
      expect(await store.trail.append(entries.slice(0, 2))).toBe("ok");
      expect(await store.trail.append(entries.slice(2))).toBe("ok");
      for (const { trail } of [store, (await reopen?.()) ?? store]) {
        expect(await trail.read(0, 10)).toEqual(entries);
        expect(await trail.read(2, 2)).toEqual(entries.slice(2, 4));
        const { number, body, hash } = entries[4] ?? next(null);
        expect(await trail.last()).toEqual({ number, body, hash });
      }
    },
  ),
  check(
    "ST85",
    "an entry whose number is taken or skips one is a conflict and writes nothing",
    async ({ store }) => {
      const entries = chain(4);
      await store.trail.append(entries.slice(0, 2));
      for (const wrong of [
        entries.slice(0, 1),
        entries.slice(1, 3),
        entries.slice(3),
        [...entries.slice(3), ...entries.slice(2, 3)],
      ])
        expect(await store.trail.append(wrong)).toBe("conflict");
      expect(await store.trail.read(0, 10)).toEqual(entries.slice(0, 2));
    },
  ),
  check("ST85", "of rivals for one number one is written", async ({ store }) => {
    const rivals = [ada, ben, userId(3)].map((actor) => next(null, { actor }));
    const outcomes = await Promise.all(rivals.map((rival) => store.trail.append([rival])));
    expect(outcomes.toSorted()).toEqual(["conflict", "conflict", "ok"]);
    expect(await store.trail.read(0, 10)).toHaveLength(1);
  }),
  check("ST85", "of several entries all are written or none, whoever comes between", async ({ store }) => {
    const { trail } = store;
    const written = { all: false };
    const many = chain(8);
    const asked = trail.append(many).finally(() => {
      written.all = true;
    });
    // Somebody who writes behind whatever stands there.
    while (!written.all) {
      const last = await trail.last();
      if (last) await trail.append([next(last, { actor: ben })]);
    }
    const theirs = (await trail.read(0, 100)).filter(({ actor }) => actor === ada);
    expect(theirs).toEqual((await asked) === "ok" ? many : []);
  }),
  check("ST85", "an empty trail begins at any number", async ({ store }) => {
    const entries = chain(4).slice(2);
    expect(await store.trail.append(entries)).toBe("ok");
    expect(await store.trail.read(0, 10)).toEqual(entries);
  }),
  check("ST86", "entries are found by what is asked, the newest first", async ({ store: { trail } }) => {
    const first = next(null);
    const second = next(first, { deed: "role-changed", actor: ben, subject: ada, details: null });
    const third = next(second, { actor: ben, subject: ben });
    const fourth = next(third, { deed: "sign-in-failed", actor: null, subject: null });
    await trail.append([first, second, third, fourth]);
    const limit = 10;
    expect(await trail.search({ limit })).toEqual([fourth, third, second, first]);
    expect(await trail.search({ limit: 2 })).toEqual([fourth, third]);
    expect(await trail.search({ before: 3, limit })).toEqual([second, first]);
    expect(await trail.search({ deed: "signed-in", limit })).toEqual([third, first]);
    expect(await trail.search({ user: ada, limit })).toEqual([second, first]);
    expect(await trail.search({ user: ben, deed: "signed-in", limit })).toEqual([third]);
    expect(await trail.search({ since: second.at, until: fourth.at, limit })).toEqual([third, second]);
    expect(await trail.search({ user: userId(9), limit })).toEqual([]);
  }),
  check("ST87", "a cut removes the beginning, and never the last entry", async ({ store: { trail } }) => {
    const entries = chain(5);
    await trail.append(entries);
    await trail.cut(2);
    expect(await trail.read(0, 10)).toEqual(entries.slice(2));
    await trail.cut(99);
    expect(await trail.read(0, 10)).toEqual(entries.slice(4));
    expect(await trail.append([next(entries[4] ?? null)])).toBe("ok");
  }),
  check(
    "ST87",
    "erasing removes what stands beside a user's entries, and nothing else",
    async ({ store, reopen }) => {
      const first = next(null);
      const second = next(first, { deed: "role-changed", actor: ben, subject: ada });
      const third = next(second, { actor: ben, subject: ben });
      await store.trail.append([first, second, third]);
      await store.trail.eraseDetails(ada);
      const erased = [{ ...first, details: null }, { ...second, details: null }, third];
      for (const { trail } of [store, (await reopen?.()) ?? store])
        expect(await trail.read(0, 10)).toEqual(erased);
    },
  ),
];
