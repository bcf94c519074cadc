import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { school, startSession } from "../e2e/people.ts";
import { connectAll } from "../e2e/plain-client.ts";
import { startServer } from "../e2e/server.ts";
import { startMongo, type TestMongo } from "../services/mongo.ts";

setDefaultTimeout(120_000);

let mongo: TestMongo;
beforeAll(async () => {
  mongo = await startMongo();
});
afterAll(() => mongo.remove());

test("CL31 a server whose database hangs closes its sockets with 1012 before it ends", async () => {
  const server = await startServer({ MONGO_URI: mongo.uri, DB_NAME: "shutdown" });
  const database = await mongo.primary();
  try {
    const { teacher, students, classId } = await school(server, 1);
    await startSession(server, teacher, classId);
    const [desk, seat] = await connectAll(server, [teacher, ...students]);
    desk?.send("TODAY_SUMMARY");
    await desk?.next();
    database.signal("SIGSTOP");
    desk?.send("ATTENDANCE_MARKED", { studentId: students[0]?.id ?? "", status: "present" });
    expect(await server.stop()).toBe(0);
    expect([await desk?.closed(), await seat?.closed()]).toEqual([1012, 1012]);
  } finally {
    database.signal("SIGCONT");
    await server.dispose();
  }
});
