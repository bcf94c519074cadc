import { expect, test } from "bun:test";
import fc from "fast-check";
import { Bucket } from "../../src/hub/bucket.ts";

test("P43 a burst passes at once, and one more does not", () => {
  const bucket = new Bucket({ perSecond: 100, burst: 500 }, 0);
  const passed = Array.from({ length: 501 }, () => bucket.take(0));
  expect(passed.filter(Boolean)).toHaveLength(500);
  expect(passed.at(-1)).toBe(false);
});

test("P44 in any stretch of time no more pass than the burst and the rate allow, and a steady sender always passes", () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(gaps, (waits) => {
      const bucket = new Bucket({ perSecond: 100, burst: 5 }, 0);
      let now = 0;
      let passed = 0;
      for (const wait of waits) {
        now += wait;
        if (bucket.take(now)) passed++;
        expect(passed).toBeLessThanOrEqual(5 + now / 10 + 1e-6);
      }
    }),
  );
  const steady = new Bucket({ perSecond: 100, burst: 1 }, 0);
  for (let now = 0; now < 1000; now += 10) expect(steady.take(now)).toBe(true);
});

test("P45 a clock that goes back gives nothing and takes nothing away", () => {
  const bucket = new Bucket({ perSecond: 1, burst: 2 }, 1000);
  expect([bucket.take(1000), bucket.take(0), bucket.take(0)]).toEqual([true, true, false]);
});
