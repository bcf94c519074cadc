import { expect, test } from "bun:test";
import fc from "fast-check";
import { waitAfter } from "../../src/core/throttle.ts";

const patience = { free: 5, firstMs: 1000, mostMs: 900_000 };
const after = (count: number, passed = 0) => waitAfter({ count, lastAt: 1000 }, 1000 + passed, patience);

test("TH1 so many wrong passwords are free, then the wait doubles up to the longest", () => {
  expect(waitAfter(null, 0, patience)).toBe(0);
  expect([1, 4].map((count) => after(count))).toEqual([0, 0]);
  expect([5, 6, 7, 8].map((count) => after(count))).toEqual([1000, 2000, 4000, 8000]);
  expect([15, 100, 100_000].map((count) => after(count))).toEqual([900_000, 900_000, 900_000]);
});

test("TH1 a wait ends by itself", () => {
  expect(after(6, 1999)).toBe(1);
  expect(after(6, 2000)).toBe(0);
});

test("TH1 whatever the clock does, no wait is longer than the longest, nor negative", () => {
  fc.assert(
    fc.property(fc.nat(200), fc.maxSafeInteger(), fc.maxSafeInteger(), (count, lastAt, now) => {
      const wait = waitAfter({ count, lastAt }, now, patience);
      expect(wait >= 0 && wait <= patience.mostMs).toBe(true);
    }),
  );
});
