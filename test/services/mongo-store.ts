import { openMongoStore } from "../../src/store/mongo/index.ts";
import type { OpenedStore } from "../contracts/checks.ts";
import type { TestMongo } from "./mongo.ts";

/** What a test's store is opened with: a database of its own on a server that tests share. */
export const mongoOptions = (mongo: Pick<TestMongo, "uri">, database = freshName()) => ({
  uri: mongo.uri,
  database,
  timeoutMs: 5000,
  connectionsMax: 20,
});

/** A name that no test has used. */
export const freshName = (): string => `rollcall-${crypto.randomUUID().slice(0, 8)}`;

/** A MongoDB store for the suite, opened again as another process would. `scanned` is told of what used no index. */
export async function openMongo(
  mongo: TestMongo,
  scanned: (query: string) => void = () => undefined,
): Promise<OpenedStore> {
  const options = mongoOptions(mongo);
  const opened = [await openMongoStore(options)];
  const profile = await profiled(mongo, options.database);
  return {
    store: opened[0] ?? (await openMongoStore(options)),
    async reopen() {
      const again = await openMongoStore(options);
      opened.push(again);
      return again;
    },
    async cleanup() {
      await Promise.all(opened.map((store) => store.close()));
      (await profile()).forEach(scanned);
    },
  };
}

/** Has the server write down how it does what it is asked in a database; gives what walked a whole collection. */
async function profiled(mongo: TestMongo, database: string): Promise<() => Promise<string[]>> {
  const client = mongo.direct(await mongo.primary());
  const db = client.db(database);
  await db.command({ profile: 2 });
  return async () => {
    await db.command({ profile: 0 });
    const scans = await db
      .collection("system.profile")
      .find({ planSummary: /COLLSCAN/ })
      .toArray();
    await client.close();
    return scans.map(({ ns, command }) => `${ns} ${JSON.stringify(command)}`);
  };
}
