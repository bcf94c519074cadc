import { createMemoryStore } from "../../src/store/memory/index.ts";
import { openSqlite } from "./sqlite-files.ts";
import { describeStore } from "./store.ts";

describeStore("memory", async () => ({ store: createMemoryStore(), cleanup: async () => {} }));
describeStore("SQLite", openSqlite);
