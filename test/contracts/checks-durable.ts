import { expect } from "bun:test";
import type { SealedBatch } from "../../src/core/batch.ts";
import { endAfter, marksAfter, NOON, userId } from "./batches.ts";
import {
  appended,
  check,
  classOne,
  classTwo,
  exactly,
  logOf,
  recordOf,
  type StoreCheck,
  started,
} from "./checks.ts";
import { course, person } from "./checks-people.ts";

/** What is left after a kill. */
export const durableChecks: readonly StoreCheck[] = [
  check(
    "ST33",
    "a batch that was acknowledged is read, and is there after a kill",
    async ({ store, reopen }) => {
      const { first } = await started(store);
      const log: SealedBatch[] = [first];
      for (let count = 0; count < 3; count++) {
        const batch = marksAfter(log.at(-1) ?? first);
        expect(await appended(store, batch)).toEqual(["ok"]);
        log.push(batch);
        expect(await logOf(store, first)).toEqual(exactly(...log));
      }
      const after = await reopen?.();
      if (after) expect(await logOf(after, first)).toEqual(exactly(...log));
    },
  ),
  check("ST33", "an end that was acknowledged is there after a kill", async ({ store, reopen }) => {
    const { head, first } = await started(store);
    const end = endAfter(first, NOON + 5);
    await appended(store, end);
    const after = await reopen?.();
    if (!after) return;
    expect(await after.sessions.head(head.id)).toEqual({ ...head, headSeq: 2, endedAt: NOON + 5 });
    expect(await logOf(after, first)).toEqual(exactly(first, end));
  }),
  check(
    "ST34",
    "everything acknowledged is there after a kill, and goes on from there",
    async ({ store, reopen }) => {
      const [ada, maths] = [person(1, "Ada"), course(1, { studentIds: [userId(1)] })];
      const audit = { number: 1, body: "{}", hash: "a".repeat(64) };
      const [one, two] = [await started(store, 1, classOne), await started(store, 2, classTwo)];
      const end = endAfter(one.first, NOON + 5);
      const record = { ...recordOf(one.head, ada.id), at: NOON + 5 };
      await appended(store, end);
      await store.records.project(one.head.id, [{ ...record, status: "present" }], 2);
      await store.users.add(ada);
      await store.classes.add(maths);
      await store.audit.append(audit);
      const after = await reopen?.();
      if (!after) return;
      expect(await after.users.byEmail(ada.email)).toEqual(ada);
      expect(await after.classes.byId(maths.id)).toEqual(maths);
      expect(await after.records.latest(classOne, ada.id)).toBe("present");
      expect(await after.sessions.unprojected()).toEqual([]);
      expect(await after.sessions.running()).toEqual([two.head]);
      expect(await after.audit.last()).toEqual(audit);
      expect(await appended(after, two.first)).toEqual(["conflict"]);
      expect(await appended(after, marksAfter(two.first))).toEqual(["ok"]);
    },
  ),
  check("ST35", "the probe resolves while the store can commit, and changes nothing", async ({ store }) => {
    const { head, first } = await started(store);
    for (let count = 0; count < 3; count++) await store.probe();
    expect(await store.sessions.page(null, 9)).toEqual([head]);
    expect(await appended(store, marksAfter(first))).toEqual(["ok"]);
  }),
];
