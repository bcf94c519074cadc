import { expect, setDefaultTimeout, test } from "bun:test";
import { sleepThrough } from "./sleeper.ts";

setDefaultTimeout(90_000);

/** Cut off after three seconds of silence, and away for longer than is bridged: `npm run campaign:lid` takes 40 s by the defaults. */
const SHORT = {
  ROOM_PING_MS: "300",
  PING_AFTER_MS: "500",
  SILENCE_MAX_MS: "3000",
  PRESENCE_BRIDGE_MS: "2000",
};

const near = (time: string | null | undefined, other: number): boolean =>
  Math.abs(Date.parse(time ?? "") - other) < 2000;

test("VW61 a machine whose lid was shut is back in the call by itself, asks for no device again, and its absence is known to two seconds", async () => {
  const { shut, asked, presence, backMs } = await sleepThrough(6000, { env: SHORT });
  expect(asked[1]).toBe(asked[0]);
  const [before, after, ...more] = presence.intervals;
  expect(more).toEqual([]);
  expect(before).toMatchObject({ toBy: "last-sign-of-life", bridged: [] });
  expect(near(before?.to, shut[0])).toBe(true);
  // It comes in again once it has noticed: the call is back no sooner than that.
  expect(Date.parse(after?.from ?? "")).toBeGreaterThan(shut[1]);
  expect(Date.parse(after?.from ?? "")).toBeLessThanOrEqual(shut[1] + backMs);
  expect(presence.here).toBe(true);
});
