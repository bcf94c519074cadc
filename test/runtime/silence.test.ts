import { expect, test } from "bun:test";
import { readConfig } from "../../src/config.ts";
import { UserBuckets } from "../../src/hub/user-buckets.ts";
import { watchSilence } from "../../src/runtime/silence.ts";
import { ratesOf, Socket } from "../../src/runtime/socket.ts";
import { until } from "../client/network.ts";

const limits = readConfig({ ROOM_PING_MS: "20", PING_AFTER_MS: "60000", SILENCE_MAX_MS: "120000" });

/** A socket that says nothing, and how often it was pinged. */
function silent(id: string) {
  const told = { pings: 0 };
  const pipe = {
    sendText() {},
    cork() {},
    close() {},
    subscribe() {},
    unsubscribe() {},
    terminate() {},
    ping: () => {
      told.pings++;
    },
  };
  const keeper = {
    limits,
    rates: ratesOf(limits),
    users: new UserBuckets(1),
    deaf: false,
    came() {},
    sent() {},
    flooded() {},
    left() {},
  };
  return { told, pipe, socket: new Socket<unknown>(id, "plain", pipe, keeper) };
}

test("PR17 a socket in a room that is silent is pinged soon, another is not, nor one that has left the room", async () => {
  const [inside, outside] = [silent("a"), silent("b")];
  inside.socket.watch(true);
  const sockets = new Map([
    [inside.socket, inside.pipe],
    [outside.socket, outside.pipe],
  ]);
  const end = watchSilence(sockets, limits, () => undefined);
  await until("three pings", () => inside.told.pings >= 3);
  expect(outside.told.pings).toBe(0);
  inside.socket.watch(false);
  outside.socket.watch(true);
  const { pings } = inside.told;
  await until("pings of the other", () => outside.told.pings >= 3);
  expect(inside.told.pings).toBe(pings);
  end();
});
