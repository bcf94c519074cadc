import { afterAll, beforeAll } from "bun:test";
import { startMongo, type TestMongo } from "../services/mongo.ts";
import { openMongo } from "../services/mongo-store.ts";
import { describeStore } from "./store.ts";

let mongo: TestMongo;
beforeAll(async () => {
  mongo = await startMongo();
});
afterAll(() => mongo.remove());

describeStore("MongoDB", () => openMongo(mongo));
