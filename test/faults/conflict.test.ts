import { expect, test } from "bun:test";
import { refuse } from "../../src/core/errors.ts";
import { loadLog } from "../../src/log/load.ts";
import { verify } from "../../src/log/verify.ts";
import type { Store } from "../../src/ports/store.ts";
import { createMemoryStore } from "../../src/store/memory/index.ts";
import { classId, user } from "../core/arbitrary.ts";
import { addClass, author, Node } from "./node.ts";

const [ada, ben] = [user(1), user(2)];

/** Two servers that believe they have the class's session to themselves. */
async function rivals() {
  const store = createMemoryStore();
  const cls = await addClass(store, [ada, ben]);
  const [one, two] = [new Node(store, "one"), new Node(store, "two")];
  await one.sessions.start(cls, author);
  await two.sessions.resume();
  return { store, one, two, id: one.live.session.id };
}

test("D23 where another writer was first the mark is decided anew and follows, and nothing is overwritten", async () => {
  const { store, one, two, id } = await rivals();
  const outcomes = [
    await one.mark(ada),
    await two.mark(ben),
    await one.mark(ada, "absent"),
    await two.mark(ada),
  ];
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true, true]);
  const { log } = await loadLog(store.sessions, id);
  expect(log.slice(1)).toMatchObject([
    { seq: 2, student: ada, status: "present" },
    { seq: 3, student: ben, status: "present" },
    { seq: 4, student: ada, status: "absent" },
    { seq: 5, student: ada, status: "present" },
  ]);
  expect((await verify(store)).faults).toEqual([]);
});

test("D23 two servers that mark at once both get all their marks in, each in its order", async () => {
  const { store, one, two, id } = await rivals();
  const marks = Array.from({ length: 20 }, (_, n) => (n % 2 ? ("absent" as const) : ("present" as const)));
  const asked: Promise<{ ok: boolean }>[] = [];
  for (const status of marks) {
    asked.push(one.mark(ada, status), two.mark(ben, status));
    if (asked.length % 5 === 0) await asked.at(-1);
  }
  expect((await Promise.all(asked)).every(({ ok }) => ok)).toBe(true);
  const { log } = await loadLog(store.sessions, id);
  for (const student of [ada, ben]) {
    const kept = log.flatMap((event) =>
      event.type === "marked" && event.student === student ? [event.status] : [],
    );
    expect(kept).toEqual(marks);
  }
  expect((await verify(store)).faults).toEqual([]);
});

test("D23 a mark that meets another writer's end is refused, and the end stands as it was", async () => {
  const { store, one, two, id } = await rivals();
  await one.mark(ada);
  expect(await one.end([ada, ben])).toMatchObject({ ok: true });
  const { log: before } = await loadLog(store.sessions, id);
  expect(await two.mark(ben)).toEqual(refuse("no-active-session"));
  expect((await loadLog(store.sessions, id)).log).toEqual(before);
  expect(await store.records.latest(classId, ben)).toBe("absent");
  // What another server wrote is told to this one's sockets too.
  expect(two.names).toEqual(["marked", "ended"]);
});

test("D23 an end that meets another writer's mark counts it", async () => {
  const { one, two } = await rivals();
  await two.mark(ada);
  expect(await one.end([ada, ben])).toMatchObject({ ok: true, value: { present: 1, absent: 1, total: 2 } });
});

test("D23 of two starts of a class one is written and both serve it", async () => {
  const store = createMemoryStore();
  const cls = await addClass(store, [ada]);
  const nodes = [new Node(store, "one"), new Node(store, "two")];
  const started = await Promise.all(nodes.map((node) => node.sessions.start(cls, author)));
  expect(new Set(started.map((one) => one.ok && one.value.live.session.id)).size).toBe(1);
  expect(await store.sessions.page(null, 10)).toHaveLength(1);
});

test("D23 a log that never stops moving refuses the mark in the end", async () => {
  const inner = createMemoryStore();
  let appends = 0;
  const store: Store = {
    ...inner,
    sessions: {
      ...inner.sessions,
      append: (batches) => {
        appends++;
        return batches.map(async () => "conflict" as const);
      },
    },
  };
  const cls = await addClass(store, [ada]);
  const node = new Node(store);
  await node.sessions.start(cls, author);
  expect(await node.mark(ada)).toEqual(refuse("could-not-save"));
  expect(appends).toBeLessThanOrEqual(20);
  expect(node.names).toEqual([]);
});
