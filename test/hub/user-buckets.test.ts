import { expect, test } from "bun:test";
import { isUserId, type UserId } from "../../src/core/ids.ts";
import { UserBuckets } from "../../src/hub/user-buckets.ts";
import { until } from "../client/network.ts";

function user(id: string): UserId {
  if (!isUserId(id)) throw new Error(`no user id: ${id}`);
  return id;
}

const [ada, ben] = [user("ada"), user("ben")];
/** Full again after 10 ms. */
const rate = { perSecond: 1000, burst: 10 };

test("P48 a user's sockets share what so many may send, another user has their own", () => {
  const buckets = new UserBuckets(2);
  const [first, second, other] = [ada, ada, ben].map((id) => buckets.hold(id, rate, 0));
  const passed = Array.from({ length: 30 }, (_, n) => (n % 2 ? first : second)?.take(0));
  expect(passed.filter(Boolean)).toHaveLength(20);
  expect(other?.take(0)).toBe(true);
});

test("P48 who comes back finds what was left, until it would be full again", async () => {
  const buckets = new UserBuckets(1);
  const first = buckets.hold(ada, rate, 0);
  for (let sent = 0; sent < 10; sent++) first.take(0);
  buckets.release(ada, rate);
  expect(buckets.hold(ada, rate, 0).take(0)).toBe(false);
  expect([ada, ben].map((id) => buckets.waitOf(id, 0))).toEqual([1.25, 0]);
  expect(buckets.waitOf(ada, 1.25)).toBe(0);
  buckets.release(ada, rate);
  await until("the user is forgotten", () => buckets.size === 0);
  expect(buckets.hold(ada, rate, 0).take(0)).toBe(true);
});
