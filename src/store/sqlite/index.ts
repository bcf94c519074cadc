import type { Database } from "bun:sqlite";
import { existsSync } from "node:fs";
import { type Clock, systemClock } from "../../ports/clock.ts";
import type { Store } from "../../ports/store.ts";
import { sqliteAudit } from "./audit.ts";
import { sqliteBrowsers } from "./browsers.ts";
import { sqliteChat } from "./chat.ts";
import { sqliteClasses } from "./classes.ts";
import { copyInto } from "./copy.ts";
import { sqliteDoors } from "./doors.ts";
import { StoreOpenError } from "./errors.ts";
import { MIGRATIONS, type Migration } from "./migrations.ts";
import { sqliteNodes } from "./nodes.ts";
import { opening, prepare, prepareReading, refuseOrphan, versionOf } from "./open.ts";
import { sqliteOrigin } from "./origin.ts";
import { sqliteRecords } from "./records.ts";
import { sqliteSessions } from "./sessions.ts";
import { sqliteTickets } from "./tickets.ts";
import { sqliteTrail } from "./trail.ts";
import { transactor } from "./transact.ts";
import { sqliteUsers } from "./users.ts";

export interface SqliteOptions {
  /** Stands in for the real list in tests. */
  readonly migrations?: readonly Migration[];
  readonly clock?: Clock;
  /** Given the connection once it is open: tests limit its size to fill the disk. */
  readonly opened?: (db: Database) => void;
}

/** What can be asked beside a serving process. */
export interface StoreReader {
  readonly users: Pick<
    Store["users"],
    "byId" | "byEmail" | "byIds" | "students" | "findStudents" | "page" | "count"
  >;
  readonly classes: Pick<Store["classes"], "byId" | "ofTeacher" | "ofStudent" | "page">;
  readonly sessions: Omit<Store["sessions"], "start" | "append" | "remove">;
  readonly records: Pick<Store["records"], "latest" | "ofSession" | "ofStudent">;
  readonly audit: Pick<Store["audit"], "last" | "read">;
  readonly doors: Pick<Store["doors"], "read">;
  readonly chat: Pick<Store["chat"], "page">;
  readonly trail: Pick<Store["trail"], "last" | "read">;
  readonly origin: Pick<Store["origin"], "read">;
  close(): Promise<void>;
}

/**
 * Opens the database, made where it is missing (its folder must exist), migrated after a copy where it is
 * older. One process at a time. Throws StoreOpenError with a sentence for the operator.
 */
export function openSqliteStore(file: string, options: SqliteOptions = {}): Store {
  const { migrations = MIGRATIONS, clock = systemClock } = options;
  refuseOrphan(file);
  return opening(file, "write", (db) => {
    prepare(db, file, migrations, clock.now());
    options.opened?.(db);
    const probe = db.prepare("UPDATE probe SET times = times + 1");
    // A file that the system protects is opened for reading alone without a word.
    probe.run();
    return { ...partsOf(db), probe: async () => void probe.run() };
  });
}

/** Opens the database for reading alone, beside the process that serves it. Throws StoreOpenError. */
export function openSqliteReader(file: string): StoreReader {
  refuseMissing(file);
  return opening(file, "read", (db) => {
    prepareReading(db, file, MIGRATIONS);
    return partsOf(db);
  });
}

/**
 * Copies the database into the new file `target`, consistent while another process writes. Blocks until the
 * copy is on disk: call it in a Worker or a process of its own. Throws StartError with a sentence.
 */
export function backupSqlite(file: string, target: string): void {
  refuseMissing(file);
  opening(file, "read", (db) => {
    versionOf(db, file);
    copyInto(db, target);
    db.close(true);
  });
}

function partsOf(db: Database): Omit<Store, "probe"> {
  const transact = transactor(db);
  return {
    users: sqliteUsers(db, transact),
    classes: sqliteClasses(db, transact),
    sessions: sqliteSessions(db, transact),
    records: sqliteRecords(db, transact),
    audit: sqliteAudit(db),
    trail: sqliteTrail(db, transact),
    doors: sqliteDoors(db),
    chat: sqliteChat(db),
    tickets: sqliteTickets(db, transact),
    browsers: sqliteBrowsers(db),
    nodes: sqliteNodes(db),
    origin: sqliteOrigin(db),
    close: async () => db.close(true),
  };
}

function refuseMissing(file: string): void {
  if (existsSync(file)) return;
  throw new StoreOpenError(`There is no database at ${file}: check ROLLCALL_DATA, or start the server once.`);
}
