import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, setSystemTime, test } from "bun:test";
import { openMongoStore } from "../../src/store/mongo/index.ts";
import { startMongo, type TestMongo } from "../services/mongo.ts";
import { mongoOptions, openMongo } from "../services/mongo-store.ts";
import { storeChecks } from "./store.ts";

setDefaultTimeout(60_000);

let mongo: TestMongo;
beforeAll(async () => {
  mongo = await startMongo({ members: "standalone" });
});
afterEach(() => void setSystemTime());
afterAll(() => mongo.remove());

const TEN_MINUTES = 600_000;

test("MG20 a node whose clock is wrong goes by the database's, and sees no jump of its own", async () => {
  const right = Date.now();
  setSystemTime(new Date(right + TEN_MINUTES));
  const store = await openMongoStore(mongoOptions(mongo));
  const offBy = () => Math.abs(store.clock.now() - right);
  expect(offBy()).toBeLessThan(TEN_MINUTES / 2);
  setSystemTime(new Date(right - TEN_MINUTES));
  expect(offBy()).toBeLessThan(TEN_MINUTES / 2);
  await store.close();
});

/** Of each kind of promise one: writes that race, ends, records, order, what is left after a kill. */
const KINDS = ["ST2", "ST13", "ST14", "ST18", "ST19", "ST21", "ST24", "ST29", "ST31", "ST34", "ST44", "CL3"];

test.each(storeChecks.filter(({ rule }) => KINDS.includes(rule)))(
  "MG21 on a standalone server, $rule: $name",
  async ({ run }) => run(() => openMongo(mongo)),
);
