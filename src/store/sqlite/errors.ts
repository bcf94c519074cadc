import { SQLiteError } from "bun:sqlite";
import { StartError } from "../../core/start-error.ts";

/** A database that cannot be opened, in one sentence that tells the operator what to do. */
export class StoreOpenError extends StartError {}

/** The sentence for an error of SQLite's on opening `file`; any other error comes back as it is. */
export function openError(error: unknown, file: string): unknown {
  if (!(error instanceof SQLiteError)) return error;
  const code = error.code ?? "SQLITE_ERROR";
  const family = code.split("_").slice(0, 2).join("_");
  const sentence =
    SENTENCES[code] ?? SENTENCES[family] ?? "cannot be opened: check the disk and the file's permissions";
  return new StoreOpenError(`The database ${file} ${sentence} (${code}).`, { cause: error });
}

const UNWRITABLE =
  "cannot be written: check that its folder exists and that this user may write to the folder and the file";
const DAMAGED =
  "is damaged or no SQLite database: move it away and put a backup in its place, or set another folder";

const UNMIGRATED = "could not be migrated and is as it was: go back to the release before and report this";

const FULL = "cannot be written because the disk is full: make room and start again";

const SENTENCES: Readonly<Record<string, string>> = {
  SQLITE_CANTOPEN: UNWRITABLE,
  SQLITE_PERM: UNWRITABLE,
  SQLITE_READONLY: UNWRITABLE,
  SQLITE_AUTH: UNWRITABLE,
  SQLITE_CORRUPT: DAMAGED,
  SQLITE_NOTADB: DAMAGED,
  SQLITE_ERROR: UNMIGRATED,
  SQLITE_CONSTRAINT: UNMIGRATED,
  SQLITE_FULL: FULL,
  SQLITE_IOERR_SHMSIZE: FULL,
  SQLITE_BUSY: "is locked by another program: stop that program and start again",
  SQLITE_IOERR: "cannot be read or written because the disk reports errors: check the disk",
};
