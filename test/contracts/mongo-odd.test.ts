import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { Timestamp } from "mongodb";
import { connectMongo } from "../../src/store/mongo/connect.ts";
import { openMongoStore } from "../../src/store/mongo/index.ts";
import { SinceElection } from "../../src/store/mongo/since-election.ts";
import { startMongo, type TestMongo } from "../services/mongo.ts";
import { mongoOptions } from "../services/mongo-store.ts";
import { userId } from "./batches.ts";
import { classOne } from "./checks.ts";

setDefaultTimeout(60_000);

let mongo: TestMongo;
beforeAll(async () => {
  mongo = await startMongo();
});
afterAll(() => mongo.remove());

/** A database with what another program left there, and our store on it. */
async function beside(docs: Readonly<Record<string, readonly object[]>>) {
  const options = mongoOptions(mongo);
  const client = mongo.direct(await mongo.primary());
  const db = client.db(options.database);
  for (const [name, all] of Object.entries(docs)) await db.collection(name).insertMany([...all]);
  const store = await openMongoStore(options);
  const end = () => Promise.all([store.close(), client.close()]);
  return { db, store, [Symbol.asyncDispose]: async () => void (await end()) };
}

test("MG5 attendance that another program has not begun to write is not walked either", async () => {
  await using here = await beside({ users: [{ email: "ada@school.example", role: "student", __v: 0 }] });
  const pair = { classId: "1", studentId: "2" };
  const plan = await here.db.collection("attendances").find(pair).explain("queryPlanner");
  expect(JSON.stringify(plan)).toContain("IXSCAN");
});

test("MG32 a student is enrolled in a class whose roll is null or missing", async () => {
  for (const roll of [{ studentIds: null }, {}]) {
    const odd: object = { _id: classOne, className: "Physics", teacherId: userId(1), ...roll };
    await using here = await beside({ classes: [odd] });
    expect(await here.store.classes.addStudent(classOne, userId(2), 10)).toBe("ok");
    expect((await here.store.classes.byId(classOne))?.studentIds).toEqual([userId(2)]);
  }
});

test("MG33 what a primary had written last when it was heard of goes with every read", async () => {
  const { client, heads } = connectMongo(mongoOptions(mongo));
  try {
    expect(await heads.findOne({})).toBeNull();
    const concern = heads.readConcern;
    if (!(concern instanceof SinceElection)) throw new Error("read by another concern");
    expect(concern.afterClusterTime).toBeInstanceOf(Timestamp);
    // The server goes by what stands there: it is asked for a state of the year 2096.
    concern.afterClusterTime = new Timestamp({ t: 4_000_000_000, i: 1 });
    await expect(heads.findOne({})).rejects.toThrow("must not be greater than the current clusterTime");
  } finally {
    await client.close();
  }
});
