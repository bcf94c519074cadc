import { expect, test } from "bun:test";
import { Caretaker } from "../../src/presence/caretaker.ts";
import { house, socket, user } from "./house.ts";

const FROM = 1_700_000_000_000;

/** A session in whose room two are by the node `one`, and one whose beats are `beats`. */
async function lesson(beats: Readonly<Record<string, number>>, alive: readonly string[]) {
  const built = await house("one");
  const { book, clock, id, server } = built;
  book.passed("entered", socket(1), id);
  clock.at += 2000;
  book.passed("entered", socket(2), id);
  await book.settle(id);
  const row = {
    host: "h",
    secret: { salt: "", print: "" },
    news: "poll",
    beats: 1,
    at: 0,
    carries: true,
    unsaid: 0,
  } as const;
  const caretaker = new Caretaker({
    node: "two",
    memory: server.sessions.memory,
    nodes: {
      alive: async () => alive.map((node) => ({ ...row, id: node })),
      lastBeat: async (node) => beats[node] ?? null,
    },
    others: () => [],
    silentMs: 7000,
    troubled: (what) => server.troubles.push(what),
  });
  return { ...built, caretaker };
}

test("PR11 whoever was there by a node that is gone left at its last beat, once", async () => {
  const { caretaker, server, stays } = await lesson({ one: FROM + 9000 }, ["two"]);
  await caretaker.sweep();
  await caretaker.sweep();
  for (const n of [1, 2]) expect(stays(n)).toMatchObject([{ to: FROM + 9000, toBy: "last-sign-of-life" }]);
  expect(server.names).toEqual(["entered", "entered", "left", "left"]);
});

test("PR11 where its beats are not known, or older than what the log has of it, the log is its last sign", async () => {
  for (const beats of [{}, { one: FROM - 60_000 }] as const) {
    const { caretaker, stays } = await lesson(beats, []);
    await caretaker.sweep();
    for (const n of [1, 2]) expect(stays(n)).toMatchObject([{ to: FROM + 2000 }]);
  }
});

test("PR11 nobody is seen out by whose node the store knows to live", async () => {
  const { caretaker, stays } = await lesson({ one: FROM + 9000 }, ["one", "two"]);
  await caretaker.sweep();
  expect(stays(1)).toMatchObject([{ to: null }]);
});

test("PR11 a store that fails is asked again", async () => {
  const { caretaker, fail, server, stays } = await lesson({ one: FROM + 9000 }, []);
  fail("append");
  await caretaker.sweep();
  expect(server.names).toEqual(["entered", "entered"]);
  fail();
  await server.live.catchUp();
  await caretaker.sweep();
  expect(stays(1)).toMatchObject([{ to: FROM + 9000 }]);
});

test("PR11 who is in the call by the carrier's word stays there when the server of their socket is gone", async () => {
  const { book, caretaker, id, stays } = await lesson({ one: FROM + 9000 }, ["two"]);
  book.told("entered", { session: id, user: user(1), device: "PA_1", when: FROM + 500 });
  await book.settle(id);
  await caretaker.sweep();
  expect(stays(1)).toMatchObject([
    { device: "socket one s1", to: FROM + 9000, toBy: "last-sign-of-life" },
    { device: "carried PA_1", from: FROM + 500, to: null },
  ]);
  expect(stays(2)).toMatchObject([{ to: FROM + 9000 }]);
});
