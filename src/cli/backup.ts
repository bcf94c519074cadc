import { resolve } from "node:path";

/** Copies the database beside a serving process and says where the copy is. */
export function backup(database: string, target: string, copy: (file: string, target: string) => void): void {
  copy(database, target);
  console.log(`Copied ${resolve(database)} to ${resolve(target)}.`);
  console.log(
    "To restore: stop the server, put the copy in the place of rollcall.db, remove rollcall.db-wal and -shm, start.",
  );
}
