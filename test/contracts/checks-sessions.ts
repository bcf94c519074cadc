import { expect } from "bun:test";
import type { Store } from "../../src/ports/store.ts";
import { beginning, classId, endAfter, marksAfter, NOON, sessionId, stored } from "./batches.ts";
import { appended, check, classOne, classTwo, exactly, logOf, type StoreCheck, started } from "./checks.ts";

const idsOf = (heads: readonly { id: string }[]) => heads.map((head) => head.id);

/** Starts and ends session `count`; its records stay to be written. */
async function ended(store: Store, count: number) {
  const { first, head } = await started(store, count);
  const end = endAfter(first, NOON + count);
  expect(await appended(store, end)).toEqual(["ok"]);
  return { id: head.id, end };
}

/** The life of a session's head row. */
export const sessionChecks: readonly StoreCheck[] = [
  check("ST12", "a started session is there at once: head row, first batch, running", async ({ store }) => {
    const { head, first } = await started(store);
    expect(await store.sessions.head(head.id)).toEqual(head);
    expect(await store.sessions.runningOf(classOne)).toEqual(head);
    expect(await store.sessions.running()).toEqual([head]);
    expect(await store.sessions.read(head.id, 0)).toEqual([stored(first)]);
    expect(await store.sessions.head(sessionId(9))).toBeNull();
    expect(await store.sessions.runningOf(classTwo)).toBeNull();
  }),
  check(
    "ST13",
    "a class that has a running session starts no other, and nothing is written",
    async ({ store }) => {
      const { head, first } = await started(store, 1);
      const second = beginning(2, classOne);
      expect(await store.sessions.start(second.head, second.first)).toBe("running");
      expect(await store.sessions.head(second.head.id)).toBeNull();
      expect(await store.sessions.read(second.head.id, 0)).toEqual([]);
      expect(await store.sessions.running()).toEqual([head]);
      expect(await logOf(store, first)).toEqual(exactly(first));
      await started(store, 3, classTwo);
    },
  ),
  check("ST13", "of sessions of a class started at once, one wins", async ({ store }) => {
    const rivals = [1, 2, 3, 4].map((count) => beginning(count, classOne));
    const outcomes = await Promise.all(rivals.map(({ head, first }) => store.sessions.start(head, first)));
    expect(outcomes.toSorted()).toEqual(["ok", "running", "running", "running"]);
    const winner = rivals[outcomes.indexOf("ok")];
    expect<unknown>(await store.sessions.page(null, 9)).toEqual([winner?.head]);
    expect<unknown>(await store.sessions.runningOf(classOne)).toEqual(winner?.head);
  }),
  check("ST14", "running sessions come in the order of their starts", async ({ store }) => {
    for (const count of [3, 1, 2]) await started(store, count, classId(count));
    expect(idsOf(await store.sessions.running())).toEqual([3, 1, 2].map(sessionId));
  }),
  check("CL1", "running sessions of some classes come in the order of their starts", async ({ store }) => {
    for (const count of [3, 1, 2, 4]) await started(store, count, classId(count));
    const end = endAfter(beginning(4, classId(4)).first, NOON);
    expect(await appended(store, end)).toEqual(["ok"]);
    const asked = [1, 4, 5, 3].map(classId);
    expect(idsOf(await store.sessions.runningIn(asked))).toEqual([3, 1].map(sessionId));
    expect(await store.sessions.runningIn([])).toEqual([]);
  }),
  check("CL2", "grown are the logs that have a batch after the one known", async ({ store }) => {
    const { first: one } = await started(store, 1, classOne);
    const { first: two } = await started(store, 2, classTwo);
    const known = [one, two].map(({ sessionId: id, number }) => ({ id, number }));
    expect(await store.sessions.grown(known)).toEqual([]);
    const next = marksAfter(two);
    expect(await appended(store, next)).toEqual(["ok"]);
    expect(await store.sessions.grown(known)).toEqual([two.sessionId]);
    expect(await appended(store, marksAfter(next))).toEqual(["ok"]);
    expect(await store.sessions.grown(known)).toEqual([two.sessionId]);
    expect(await store.sessions.grown([{ id: two.sessionId, number: 3 }])).toEqual([]);
    expect(await store.sessions.grown([])).toEqual([]);
  }),
  check("ST15", "pages hold all sessions, running or not, in the order of their ids", async ({ store }) => {
    for (const count of [3, 1, 2]) await ended(store, count);
    await started(store, 4);
    const first = await store.sessions.page(null, 3);
    expect(idsOf(first)).toEqual([1, 2, 3].map(sessionId));
    expect(idsOf(await store.sessions.page(sessionId(3), 3))).toEqual([sessionId(4)]);
    expect(await store.sessions.page(sessionId(4), 3)).toEqual([]);
  }),
  check(
    "ST16",
    "unprojected are the ended sessions whose records are behind their log",
    async ({ store }) => {
      await started(store, 1, classTwo);
      const [two, three] = [await ended(store, 2), await ended(store, 3)];
      expect(idsOf(await store.sessions.unprojected()).toSorted()).toEqual([two.id, three.id]);
      await store.records.project(two.id, [], two.end.lastSeq);
      await store.records.project(three.id, [], three.end.lastSeq - 1);
      expect(idsOf(await store.sessions.unprojected())).toEqual([three.id]);
      await appended(store, marksAfter(two.end));
      expect(idsOf(await store.sessions.unprojected()).toSorted()).toEqual([two.id, three.id]);
    },
  ),
];
