import { expect, test } from "bun:test";
import type { LoggedEvent, SessionEvent } from "../../src/core/session/events.ts";
import { partings } from "../../src/hub/partings.ts";
import { NOON, teacher, userId } from "../contracts/batches.ts";

const [ada, ben] = [userId(1), userId(2)];
const mark = (student = ada): SessionEvent => ({ type: "marked", student, status: "present" });
const leave = (student = ada): SessionEvent => ({ type: "withdrawn", student });
const logged = (first: number, ...events: SessionEvent[]): LoggedEvent[] =>
  events.map((event, index) => ({ ...event, seq: first + index, at: NOON, by: teacher, via: "plain" }));
const summary = { type: "summary", dialect: "plain", figures: { present: 0, absent: 0, total: 0 } } as const;

/** What stands in each part: the types, the range, and who leaves after it. */
const shape = (told: Parameters<typeof partings>[0]) =>
  partings(told).map(({ before, withdrawn }) => [
    before.items.map(({ type }) => type),
    before.range,
    withdrawn,
  ]);

test("K5 what is told in one commit is cut after each withdrawal, and the parts cover every number once", () => {
  const items = logged(7, mark(ben), leave(), mark(ben), mark(ben), leave(ben));
  expect(shape({ items, range: [7, 11] })).toEqual([
    [["marked", "withdrawn"], [7, 8], ada],
    [["marked", "marked", "withdrawn"], [9, 11], ben],
  ]);
});

test("K5 what follows the last withdrawal is a part of its own, notices among it", () => {
  const [first, second, third] = logged(1, leave(), mark(ben), mark(ben));
  if (!first || !second || !third) throw new Error("three events");
  expect(shape({ items: [first, second, summary, third], range: [1, 3] })).toEqual([
    [["withdrawn"], [1, 1], ada],
    [["marked", "summary", "marked"], [2, 3], null],
  ]);
  expect(shape({ items: [first, summary], range: [1, 1] })).toEqual([
    [["withdrawn"], [1, 1], ada],
    [["summary"], null, null],
  ]);
});

test("K5 without a withdrawal everything is told as it is", () => {
  for (const told of [
    { items: logged(1, mark(), mark()), range: [1, 2] as const },
    { items: [summary], range: null },
  ])
    expect(partings(told)).toEqual([{ before: told, withdrawn: null }]);
});
