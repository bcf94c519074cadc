import { expect } from "bun:test";
import type { NodeRow } from "../../src/ports/nodes.ts";
import { check, type StoreCheck } from "./checks.ts";

const node = (id: string): NodeRow => ({
  id,
  host: `host of ${id}`,
  secret: { salt: `salt of ${id}`, print: "print" },
  news: "redis",
});

const CLEAR = { carries: true, unsaid: 0 };
const LONG = 60_000;
/** What a row of a test may be old by the store's clock and still count as new: the machine may be busy. */
const SOON = 30_000;

/** In ms; a busy machine must be able to ask within it. */
const SILENT = 500;

/** The nodes' alive rows. */
export const nodeChecks: readonly StoreCheck[] = [
  check(
    "CL3",
    "a node that beat is alive, as it said, with how its news goes, and its beats are counted",
    async ({ store }) => {
      expect(await store.nodes.alive(LONG)).toEqual([]);
      const now = await store.nodes.beat(node("b"), CLEAR);
      await store.nodes.beat(node("a"), CLEAR);
      await store.nodes.beat(node("b"), { carries: false, unsaid: 3 });
      const alive = await store.nodes.alive(LONG);
      expect(alive.map(({ beats, at, ...row }) => [row, beats])).toEqual([
        [{ ...node("a"), ...CLEAR }, 1],
        [{ ...node("b"), carries: false, unsaid: 3 }, 2],
      ]);
      for (const { at } of alive) expect(at - now >= 0 && at - now < SOON).toBe(true);
    },
  ),
  check("CL3", "when a node beat last is known long after, and by the next process", async (opened) => {
    const { store, reopen } = opened;
    await store.nodes.beat(node("a"), CLEAR);
    const at = await store.nodes.beat(node("a"), CLEAR);
    expect(await store.nodes.lastBeat("unknown")).toBeNull();
    for (const { nodes } of [store, (await reopen?.()) ?? store])
      expect((await nodes.lastBeat("a")) ?? 0).toBeGreaterThanOrEqual(at);
  }),
  check("CL3", "a node that left, or was silent for too long, is not", async ({ store }) => {
    await store.nodes.beat(node("a"), CLEAR);
    const at = await store.nodes.beat(node("b"), CLEAR);
    await store.nodes.leave("a");
    await store.nodes.leave("unknown");
    expect((await store.nodes.alive(LONG)).map(({ id }) => id)).toEqual(["b"]);
    let now = at;
    while (now - at <= SILENT) {
      await Bun.sleep(SILENT / 10);
      now = await store.nodes.beat(node("c"), CLEAR);
    }
    expect((await store.nodes.alive(SILENT)).map(({ id }) => id)).toEqual(["c"]);
  }),
];
