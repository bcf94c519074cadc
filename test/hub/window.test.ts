import { expect, jest, test } from "bun:test";
import fc from "fast-check";
import { Window } from "../../src/hub/window.ts";

const WINDOW_MS = 2;
const ROUNDING_MS = 1e-5;

/** A window on a clock of its own, and what it let go: topic, frame and when. */
function opened() {
  const clock = { now: 0 };
  const left: { topic: string; frame: string; at: number }[] = [];
  const timers: { at: number; run: () => void }[] = [];
  const window = new Window(WINDOW_MS, (topic, frame) => left.push({ topic, frame, at: clock.now }), {
    now: () => clock.now,
    after: (ms, run) => {
      timers.push({ at: clock.now + ms, run });
    },
  });
  const advance = (to: number) => {
    for (let next = timers[0]; next && next.at <= to; next = timers[0]) {
      timers.shift();
      clock.now = Math.max(clock.now, next.at);
      next.run();
    }
    clock.now = Math.max(clock.now, to);
  };
  /** Nothing runs until then: what is due by that time is late. */
  const holdUp = (until: number) => {
    clock.now = until;
  };
  return { window, left, advance, holdUp };
}

test("P40 every frame for students leaves after one to two windows, each topic's in their order", () => {
  const moments = fc.array(
    fc.record({ after: fc.double({ min: 0, max: 5, noNaN: true }), topic: fc.constantFrom("a", "b") }),
  );
  fc.assert(
    fc.property(moments, (pushes) => {
      const { window, left, advance } = opened();
      const came = new Map<string, number>();
      let now = 0;
      for (const [index, { after, topic }] of pushes.entries()) {
        now += after;
        advance(now);
        window.push(topic, String(index));
        came.set(String(index), now);
      }
      advance(now + 100);
      expect(left).toHaveLength(pushes.length);
      for (const { frame, at } of left) {
        const waited = at - (came.get(frame) ?? Number.NaN);
        expect(waited).toBeGreaterThanOrEqual(WINDOW_MS - ROUNDING_MS);
        expect(waited).toBeLessThanOrEqual(2 * WINDOW_MS + ROUNDING_MS);
      }
      for (const topic of ["a", "b"]) {
        const order = left.filter((one) => one.topic === topic).map(({ frame }) => Number(frame));
        expect(order).toEqual(order.toSorted((a, b) => a - b));
      }
    }),
  );
});

test("P40 a frame that nothing follows leaves after one window; those that follow each other leave together", () => {
  const { window, left, advance } = opened();
  window.push("a", "alone");
  advance(WINDOW_MS);
  expect(left).toEqual([{ topic: "a", frame: "alone", at: WINDOW_MS }]);
  advance(100);
  for (const at of [100, 100.5, 101, 101.5]) {
    advance(at);
    window.push("a", String(at));
  }
  advance(110);
  expect(left.slice(1).map(({ at }) => Math.round(at * 1000))).toEqual(Array(4).fill(104_000));
});

test("P46 what waits while writes hold everything up has its window after them, once", () => {
  const { window, left, advance, holdUp } = opened();
  window.push("a", "first");
  advance(WINDOW_MS);
  window.push("a", "waiting");
  holdUp(10);
  advance(10);
  expect(left.map(({ frame }) => frame)).toEqual(["first"]);
  advance(10.5);
  window.push("a", "read after it");
  holdUp(30);
  advance(30);
  expect(left.slice(1).map(({ frame, at }) => [frame, Math.round(at)])).toEqual([
    ["waiting", 30],
    ["read after it", 30],
  ]);
});

test("P46 a frame that something else held up leaves at once", () => {
  const { window, left, advance, holdUp } = opened();
  window.push("a", "first");
  advance(50);
  window.push("a", "second");
  holdUp(60);
  advance(60);
  expect(left.map(({ at }) => at)).toEqual([WINDOW_MS, 60]);
});

test("P41 a flush lets everything go at once, and nothing leaves twice", () => {
  const { window, left, advance } = opened();
  window.push("a", "1");
  window.push("b", "2");
  window.flush();
  advance(100);
  expect(left.map(({ frame }) => frame)).toEqual(["1", "2"]);
});

test("P42 a window of 0 ms sends each frame at once", () => {
  const publish = jest.fn();
  new Window(0, publish).push("a", "1");
  expect(publish).toHaveBeenCalledWith("a", "1");
});
