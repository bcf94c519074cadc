import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { mongoOf } from "../config/mongo.ts";
import type { Config } from "../config.ts";
import { StartError } from "../core/start-error.ts";
import type { SharedBcrypt } from "../identity/passwords.ts";
import { type Clock, systemClock } from "../ports/clock.ts";
import type { Store } from "../ports/store.ts";
import { takeLock } from "../runtime/lock.ts";
import { openSqliteReader, openSqliteStore, type StoreReader } from "../store/sqlite/index.ts";

export interface Database {
  readonly store: Store;
  /** What every time goes by: the database's where several servers share it. */
  readonly clock: Clock;
  readonly bcrypt: SharedBcrypt;
  /** Whether other servers may serve it at the same time. */
  readonly isShared: boolean;
  /** Where everything is kept, and how it is backed up, for the operator. */
  readonly data: string;
  /** Tells where the server answers, to whoever finds the data taken. */
  announce(url: string): void;
}

/** The embedded database's file. */
export const sqliteFile = ({ ROLLCALL_DATA }: Config): string => join(ROLLCALL_DATA, "rollcall.db");

/** Opens what the settings name: a MongoDB, or the data folder with its lock. Throws StartError with one sentence. */
export const openDatabase = async (config: Config): Promise<Database> =>
  mongoOf(config) ? openMongo(config) : openFolder(config);

/** The same for reading alone, beside those who serve it. */
export async function openReader(config: Config): Promise<StoreReader> {
  const options = mongoOf(config);
  if (!options) return openSqliteReader(sqliteFile(config));
  const { openMongoReader } = await import("../store/mongo/index.ts");
  return openMongoReader(options);
}

/** What `import-legacy` looks at and makes ready. Throws StartError where no MongoDB is set. */
export async function legacyOf(config: Config) {
  const options = mongoOf(config);
  if (!options)
    throw new StartError(
      "No MongoDB is set: name it in MONGO_URI, or move SQLite's data by rollcall migrate.",
    );
  const { adoptLegacy } = await import("../store/mongo/index.ts");
  const { surveyMongo } = await import("../store/mongo/survey.ts");
  return { survey: () => surveyMongo(options), adopt: () => adoptLegacy(options) };
}

/** Throws StartError where the data is not in a file of our own, which `backup` could copy. */
export function refuseMongo(config: Config): void {
  if (mongoOf(config))
    throw new StartError("The data is in MongoDB, whose own mongodump makes a consistent copy: run that.");
}

/** The folder's lock is kept until the process ends. */
function openFolder(config: Config): Database {
  const folder = config.ROLLCALL_DATA;
  const lock = takeLock(folder, systemClock.now, leaveFolder);
  // However it ends, a start that failed leaves no lock behind.
  process.once("exit", () => lock.release());
  return {
    store: openSqliteStore(sqliteFile(config)),
    clock: systemClock,
    bcrypt: "none",
    isShared: false,
    data: `${resolve(folder)} (back it up with: npm run rollcall -- backup FILE)`,
    announce: (url) => lock.announce(url),
  };
}

/** A machine that slept too long finds another server on its folder: two must not write there. */
function leaveFolder(): never {
  console.error("Another server has taken the data folder over while this one was suspended: this one ends.");
  process.exit(1);
}

async function openMongo(config: Config): Promise<Database> {
  const options = mongoOf(config);
  if (!options) throw new Error("no MongoDB is set");
  // The secret is kept in the folder, where none is set.
  if (config.JWT_SECRET === undefined) mkdirSync(config.ROLLCALL_DATA, { recursive: true, mode: 0o700 });
  const { openMongoStore } = await import("../store/mongo/index.ts");
  const store = await openMongoStore(options);
  return {
    store,
    clock: store.clock,
    bcrypt: store.bcrypt ? "made" : "kept",
    isShared: true,
    data: `${store.name} (back it up with: mongodump)`,
    announce: () => undefined,
  };
}
