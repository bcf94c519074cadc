import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import type { MongoClient } from "mongodb";
import { startMongo } from "./mongo.ts";
import { startRedis } from "./redis.ts";

const NAMES = { db: "a", collection: "b" };

const written = (client: MongoClient) =>
  client
    .db(NAMES.db)
    .collection(NAMES.collection)
    .insertOne({}, { writeConcern: { w: "majority", j: true } });

test("MG1 a set of three elects another primary when the first is killed", async () => {
  const mongo = await startMongo({ members: 3 });
  try {
    const first = await mongo.primary();
    await using client = mongo.direct(first);
    await written(client);
    await first.kill9();
    const second = await mongo.primary();
    expect(second.port).not.toBe(first.port);
    await using again = mongo.direct(second);
    await written(again);
    expect(await again.db(NAMES.db).collection(NAMES.collection).countDocuments()).toBe(2);
  } finally {
    await mongo.remove();
  }
  expect(mongo.members.map(({ folder }) => existsSync(folder))).toEqual([false, false, false]);
});

test("MG1 a Redis answers and is gone with its folder", async () => {
  const redis = await startRedis();
  const socket = await answered(redis.service.port);
  expect(socket).toBe("+PONG\r\n");
  await redis.remove();
  expect(existsSync(redis.service.folder)).toBe(false);
  expect(answered(redis.service.port)).rejects.toThrow();
});

function answered(port: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: {
      open: (socket) => void socket.write("PING\r\n"),
      data: (socket, bytes) => {
        resolve(bytes.toString());
        socket.end();
      },
    },
  }).catch(reject);
  return promise;
}
