import { expect, test } from "bun:test";
import { archiveClass } from "../../src/commands/archive-class.ts";
import { startSession } from "../../src/commands/start-session.ts";
import { ok } from "../../src/core/errors.ts";
import type { Store } from "../../src/ports/store.ts";
import { createMemoryStore } from "../../src/store/memory/index.ts";
import { classId, teacher, user } from "../core/arbitrary.ts";
import { House } from "../dialects/house.ts";
import { addClass } from "../faults/node.ts";

const request = {
  actor: { id: teacher, name: "Ada", role: "teacher", tokensFrom: 0, browser: null },
  raw: async () => ok({ classId }),
  via: "http",
  where: { request: "1" },
} as const;

/** A house of one class, over a store whose sessions are changed. */
async function houseWith(change: (good: Store) => Partial<Store["sessions"]>) {
  const good = createMemoryStore();
  await addClass(good, [user(1), user(2)]);
  const house = new House({ ...good, sessions: { ...good.sessions, ...change(good) } });
  await house.start();
  return { good, context: house.context };
}

test("K3 a start that was under way while its class was archived is refused, and its session ended", async () => {
  const archived = Promise.withResolvers<void>();
  const { good, context } = await houseWith(({ sessions }) => ({
    start: async (head, first) => {
      await archived.promise;
      return sessions.start(head, first);
    },
  }));
  const starting = startSession.execute(context, request);
  expect(await archiveClass.execute(context, request)).toMatchObject({ ok: true });
  archived.resolve();
  expect(await starting).toMatchObject({ ok: false, code: "class-not-found" });
  expect(await good.sessions.running()).toEqual([]);
  expect(await good.sessions.unprojected()).toEqual([]);
  const [head] = await good.sessions.page(null, 9);
  expect(head?.endedAt).not.toBeNull();
  expect(head && (await good.records.ofSession(head.id)).map(({ status }) => status)).toEqual([
    "absent",
    "absent",
  ]);
});

test("K3 a session whose end cannot be written keeps its class from being archived", async () => {
  let isFull = false;
  const { good, context } = await houseWith(({ sessions }) => ({
    append: (batches) =>
      isFull ? batches.map(() => Promise.reject(new Error("ENOSPC"))) : sessions.append(batches),
  }));
  expect(await startSession.execute(context, request)).toMatchObject({ ok: true });
  isFull = true;
  expect(await archiveClass.execute(context, request)).toEqual({ ok: false, code: "could-not-save" });
  expect((await good.classes.byId(classId))?.archivedAt).toBeNull();
  isFull = false;
  expect(await archiveClass.execute(context, request)).toMatchObject({ ok: true });
  expect(await good.sessions.running()).toEqual([]);
});
