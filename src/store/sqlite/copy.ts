import type { Database } from "bun:sqlite";
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { StartError } from "../../core/start-error.ts";

/**
 * Copies the database as it is at this moment into the new file `target`, which is there whole and on disk, or
 * not at all. Others may write meanwhile. Throws StartError where something is already there.
 */
export function copyInto(db: Database, target: string): void {
  // A write-ahead log left beside the name would be replayed into the copy by whoever opens it.
  const taken = [target, `${target}-wal`, `${target}-journal`].find((name) => existsSync(name));
  if (taken) throw new StartError(`${taken} is already there: name a file that does not exist yet.`);
  const partial = `${target}.${crypto.randomUUID().slice(0, 8)}.partial`;
  try {
    // Password hashes are in it, so whoever may not read the database may not read the copy at any moment.
    writeFileSync(partial, "", { flag: "wx", mode: statSync(db.filename).mode & 0o777 });
    db.query<unknown, [string]>("VACUUM INTO ?1").run(partial);
    sync(partial);
    renameSync(partial, target);
    sync(dirname(target));
  } catch (error) {
    rmSync(partial, { force: true });
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `The copy ${target} could not be made (${reason}): check that its folder exists, may be written and has room.`,
      { cause: error },
    );
  }
}

function sync(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
