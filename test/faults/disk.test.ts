import { expect, test } from "bun:test";
import fc from "fast-check";
import { refuse } from "../../src/core/errors.ts";
import type { UserId } from "../../src/core/ids.ts";
import { loadLog } from "../../src/log/load.ts";
import { verify } from "../../src/log/verify.ts";
import { classId, user } from "../core/arbitrary.ts";
import { faultyStore } from "./faulty-store.ts";
import { addClass, author, Node } from "./node.ts";

const [ada, ben] = [user(1), user(2)];
const notSaved = refuse("could-not-save");

/** A running session over a store that can be made to fail. */
async function running(roll: readonly UserId[] = [ada, ben]) {
  const { store, fail } = faultyStore();
  const cls = await addClass(store, roll);
  const node = new Node(store);
  await node.sessions.start(cls, author);
  return { store, fail, cls, node, id: node.live.session.id };
}

test("D20 while the store fails marks are refused and not told, and questions are answered from what is on disk", async () => {
  const { fail, node } = await running();
  await node.mark(ada);
  fail("append");
  const answers = await Promise.all([
    node.statusOf(ben),
    node.mark(ben),
    node.statusOf(ben),
    node.mark(ada, "absent"),
    node.statusOf(ada),
    node.summarise(),
  ]);
  expect(answers).toMatchObject([
    { ok: true, value: null },
    notSaved,
    { ok: true, value: null },
    notSaved,
    { ok: true, value: "present" },
    { ok: true, value: { present: 1, absent: 0, total: 1 } },
  ]);
  expect(node.names).toEqual(["marked", "summary"]);
});

test("D20 once the store heals marks are taken without a restart, and the log holds no refused one", async () => {
  const { store, fail, node, id } = await running();
  await node.mark(ada);
  fail("append");
  for (let tries = 0; tries < 3; tries++) expect(await node.mark(ben)).toEqual(notSaved);
  fail();
  expect(await node.mark(ada, "absent")).toMatchObject({ ok: true });
  const { log } = await loadLog(store.sessions, id);
  expect(log.slice(1)).toMatchObject([
    { type: "marked", student: ada, status: "present" },
    { type: "marked", student: ada, status: "absent" },
  ]);
  expect(node.told).toEqual(log.slice(1));
  expect((await verify(store)).faults).toEqual([]);
});

test("D20 a disk that cannot be read either refuses questions too, until it heals", async () => {
  const { fail, node } = await running();
  await node.mark(ada);
  fail("append", "read");
  expect(await Promise.all([node.mark(ben), node.statusOf(ada)])).toEqual([notSaved, notSaved]);
  expect(await node.statusOf(ada)).toEqual(notSaved);
  fail();
  expect(await node.statusOf(ada)).toMatchObject({ ok: true, value: "present" });
  expect(await node.mark(ben)).toMatchObject({ ok: true });
});

test("D20 a session whose start cannot be written has not started, and starts once it can", async () => {
  const { store, fail } = faultyStore();
  const cls = await addClass(store, [ada]);
  const node = new Node(store);
  fail("start");
  await expect(node.sessions.start(cls, author)).rejects.toThrow("EIO");
  expect(node.sessions.memory.ofClass(classId)).toBeUndefined();
  expect(await store.sessions.page(null, 10)).toEqual([]);
  fail();
  await node.sessions.start(cls, author);
  expect(await node.mark(ada)).toMatchObject({ ok: true });
});

const step = fc.record({
  asked: fc.constantFrom("mark", "mark", "mark", "question"),
  /** The disk from here on. */
  failing: fc.boolean(),
  /** Everything asked so far is answered before the next is asked. */
  waits: fc.boolean(),
});

test("D20 however a disk fails and heals, the log holds exactly the marks that were not refused", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const roll = steps.map((_, n) => user(n));
      const { store, fail, node, id } = await running(roll);
      const marks: Promise<{ student: UserId; ok: boolean }>[] = [];
      const questions: Promise<{ ok: boolean }>[] = [];
      for (const [n, { asked, failing, waits }] of steps.entries()) {
        fail(...(failing ? (["append"] as const) : []));
        if (asked === "mark") marks.push(node.mark(user(n)).then(({ ok }) => ({ student: user(n), ok })));
        else questions.push(node.summarise());
        if (waits) await Promise.all([...marks, ...questions]);
      }
      const told = (await Promise.all(marks)).filter(({ ok }) => ok).map(({ student }) => student);
      expect((await Promise.all(questions)).every(({ ok }) => ok)).toBe(true);
      const { log } = await loadLog(store.sessions, id);
      const kept = log.flatMap((event) => (event.type === "marked" ? [event.student] : []));
      expect(kept).toEqual(told);
      expect(node.told.filter(({ type }) => type !== "summary")).toEqual(log.slice(1));
      expect((await verify(store)).faults).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test.each(["project", "audit"] as const)(
  "D22 an end that is on disk is not told while its %s fails, and is told by itself once it can",
  async (part) => {
    const { store, fail, node, id } = await running();
    await node.mark(ada);
    fail(part);
    expect(await node.end([ada, ben])).toEqual(notSaved);
    expect(node.names).toEqual(["marked"]);
    expect(await store.records.latest(classId, ada)).toBeNull();
    expect(await node.mark(ben)).toMatchObject({ ok: false });
    fail();
    await node.until("ended");
    expect(node.names).toEqual(["marked", "ended"]);
    expect(await store.records.latest(classId, ada)).toBe("present");
    expect(await store.records.latest(classId, ben)).toBe("absent");
    expect(node.sessions.memory.ofClass(classId)).toBeUndefined();
    expect((await store.sessions.head(id))?.projectedSeq).toBe(3);
    expect((await verify(store)).faults).toEqual([]);
  },
);

test("D22 an end that cannot be appended has not happened: the session runs on", async () => {
  const { fail, node, store } = await running();
  fail("append");
  expect(await node.end([ada, ben])).toEqual(notSaved);
  fail();
  expect(await node.mark(ada)).toMatchObject({ ok: true });
  expect(await node.end([ada, ben])).toMatchObject({ ok: true, value: { present: 1, absent: 1, total: 2 } });
  expect(node.names).toEqual(["marked", "ended"]);
  expect((await verify(store)).faults).toEqual([]);
});

test("D22 the next start of the class brings the records up first, and the old end is told before it", async () => {
  const { store, fail, node, cls, id } = await running();
  fail("project");
  await node.end([ada, ben]);
  expect(await node.sessions.start(cls, author)).toEqual({ ok: false, code: "could-not-save" });
  fail();
  const next = await node.sessions.start(cls, author);
  expect(next.ok && next.value.live.session.id).not.toBe(id);
  expect(await store.records.ofSession(id)).toHaveLength(2);
  expect(await node.mark(ada)).toMatchObject({ ok: true });
  expect(node.names).toEqual(["ended", "marked"]);
});

test("D22 a restart brings the records up before it serves", async () => {
  const { store, fail, node, id } = await running();
  await node.mark(ada);
  fail("project");
  await node.end([ada, ben]);
  fail();
  const restarted = new Node(store, "two");
  await restarted.sessions.resume();
  expect(restarted.sessions.memory.ofClass(classId)).toBeUndefined();
  expect(await store.records.ofSession(id)).toHaveLength(2);
  expect((await verify(store)).faults).toEqual([]);
});
