import { expect, test } from "bun:test";
import { cutShort } from "../../src/core/presence/cut-off.ts";
import { type Stay, union } from "../../src/core/presence/intervals.ts";

/** When the socket of somebody whose lid was shut was heard of last, in ms. */
const CUT = 600_000;

const socket = (from: number, to: number | null, toBy: Stay["toBy"], device = "socket n 1"): Stay => ({
  device,
  from,
  fromBy: "socket",
  to,
  toBy,
});
const carried = (
  from: number,
  to: number | null,
  toBy: Stay["toBy"] = to === null ? null : "webhook",
): Stay => ({
  ...socket(from, to, toBy, "carried PA_1"),
  fromBy: "webhook",
});
const cut = socket(0, CUT, "last-sign-of-life");

const boundsOf = (...stays: Stay[]) => union(cutShort(stays), 1).map(({ from, to }) => [from, to]);

test("PR61 what LiveKit noticed before we did, and after it happened, ended with the socket's last sign of life", () => {
  const back = socket(CUT + 40_000, null, null);
  for (const toBy of ["webhook", "list"] as const)
    expect(boundsOf(cut, carried(100, CUT + 20_000, toBy), back)).toEqual([
      [0, CUT],
      [CUT + 40_000, null],
    ]);
  // Who came into the call just now gave a sign of life by that.
  expect(boundsOf(cut, carried(CUT + 1000, CUT + 20_000), back)).toEqual([
    [0, CUT + 1000],
    [CUT + 40_000, null],
  ]);
});

const KEPT: readonly [why: string, stays: readonly Stay[]][] = [
  ["was heard of by LiveKit for longer than that takes to notice", [cut, carried(100, CUT + 60_000)]],
  ["is still named by LiveKit", [cut, carried(100, null)]],
  ["was there at the session's end", [cut, carried(100, CUT + 20_000, "end")]],
  ["came into the call well after the last sign of life", [cut, carried(CUT + 10_000, CUT + 20_000)]],
  ["had left before", [cut, carried(100, CUT - 1)]],
  ["left by a socket that was no silent one", [socket(0, CUT, "socket"), carried(100, CUT + 20_000)]],
  [
    "had another socket all the while",
    [cut, socket(50, null, null, "socket n 2"), carried(100, CUT + 20_000)],
  ],
  ["came back before LiveKit saw them go", [cut, socket(CUT + 9000, null, null), carried(100, CUT + 20_000)]],
];

test.each(KEPT)("PR61 nothing is cut short of who %s", (_, stays) => {
  expect(cutShort(stays)).toEqual(stays);
});
