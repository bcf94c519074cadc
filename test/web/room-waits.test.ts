import { expect, test } from "bun:test";
import { type Ice, IceServers } from "../../web/room/call/ice-servers.ts";
import { retryWait } from "../../web/room/call/retry-wait.ts";
import { Silence } from "../../web/room/call/silence.ts";
import { FakeTimers, settle } from "../client/fakes.ts";

const HOUR_MS = 3_600_000;
const ice = (username: string): Ice => ({
  servers: [{ urls: ["turn:school.test"], username, credential: "c" }],
  lifetimeMs: HOUR_MS,
});

/** Servers that are numbered by how often they were asked for; `isDown` says whether nothing answers. */
function numbered() {
  const timers = new FakeTimers();
  const its = { asked: 0, isDown: false };
  const servers = new IceServers(
    async () => {
      its.asked += 1;
      if (its.isDown) throw new Error("down");
      return ice(`user ${its.asked}`);
    },
    timers,
    () => 0.5,
  );
  return { timers, its, servers, user: () => servers.told.get()[0]?.username };
}

test("VW88 the servers of a call are asked for again before their credentials are half as old as they may be", async () => {
  const { timers, servers, user, its } = numbered();
  await servers.begin();
  expect(user()).toBe("user 1");
  await timers.pass(HOUR_MS / 2);
  expect(user()).toBe("user 2");
  await timers.pass(3 * HOUR_MS);
  expect(its.asked).toBeGreaterThan(7);
  servers.end();
  const { asked } = its;
  await timers.pass(3 * HOUR_MS);
  expect(its.asked).toBe(asked);
});

test("VW88 where they cannot be had they are asked for until they can, and those from before stay", async () => {
  const { timers, servers, user, its } = numbered();
  its.isDown = true;
  await servers.begin();
  expect([user(), its.asked]).toEqual([undefined, 1]);
  await timers.pass(10_000);
  expect(its.asked).toBeWithin(4, 10);
  its.isDown = false;
  await timers.pass(30_000);
  const first = user();
  expect(first).toBeDefined();
  its.isDown = true;
  await timers.pass(HOUR_MS / 2);
  expect(user()).toBe(first);
});

test("VW88 an answer that comes once the call is over begins nothing", async () => {
  const timers = new FakeTimers();
  const { promise, resolve } = Promise.withResolvers<Ice>();
  const servers = new IceServers(() => promise, timers);
  const begun = servers.begin();
  servers.end();
  resolve(ice("late"));
  await begun;
  await settle();
  expect(servers.told.get()).toEqual([]);
  expect(timers.wait).toBe(Number.POSITIVE_INFINITY);
});

test("VW91 while LiveKit is away each page asks for it more and more seldom, at a time of its own, and yet within half of ten seconds", () => {
  const waits = (random: number) => Array.from({ length: 12 }, (_, failures) => retryWait(failures, random));
  for (const random of [0, 0.5, 1]) {
    const all = waits(random);
    expect(all).toEqual(all.toSorted((a, b) => a - b));
    expect(all.at(-1)).toBeWithin(2000, 5000);
  }
  expect(retryWait(5, 1) - retryWait(5, 0)).toBeGreaterThanOrEqual(2000);
  expect(retryWait(0, 1)).toBeLessThanOrEqual(500);
});

test("VW33 a call in which nobody else sends anything notices as soon that LiveKit is gone, by either of its connections", () => {
  for (const lost of ["publisher", "subscriber"]) {
    let state = "connected";
    const way = (name: string) => ({
      getICEConnectionState: (): string => (name === lost ? state : "connected"),
    });
    const room = { engine: { pcManager: { publisher: way("publisher"), subscriber: way("subscriber") } } };
    const silence = new Silence();
    expect(silence.look(room, 0)).toBe("heard");
    state = "disconnected";
    expect([1000, 3900, 4100].map((now) => silence.look(room, now))).toEqual(["silent", "silent", "over"]);
    state = "connected";
    expect(silence.look(room, 4200)).toBe("heard");
  }
  expect(new Silence().look({ engine: {} }, 0)).toBe("heard");
});
