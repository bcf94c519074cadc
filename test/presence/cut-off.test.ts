import { expect, test } from "bun:test";
import { timeInRoom } from "../../src/core/presence/time-in-room.ts";
import { replay } from "../../src/core/session/state.ts";
import { loadLog } from "../../src/log/load.ts";
import { hasCaller } from "../../src/presence/devices.ts";
import { house, socket, user } from "./house.ts";

const FROM = 1_700_000_000_000;

/** The first user is in the room by these sockets, and in the call so many ms later. */
async function inCall(cameMs = 100, sockets: readonly string[] = ["s1"]) {
  const its = await house();
  const seen = { session: its.id, user: user(1), device: "PA_1", when: FROM + cameMs };
  for (const one of sockets) its.book.passed("entered", socket(1, one), its.id);
  its.book.told("entered", seen);
  await its.book.settle(its.id);
  return { ...its, seen };
}

test("PR61 whose network is cut left LiveKit's call when their socket was heard of last, however late LiveKit notices", async () => {
  const { book, clock, id, seen, server, stays } = await inCall();
  clock.at += 60_000;
  book.passed("left", socket(1, "s1", performance.now() - 41_000), id);
  await book.settle(id);
  const cut = stays(1)[0]?.to ?? 0;
  expect(Math.abs(cut - (FROM + 19_000))).toBeLessThan(200);
  // LiveKit has not noticed yet, and then it has.
  book.listed(id, [seen], cut + 10_000);
  book.told("left", { ...seen, when: cut + 20_000 });
  await book.settle(id);
  await server.live.idle();
  expect(stays(1)).toMatchObject([
    { device: "socket one s1", to: cut },
    { device: "carried PA_1", from: FROM + 100, to: cut, toBy: "last-sign-of-life" },
  ]);
});

test("PR61 where LiveKit notices first, they left it all the same when their socket was heard of last", async () => {
  // Who came into the call just before the cut was last heard of by that.
  for (const [cameMs, leftMs] of [
    [100, 19_000],
    [20_000, 20_000],
  ] as const) {
    const { book, clock, id, seen, server, stays, store } = await inCall(cameMs);
    book.told("left", { ...seen, when: FROM + 39_000 });
    await book.settle(id);
    expect(stays(1)[1]).toMatchObject({ to: FROM + 39_000, toBy: "webhook" });
    clock.at += 60_000;
    book.passed("left", socket(1, "s1", performance.now() - 41_000), id);
    await book.settle(id);
    const cut = stays(1)[0]?.to ?? 0;
    expect(Math.abs(cut - (FROM + leftMs))).toBeLessThan(200);
    expect(stays(1)[1]).toMatchObject({ from: FROM + cameMs, to: cut, toBy: "last-sign-of-life" });
    expect(timeInRoom(server.live.session, user(1), clock.at, 60_000).intervals).toMatchObject([
      { from: FROM, to: cut, bridged: [] },
    ]);
    const { log } = await loadLog(store.sessions, id);
    expect(replay(id, log).stays.get(user(1))).toEqual([...stays(1)]);
  }
});

test("PR61 what LiveKit said of who was not cut off with it stands", async () => {
  for (const [why, leftAt, silentMs, hasOther] of [
    ["heard of by LiveKit for longer than it takes to notice", FROM + 65_000, 41_000, false],
    ["gone before", FROM + 10_000, 41_000, false],
    ["not silent", FROM + 39_000, 0, false],
    ["there by another socket", FROM + 39_000, 41_000, true],
  ] as const) {
    const { book, clock, id, seen, stays } = await inCall(100, hasOther ? ["s1", "s2"] : ["s1"]);
    book.told("left", { ...seen, when: leftAt });
    await book.settle(id);
    clock.at += 60_000;
    book.passed("left", socket(1, "s1", performance.now() - silentMs), id);
    await book.settle(id);
    const its = stays(1).find(({ device }) => device === "carried PA_1");
    expect({ why, ...its }).toMatchObject({ why, to: leftAt, toBy: "webhook" });
  }
});

test("PR61 whom LiveKit still names when it would have noticed was there all the while, and who is back since they are", async () => {
  for (const isBack of [false, true]) {
    const { book, clock, id, seen, server, stays } = await inCall();
    clock.at += 60_000;
    book.passed("left", socket(1, "s1", performance.now() - 41_000), id);
    if (isBack) book.passed("entered", socket(1, "s2"), id);
    await book.settle(id);
    expect(hasCaller(server.live.session)).toBe(true);
    book.listed(id, [seen], FROM + 90_000);
    await server.live.idle();
    const from = isBack ? FROM + 60_000 : FROM + 100;
    expect(stays(1).at(-1)).toMatchObject({ device: "carried PA_1", from, fromBy: "list", to: null });
  }
});

test("PR61 who goes by one device and stays by another is still in the call", async () => {
  const { book, clock, id, stays } = await inCall(0, ["s1", "s2"]);
  clock.at += 60_000;
  book.passed("left", socket(1, "s1", performance.now() - 41_000), id);
  await book.settle(id);
  expect(stays(1)).toMatchObject([{ toBy: "last-sign-of-life" }, { to: null }, { to: null }]);
  book.passed("left", socket(1, "s2", performance.now() - 20_000), id);
  await book.settle(id);
  expect(stays(1)[2]).toMatchObject({ device: "carried PA_1", to: stays(1)[1]?.to });
});
