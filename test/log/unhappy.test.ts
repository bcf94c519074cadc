import { expect, test } from "bun:test";
import type { StoredBatch } from "../../src/core/batch.ts";
import type { SessionId } from "../../src/core/ids.ts";
import { end, mark } from "../../src/core/session/decide.ts";
import type { LoggedEvent } from "../../src/core/session/events.ts";
import { sealBatch } from "../../src/log/seal.ts";
import { Tail } from "../../src/log/tail.ts";
import { createMemoryStore } from "../../src/store/memory/index.ts";
import { teacher, user } from "../core/arbitrary.ts";
import { addClass, author, Node } from "../faults/node.ts";

const [ada, ben] = [user(1), user(2)];

async function running() {
  const store = createMemoryStore();
  const cls = await addClass(store, [ada, ben]);
  const node = new Node(store);
  await node.sessions.start(cls, author);
  return { store, node, cls };
}

test("L7 a start that queues behind the end of its class starts a new session, and harms nothing that queued with it", async () => {
  const { store, node, cls } = await running();
  const { live } = node;
  const command = { id: "a", digest: "d" };
  const [marked, ended, started] = await Promise.all([
    live.commit(author, (now) => mark(now, ada, "present")),
    live.commit(author, (now) => end(now, [ada, ben])),
    node.sessions.start(cls, { by: teacher, via: "v1", command }),
  ]);
  expect([marked.ok, ended.ok]).toEqual([true, true]);
  expect(started.ok && started.value.live.session.id).not.toBe(live.session.id);
  expect(await store.records.latest(cls.id, ada)).toBe("present");
});

test("L8 a rule that breaks refuses its own command and no other's", async () => {
  const { node } = await running();
  const broken = node.live.commit(author, () => {
    throw new Error("a mistake of ours");
  });
  expect(await Promise.all([node.mark(ada), broken, node.mark(ben)])).toEqual([
    { ok: true, value: "present" },
    { ok: false, code: "internal" },
    { ok: true, value: "present" },
  ]);
});

test("L8 whoever breaks on being told or answered stops nobody else", async () => {
  const { node } = await running();
  node.onTold = () => {
    throw new Error("a mistake of a dialect");
  };
  const asked = node.live.ask(
    () => ({ ok: true, events: [], value: 1 }),
    () => {
      throw new Error("a mistake of whoever asked");
    },
  );
  expect(await node.mark(ada)).toMatchObject({ ok: true });
  node.onTold = () => undefined;
  expect(await node.mark(ben)).toMatchObject({ ok: true });
  expect(node.troubles).toEqual(["the class could not be told", "an answer broke whoever asked"]);
  expect(await asked).toMatchObject({ ok: true, value: 1 });
});

test("L9 one broken log stops neither the server nor the other classes", async () => {
  const { store, node, cls } = await running();
  const read: typeof store.sessions.read = async (id, after) =>
    (await store.sessions.read(id, after)).map((batch) => ({ ...batch, body: `${batch.body} ` }));
  const restarted = new Node({ ...store, sessions: { ...store.sessions, read } }, "two");
  await restarted.sessions.resume();
  expect(restarted.troubles).toEqual(["the log of a running session is broken and its class stands still"]);
  expect(await restarted.sessions.start(cls, author)).toEqual({ ok: false, code: "log-damaged" });
  expect(node.live.session.endedAt).toBeNull();
});

type Read = (id: SessionId, after: number, limit?: number) => Promise<StoredBatch[]>;

/** A node that has marked Ada, over a store that takes nothing while it is ill, and then reads as it is told to. */
async function ailing(wrongly: (read: Read) => Read) {
  const store = createMemoryStore();
  const { sessions } = store;
  const cls = await addClass(store, [ada, ben]);
  const health = { isIll: false };
  const append: typeof sessions.append = (batches) =>
    health.isIll ? batches.map(() => Promise.reject(new Error("nobody answered"))) : sessions.append(batches);
  const wrong = wrongly(sessions.read);
  const read: Read = (...asked) => (health.isIll ? wrong(...asked) : sessions.read(...asked));
  const node = new Node({ ...store, sessions: { ...sessions, append, read } });
  await node.sessions.start(cls, author);
  await node.mark(ada);
  health.isIll = true;
  return { node, health };
}

/** What is asked of such a node is refused until its store is well, and then as it was. */
async function takesNothingBack({ node, health }: Awaited<ReturnType<typeof ailing>>): Promise<void> {
  expect(await node.mark(ben)).toEqual({ ok: false, code: "could-not-save" });
  expect(await node.statusOf(ada)).toEqual({ ok: false, code: "could-not-save" });
  expect(node.troubles.at(-1)).toBe("the log of a session could not be read");
  health.isIll = false;
  expect(await node.statusOf(ada)).toMatchObject({ ok: true, value: "present" });
  await node.mark(ben);
  expect(node.ranges).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
}

test("L12 a store that answers with less than a log had is not believed: nothing is taken back, told twice or decided on it", async () => {
  await takesNothingBack(await ailing((read) => async (id, after) => (await read(id, 0, 1)).slice(after)));
});

test("L12 nor is one that has as many batches and another in the place of what was told", async () => {
  const event = {
    seq: 2,
    at: 1,
    by: teacher,
    via: "v1",
    type: "marked",
    student: ada,
    status: "absent",
  } as const;
  const wrongly =
    (read: Read): Read =>
    async (...asked) => {
      const [first] = await read(asked[0], 0, 1);
      if (!first) throw new Error("the log has begun");
      const other = sealBatch(asked[0], { number: 1, hash: first.hash }, "another", [event]);
      return (await read(...asked)).map((batch) => (batch.number === 2 ? other : batch));
    };
  await takesNothingBack(await ailing(wrongly));
});

test("L11 a session whose start was written and threw is told from its first event by the start sent again", async () => {
  const store = createMemoryStore();
  const cls = await addClass(store, [ada, ben]);
  let cuts = 1;
  const start: typeof store.sessions.start = async (head, first) => {
    const outcome = await store.sessions.start(head, first);
    if (cuts-- > 0) throw new Error("the connection was cut between the write and its answer");
    return outcome;
  };
  const node = new Node({ ...store, sessions: { ...store.sessions, start } });
  const command = { id: "a", digest: "d" };
  const asked = { by: teacher, via: "v1", command } as const;
  expect(await node.sessions.start(cls, asked).catch(String)).toContain("the connection was cut");
  expect(await node.sessions.start(cls, asked)).toMatchObject({ ok: true, value: { seq: 1 } });
  await node.mark(ada);
  expect(node.ranges).toEqual([
    [1, 1],
    [2, 2],
  ]);
});

test("C5 a tail keeps what its capacity says, nothing where that is 0", () => {
  const event = (seq: number): LoggedEvent => ({
    seq,
    at: 1,
    by: teacher,
    via: "plain",
    type: "startedAgain",
  });
  for (const capacity of [0, 1, 5]) {
    const tail = new Tail(capacity, [event(1)]);
    for (let seq = 2; seq <= 50; seq++) tail.push([event(seq)]);
    expect(tail.after(50)).toEqual([]);
    expect(tail.after(51)).toBeNull();
    expect(tail.after(50 - capacity)?.map(({ seq }) => seq)).toEqual(
      Array.from({ length: capacity }, (_, index) => 51 - capacity + index),
    );
    expect(tail.after(50 - 2 * capacity - 1)).toBeNull();
  }
});
