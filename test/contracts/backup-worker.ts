import { backupSqlite } from "../../src/store/sqlite/index.ts";

declare const self: Worker;

self.onmessage = (event: MessageEvent<{ file: string; target: string }>) => {
  backupSqlite(event.data.file, event.data.target);
  postMessage("done");
};
