import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { redisBus } from "../../src/bus/redis.ts";
import { redisFault } from "../../src/bus/redis-answer.ts";
import { redisWindows } from "../../src/bus/redis-windows.ts";
import { memoryWindows } from "../../src/identity/failure-windows.ts";
import type { Bus, BusState } from "../../src/ports/bus.ts";
import { systemClock } from "../../src/ports/clock.ts";
import { until } from "../client/network.ts";
import { startRedis, type TestRedis } from "../services/redis.ts";
import { LateProxy } from "./late-proxy.ts";

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
}, 60_000);
afterAll(() => redis.remove());

const open: Bus[] = [];
afterEach(async () => {
  for (const bus of open.splice(0)) await bus.close();
});

/** One end of the bus, and what came of it. */
function end(url = redis.url, prefix = "test") {
  const heard: string[] = [];
  const following: string[] = [];
  const states: BusState[] = [];
  const bus = redisBus({ url, prefix, heartbeatMs: 50, troubled: () => undefined })({
    heard: (channel, message) => heard.push(`${channel} ${message}`),
    following: (channel) => following.push(channel),
    changed: (state) => states.push(state),
  });
  open.push(bus);
  return {
    bus,
    heard,
    following,
    states,
    until: (state: BusState) => until(state, () => bus.state === state),
  };
}

test("CL14 news reaches those who follow its channel, in order, and nobody of another deployment", async () => {
  const [one, two, stranger] = [end(), end(), end(redis.url, "other")];
  for (const { bus } of [two, stranger]) bus.follow("class/1");
  two.bus.follow("class/2");
  await Promise.all([one, two, stranger].map((each) => each.until("ok")));
  await until("followed channels", () => two.following.length === 2 && stranger.following.length === 1);
  for (let n = 0; n < 5; n++) one.bus.publish("class/1", `${n}`);
  one.bus.publish("class/3", "unheard");
  two.bus.leave("class/2");
  one.bus.publish("class/1", "last");
  await until(
    "the news",
    () => two.heard.length === 6,
    () => two.heard,
  );
  expect(two.heard).toEqual([0, 1, 2, 3, 4, "last"].map((n) => `class/1 ${n}`));
  expect([one.heard, stranger.heard]).toEqual([[], []]);
});

test("CL30 a Redis that refuses is told to the operator once, from the start on, without its password", async () => {
  const troubles: unknown[] = [];
  const closing = { tries: 0 };
  // It closes after each login that it refuses, so that there are many.
  const refusing = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      data(socket) {
        closing.tries++;
        socket.end("-WRONGPASS invalid username-password pair or user is disabled.\r\n".repeat(3));
      },
    },
  });
  const bus = redisBus({
    url: `redis://user:sesame@127.0.0.1:${refusing.port}`,
    prefix: "test",
    heartbeatMs: 50,
    troubled: (_what, error) => troubles.push(error),
  })({ heard: () => undefined, following: () => undefined, changed: () => undefined });
  open.push(bus);
  await until("several tries", () => closing.tries > 4);
  refusing.stop(true);
  expect(troubles).toHaveLength(1);
  expect(Bun.inspect(troubles)).toContain("WRONGPASS");
  expect(Bun.inspect(troubles)).not.toContain("sesame");
});

test("O63 the doctor says whether Redis carries news, and why not, without its password", async () => {
  expect(await redisFault(redis.url, "test")).toBeNull();
  const withPassword = redis.url.replace("redis://", "redis://ada:sesame@");
  for (const [url, why] of [
    [withPassword, "WRONGPASS"],
    ["redis://ada:sesame@127.0.0.1:1", "ECONNREFUSED"],
  ] as const) {
    const told = (await redisFault(url, "test")) ?? "";
    expect(told).toContain(why);
    expect(told).not.toMatch(/ada|sesame/);
  }
});

test("CL14 a Redis that was killed is told at once, and back again everything is followed by itself", async () => {
  const [one, two] = [end(), end()];
  two.bus.follow("class/1");
  await Promise.all([one, two].map((each) => each.until("ok")));
  await redis.service.kill9();
  await two.until("down");
  one.bus.publish("class/1", "lost");
  await redis.service.start();
  await Promise.all([one, two].map((each) => each.until("ok")));
  await until("a second following", () => two.following.length === 2);
  one.bus.publish("class/1", "news");
  await until("the news", () => two.heard.length === 1);
  expect(two.heard).toEqual(["class/1 news"]);
});

test("CL14 a Redis that hangs is noticed, though its connections stay, and left for new ones", async () => {
  const two = end();
  two.bus.follow("class/1");
  await two.until("ok");
  redis.service.signal("SIGSTOP");
  await two.until("down");
  redis.service.signal("SIGCONT");
  await two.until("ok");
  await until("a second following", () => two.following.length >= 2);
});

test("CL14 a Redis that answers late is late, and its news is news all the same", async () => {
  const proxy = await LateProxy.to(redis.service.port, 100);
  const two = end(`redis://127.0.0.1:${proxy.port}`);
  two.bus.follow("class/1");
  await two.until("late");
  await until("the channel", () => two.following.length === 1);
  two.bus.publish("class/1", "news");
  await until("the news", () => two.heard.length === 1);
  expect(two.states).not.toContain("ok");
  proxy.close();
});

test("CL13 wrong passwords are counted together, and by each alone while Redis does not answer", async () => {
  const windows = () =>
    redisWindows({
      url: redis.url,
      prefix: "test",
      own: memoryWindows(10, systemClock),
      troubled: () => undefined,
    });
  const [one, two] = [windows(), windows()];
  const soon = Date.now();
  // Until it is connected it goes by its own.
  for (let tries = 0; (await two.of("ada"))?.count !== 1; tries++) {
    await one.forget("ada");
    await one.add("ada", soon, 60_000);
    await Bun.sleep(5);
    if (tries > 1000) throw new Error("they never counted together");
  }
  await two.add("ada", soon + 1, 60_000);
  expect(await one.of("ada")).toMatchObject({ count: 2, lastAt: soon + 1 });
  redis.service.signal("SIGSTOP");
  await one.add("ada", soon + 2, 60_000);
  expect(await one.of("ada")).toMatchObject({ count: 2, lastAt: soon + 2 });
  redis.service.signal("SIGCONT");
  await two.forget("ada");
  expect(await two.of("ada")).toBeNull();
});
