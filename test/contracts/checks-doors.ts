import { expect } from "bun:test";
import { ending, OPEN_DOOR, removing } from "../../src/core/room/door.ts";
import { userId } from "./batches.ts";
import { check, type StoreCheck, started } from "./checks.ts";

const shut = removing(OPEN_DOOR, userId(1));

/** What is said of the doors of video rooms. */
export const doorChecks: readonly StoreCheck[] = [
  check(
    "ST95",
    "a door is read as it was written, and there is none of a session that has or is none",
    async ({ store }) => {
      const { head } = await started(store);
      expect(await store.doors.read(head.id)).toBeNull();
      expect(await store.doors.write(head.id, shut)).toBe(true);
      expect(await store.doors.read(head.id)).toEqual(shut);
      await store.sessions.remove(head.id);
      expect(await store.doors.read(head.id)).toBeNull();
      for (const door of [shut, ending(shut)]) expect(await store.doors.write(head.id, door)).toBe(false);
      expect(await store.doors.read(head.id)).toBeNull();
    },
  ),
  check("ST95", "a door that another change was made of meanwhile is not written", async ({ store }) => {
    const { head } = await started(store);
    const before = await store.sessions.head(head.id);
    const other = removing(OPEN_DOOR, userId(2));
    const changes = await Promise.all([shut, other].map((door) => store.doors.write(head.id, door)));
    expect(changes.toSorted()).toEqual([false, true]);
    const first = changes[0] ? shut : other;
    expect(await store.doors.read(head.id)).toEqual(first);
    expect(await store.doors.write(head.id, ending(ending(first)))).toBe(false);
    expect(await store.doors.write(head.id, first)).toBe(false);
    expect(await store.doors.write(head.id, ending(first))).toBe(true);
    expect(await store.doors.read(head.id)).toEqual(ending(first));
    expect(await store.sessions.head(head.id)).toEqual(before);
  }),
  check("ST95", "a door is there after a kill", async ({ store, reopen }) => {
    const { head } = await started(store);
    await store.doors.write(head.id, shut);
    const again = await reopen?.();
    if (again) expect(await again.doors.read(head.id)).toEqual(shut);
  }),
];
