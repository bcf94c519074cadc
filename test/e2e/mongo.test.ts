import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { startMongo, type TestMongo } from "../services/mongo.ts";

setDefaultTimeout(240_000);

let mongo: TestMongo;
beforeAll(async () => {
  mongo = await startMongo();
});
afterAll(() => mongo.remove());

const root = join(import.meta.dir, "..", "..");

/** What a client sees of the store: marks and ends, kills, who hears whom, and commands that come twice. */
const SUITES = ["attendance", "durability", "isolation", "time-in-room", "v1"];

test("MG4 what clients see is the same on MongoDB: sessions, isolation, command ids, and what outlives a kill -9", async () => {
  const files = SUITES.map((name) => `./test/e2e/${name}.test.ts`);
  const child = Bun.spawn([process.execPath, "test", "--timeout", "60000", ...files], {
    cwd: root,
    env: { ...process.env, E2E_MONGO_URI: mongo.uri },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [said, code] = await Promise.all([child.stderr.text(), child.exited]);
  const failed = said.split("\n").filter((line) => line.startsWith("(fail)"));
  expect(failed).toEqual([]);
  expect([code, Number(/^ *(\d+) pass$/m.exec(said)?.[1]) > 30]).toEqual([0, true]);
});
