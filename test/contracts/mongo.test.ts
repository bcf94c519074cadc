import { afterAll, beforeAll, expect, test } from "bun:test";
import { startMongo, type TestMongo } from "../services/mongo.ts";
import { openMongo } from "../services/mongo-store.ts";
import { describeStore } from "./store.ts";

let mongo: TestMongo;
beforeAll(async () => {
  mongo = await startMongo();
});
afterAll(() => mongo.remove());

const scans = new Set<string>();
describeStore("MongoDB", () => openMongo(mongo, (query) => scans.add(query)));

test("MG5 nothing that a store is asked, in all of the tests above, walks a whole collection", () => {
  expect([...scans]).toEqual([]);
});
