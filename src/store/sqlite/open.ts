import { Database } from "bun:sqlite";
import { existsSync, statSync } from "node:fs";
import { copyInto } from "./copy.ts";
import { openError, StoreOpenError } from "./errors.ts";
import { APPLICATION_ID, type Migration, migrate, newest } from "./migrations.ts";
import { transactor } from "./transact.ts";

/** How long a statement waits, in milliseconds, for another program that holds the file. */
const BUSY_MS = 1000;
/** Up to this size a file is checked whole at every start, in well under a second; above it the start stays fast. */
const CHECKED_BYTES_MAX = 32 * 1024 * 1024;

type Mode = "write" | "read";

/**
 * Opens `file`, hands the connection to `use` and gives back what it gave. Whatever throws closes the
 * connection; errors of SQLite's come out as StoreOpenError.
 */
export function opening<T>(file: string, mode: Mode, use: (db: Database) => T): T {
  let db: Database | null = null;
  try {
    db = new Database(file, mode === "read" ? { readonly: true } : { readwrite: true, create: true });
    db.run(`PRAGMA busy_timeout = ${BUSY_MS}`);
    return use(db);
  } catch (error) {
    db?.close(true);
    throw openError(error, file);
  }
}

/** Makes a connection that writes ready: recognised, checked, migrated, proven writable. `now` names the copy made before a migration. */
export function prepare(db: Database, file: string, migrations: readonly Migration[], now: number): void {
  const version = versionOf(db, file);
  const target = newest(migrations);
  if (version > target) throw newer(file, version, target);
  if (statSync(file).size <= CHECKED_BYTES_MAX) check(db, file);
  db.run("PRAGMA foreign_keys = OFF");
  db.run("PRAGMA journal_mode = WAL");
  db.run("PRAGMA synchronous = FULL");
  if (version < target) {
    if (version > 0) copyInto(db, freeName(`${file}.before-v${target}-${stamp(now)}`));
    migrate(db, transactor(db), version, migrations);
  }
  db.run("PRAGMA foreign_keys = ON");
}

/** Makes sure that a connection that only reads has the version that our queries are written for. */
export function prepareReading(db: Database, file: string, migrations: readonly Migration[]): void {
  const version = versionOf(db, file);
  const target = newest(migrations);
  if (version > target) throw newer(file, version, target);
  if (version < target)
    throw new StoreOpenError(
      `The database ${file} is of version ${version} and this program reads ${target}: start the server once, which migrates it.`,
    );
}

/** The version of our file, 0 where it is new and empty. Throws StoreOpenError where it is not ours. */
export function versionOf(db: Database, file: string): number {
  const row = db
    .query<{ id: number; version: number; objects: number }, []>(
      `SELECT application_id AS id, user_version AS version, (SELECT count(*) FROM sqlite_schema) AS objects
       FROM pragma_application_id, pragma_user_version`,
    )
    .get();
  if (row?.id === APPLICATION_ID) return row.version;
  if (row?.id === 0 && row.version === 0 && row.objects === 0) return 0;
  throw new StoreOpenError(
    `The database ${file} belongs to another program: set another folder or move the file away.`,
  );
}

/** SQLite throws away a write-ahead log whose database is gone; what was acknowledged into it deserves a word first. */
export function refuseOrphan(file: string): void {
  if (sizeOf(file) > 0 || sizeOf(`${file}-wal`) === 0) return;
  throw new StoreOpenError(
    `The database ${file} is missing but ${file}-wal still holds data of it: put both back, or remove ${file}-wal to begin anew.`,
  );
}

function check(db: Database, file: string): void {
  const found = db.query<{ quick_check: string }, []>("PRAGMA quick_check(1)").get()?.quick_check;
  if (found === "ok") return;
  throw new StoreOpenError(
    `The database ${file} is damaged (${found}): move it away and put a backup in its place.`,
  );
}

const newer = (file: string, version: number, target: number) =>
  new StoreOpenError(
    `The database ${file} is of version ${version} and this program knows ${target}: install the newer release that wrote it, or take a backup from before.`,
  );

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

const stamp = (now: number): string => new Date(now).toISOString().replaceAll(/[-:.]/g, "");

function freeName(name: string): string {
  let free = name;
  for (let count = 2; existsSync(free); count++) free = `${name}-${count}`;
  return free;
}
