import { Redis } from "ioredis";
import { MongoClient } from "mongodb";
import type { Outcome } from "../load/scenario.ts";
import { quantile } from "../load/window.ts";
import type { Stack } from "./stack.ts";

/** What a mark on one node and on the screens of another cannot cost less than: a bare majority write, and Redis's way. */
export async function floors(stack: Stack, times: number): Promise<Outcome> {
  const writes = await bareWrites(stack.fresh(), times);
  const trips = await roundTrips(stack.redis.url, times);
  return {
    writeP50: quantile(writes, 0.5),
    writeP95: quantile(writes, 0.95),
    redisP50: quantile(trips, 0.5),
    redisP95: quantile(trips, 0.95),
    writesPerSecond: 1000 / (writes.reduce((sum, ms) => sum + ms, 0) / writes.length),
  };
}

/** One document after the other, each on the disks of a majority before the next; ms each. */
async function bareWrites(uri: string, times: number): Promise<number[]> {
  await using client = new MongoClient(uri);
  const bare = client.db().collection("bare", { writeConcern: { w: "majority", journal: true } });
  const body = "x".repeat(400);
  return await timed(times, async (n) => void (await bare.insertOne({ n, body })));
}

/** From a publish until the subscriber beside it has the message; ms each. */
async function roundTrips(url: string, times: number): Promise<number[]> {
  const [publisher, subscriber] = [new Redis(url), new Redis(url)];
  let heard = () => {};
  await subscriber.ssubscribe("bare");
  subscriber.on("smessage", () => heard());
  const trips = await timed(times, async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    heard = resolve;
    await Promise.all([publisher.spublish("bare", "x".repeat(400)), promise]);
  });
  for (const redis of [publisher, subscriber]) redis.disconnect();
  return trips;
}

const WARM = 50;

async function timed(times: number, work: (n: number) => Promise<void>): Promise<number[]> {
  for (let n = 0; n < WARM; n++) await work(-1 - n);
  const spent: number[] = [];
  for (let n = 0; n < times; n++) {
    const began = performance.now();
    await work(n);
    spent.push(performance.now() - began);
  }
  return spent;
}
