import { openMongoStore } from "../../src/store/mongo/index.ts";
import type { OpenedStore } from "../contracts/checks.ts";
import type { TestMongo } from "./mongo.ts";

/** What a test's store is opened with: a database of its own on a server that tests share. */
const mongoOptions = (mongo: Pick<TestMongo, "uri">, database = freshName()) => ({
  uri: mongo.uri,
  database,
  timeoutMs: 5000,
  connectionsMax: 20,
});

/** A name that no test has used. */
const freshName = (): string => `rollcall-${crypto.randomUUID().slice(0, 8)}`;

/** A MongoDB store for the suite, opened again as another process would. */
export async function openMongo(mongo: Pick<TestMongo, "uri">): Promise<OpenedStore> {
  const options = mongoOptions(mongo);
  const opened = [await openMongoStore(options)];
  return {
    store: opened[0] ?? (await openMongoStore(options)),
    async reopen() {
      const again = await openMongoStore(options);
      opened.push(again);
      return again;
    },
    cleanup: async () => void (await Promise.all(opened.map((store) => store.close()))),
  };
}
