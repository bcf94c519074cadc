import { expect } from "bun:test";
import { GENESIS } from "../../src/core/batch.ts";
import { beginning, endAfter, marksAfter, NOON, sessionId, stored } from "./batches.ts";
import { appended, check, classOne, classTwo, exactly, logOf, type StoreCheck, started } from "./checks.ts";

const orderChecks: StoreCheck[] = [
  check("ST22", "a batch that follows is appended, and the head row follows it", async ({ store }) => {
    const { head, first } = await started(store);
    const second = marksAfter(first, 3);
    const third = marksAfter(second, 1);
    expect(await appended(store, second)).toEqual(["ok"]);
    expect(await store.sessions.head(head.id)).toEqual({ ...head, headSeq: 4 });
    expect(await appended(store, third)).toEqual(["ok"]);
    expect(await store.sessions.head(head.id)).toEqual({ ...head, headSeq: 5 });
    expect(await logOf(store, first)).toEqual(exactly(first, second, third));
  }),
  check("ST23", "the same batch twice is a conflict and is there once", async ({ store }) => {
    const { head, first } = await started(store);
    const second = marksAfter(first);
    await appended(store, second);
    expect(await appended(store, second)).toEqual(["conflict"]);
    expect(await appended(store, first)).toEqual(["conflict"]);
    expect(await logOf(store, first)).toEqual(exactly(first, second));
    expect((await store.sessions.head(head.id))?.headSeq).toBe(2);
  }),
  check("ST24", "a batch whose number is taken is a conflict and writes nothing", async ({ store }) => {
    const { head, first } = await started(store);
    const second = marksAfter(first);
    const rival = marksAfter(first, 2, { writer: "two" });
    await appended(store, second);
    expect(await appended(store, rival)).toEqual(["conflict"]);
    expect(await logOf(store, first)).toEqual(exactly(first, second));
    expect((await store.sessions.head(head.id))?.headSeq).toBe(2);
  }),
  check("ST24", "of batches appended at once with one number, one is written", async ({ store }) => {
    const { first } = await started(store);
    const rivals = ["one", "two", "three"].map((writer) => marksAfter(first, 1, { writer }));
    const outcomes = await Promise.all(rivals.flatMap((rival) => store.sessions.append([rival])));
    expect(outcomes.toSorted()).toEqual(["conflict", "conflict", "ok"]);
    const winners = rivals.filter((_, index) => outcomes[index] === "ok");
    expect(await logOf(store, first)).toEqual(exactly(first, ...winners));
  }),
  check("ST25", "a batch that skips a number is a conflict and writes nothing", async ({ store }) => {
    const { first } = await started(store);
    const ahead = marksAfter(first, 1, { number: 3 });
    expect(await appended(store, ahead)).toEqual(["conflict"]);
    expect(await logOf(store, first)).toEqual(exactly(first));
    expect(await appended(store, marksAfter(first))).toEqual(["ok"]);
  }),
  check("ST26", "a batch that names another hash before it is a conflict", async ({ store }) => {
    const { first } = await started(store);
    for (const prev of [GENESIS, "f".repeat(64)])
      expect(await appended(store, marksAfter(first, 1, { prev }))).toEqual(["conflict"]);
    expect(await logOf(store, first)).toEqual(exactly(first));
  }),
  check("ST27", "a batch whose events leave a gap or overlap is a conflict", async ({ store }) => {
    const { head, first } = await started(store);
    for (const firstSeq of [1, 3])
      expect(await appended(store, marksAfter(first, 1, { firstSeq }))).toEqual(["conflict"]);
    expect(await logOf(store, first)).toEqual(exactly(first));
    expect((await store.sessions.head(head.id))?.headSeq).toBe(1);
  }),
  check("ST28", "a session that never started takes no batch", async ({ store }) => {
    const { first } = beginning(1, classOne);
    expect(await appended(store, first, marksAfter(first))).toEqual(["conflict", "conflict"]);
    expect(await logOf(store, first)).toEqual([]);
    expect(await store.sessions.head(first.sessionId)).toBeNull();
  }),
];

const severalChecks: StoreCheck[] = [
  check("ST29", "of several sessions' batches a conflict leaves the others standing", async ({ store }) => {
    const [one, two, three] = [
      await started(store, 1, classOne),
      await started(store, 2, classTwo),
      beginning(3, classOne),
    ];
    const [good, stale, lost, more] = [
      marksAfter(one.first),
      marksAfter(two.first, 1, { prev: "f".repeat(64) }),
      marksAfter(three.first),
      marksAfter(two.first),
    ];
    expect(await appended(store, stale, good, lost, more)).toEqual(["conflict", "ok", "conflict", "ok"]);
    expect(await logOf(store, one.first)).toEqual(exactly(one.first, good));
    expect(await logOf(store, two.first)).toEqual(exactly(two.first, more));
    expect(await logOf(store, three.first)).toEqual([]);
  }),
  check(
    "ST30",
    "batches are read in order, those after a number, body and hash as given",
    async ({ store }) => {
      const { head, first } = await started(store);
      const second = marksAfter(first, 2);
      const third = marksAfter(second);
      await appended(store, second);
      await appended(store, third);
      expect(await store.sessions.read(head.id, 0)).toEqual([stored(first), stored(second), stored(third)]);
      expect(await store.sessions.read(head.id, 1)).toEqual([stored(second), stored(third)]);
      expect(await store.sessions.read(head.id, 3)).toEqual([]);
      expect(await store.sessions.read(sessionId(9), 0)).toEqual([]);
    },
  ),
  check("ST31", "the batch that holds the end ends the session and frees its class", async ({ store }) => {
    const { head, first } = await started(store);
    const end = endAfter(first, NOON + 5);
    expect(await appended(store, endAfter(marksAfter(first), NOON + 4))).toEqual(["conflict"]);
    expect((await store.sessions.head(head.id))?.endedAt).toBeNull();
    expect(await appended(store, end)).toEqual(["ok"]);
    expect(await store.sessions.head(head.id)).toEqual({ ...head, headSeq: 2, endedAt: NOON + 5 });
    expect(await store.sessions.runningOf(classOne)).toBeNull();
    expect(await store.sessions.running()).toEqual([]);
    const next = await started(store, 2);
    expect(await store.sessions.runningOf(classOne)).toEqual(next.head);
  }),
  check("ST32", "a batch after the end goes into the log and leaves the end as it was", async ({ store }) => {
    const { head, first } = await started(store);
    const end = endAfter(first, NOON + 5);
    const correction = marksAfter(end);
    await appended(store, end);
    expect(await appended(store, correction)).toEqual(["ok"]);
    expect(await store.sessions.head(head.id)).toEqual({ ...head, headSeq: 3, endedAt: NOON + 5 });
    expect(await logOf(store, first)).toEqual(exactly(first, end, correction));
  }),
];

/** The order of a session's log. */
export const logChecks: readonly StoreCheck[] = [...orderChecks, ...severalChecks];
