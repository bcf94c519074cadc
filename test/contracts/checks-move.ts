import { expect } from "bun:test";
import { classId, NOON, sessionId, userId } from "./batches.ts";
import { check, type StoreCheck, started } from "./checks.ts";
import { course } from "./checks-people.ts";

/** What moving everything to another store asks of one. */
export const moveChecks: readonly StoreCheck[] = [
  check(
    "MI1",
    "pages hold all classes, archived ones too, oldest first, with their rolls",
    async ({ store }) => {
      const studentIds = [userId(2), userId(1)];
      const classes = [
        course(3),
        course(1, { archivedAt: NOON, studentIds }),
        course(4),
        course(2, { studentIds }),
      ];
      for (const one of classes) await store.classes.add(one);
      const first = await store.classes.page(null, 3);
      expect(first).toEqual(classes.slice(0, 3));
      expect(await store.classes.page(classId(4), 3)).toEqual(classes.slice(3));
      expect(await store.classes.page(classId(2), 3)).toEqual([]);
    },
  ),
  check(
    "MI2",
    "pages by start hold all sessions in the order in which they were started",
    async ({ store }) => {
      const order = [3, 1, 4, 2];
      for (const count of order) await started(store, count, classId(count));
      const paged = async (after: number | null) =>
        (await store.sessions.pageByStart(after === null ? null : sessionId(after), 3)).map(({ id }) => id);
      expect(await paged(null)).toEqual([3, 1, 4].map(sessionId));
      expect(await paged(4)).toEqual([sessionId(2)]);
      expect(await paged(2)).toEqual([]);
    },
  ),
  check(
    "MI3",
    "where the data came from is kept, and replaced, also over a kill",
    async ({ store, reopen }) => {
      expect(await store.origin.read()).toBeNull();
      const begun = { from: "sqlite:/old", startedAt: NOON, finishedAt: null };
      await store.origin.write(begun);
      expect(await store.origin.read()).toEqual(begun);
      await store.origin.write({ ...begun, finishedAt: NOON + 1 });
      const after = (await reopen?.()) ?? store;
      expect(await after.origin.read()).toEqual({ ...begun, finishedAt: NOON + 1 });
    },
  ),
];
