import { accessSync, constants } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Endpoint, Endpoints } from "../cli/migrate.ts";
import { mongoOf } from "../config/mongo.ts";
import type { Config } from "../config.ts";
import { StartError } from "../core/start-error.ts";
import type { Source } from "../move/parts.ts";
import type { Store } from "../ports/store.ts";
import { takeLock } from "../runtime/lock.ts";
import type { MongoOptions } from "../store/mongo/connect.ts";
import type { MongoStore } from "../store/mongo/index.ts";
import { openSqliteReader, openSqliteStore } from "../store/sqlite/index.ts";

/** The file that a server has in its data folder. */
const DATABASE = "rollcall.db";

/** Stores by the URLs that an operator names: sqlite:PATH or mongodb://HOST/DATABASE. */
export const endpointsOf = (config: Config): Endpoints => ({
  source: async (url) => (isMongo(url) ? mongoSource(url, config) : sqliteSource(fileOf(url))),
  target: async (url) => (isMongo(url) ? mongoTarget(url, config) : sqliteTarget(fileOf(url))),
});

const isMongo = (url: string): boolean => /^mongodb(\+srv)?:/.test(url);

/** A server that showed within so many ms that it lives counts as one that serves. */
const ALIVE_MS = 15_000;

async function mongoSource(url: string, config: Config): Promise<Endpoint<Source>> {
  const { openMongoReader } = await import("../store/mongo/index.ts");
  return mongoEndpoint(await openMongoReader(optionsOf(url, config)));
}

async function mongoTarget(url: string, config: Config): Promise<Endpoint<Store>> {
  const { openMongoStore } = await import("../store/mongo/index.ts");
  return mongoEndpoint(await openMongoStore(optionsOf(url, config)));
}

/** A URL without a database means one called test to MongoDB's driver, which nobody means here. */
function optionsOf(url: string, { MONGO_TIMEOUT_MS, MONGO_CONNECTIONS_MAX }: Config): MongoOptions {
  const options = mongoOf({ MONGO_URI: url, MONGO_TIMEOUT_MS, MONGO_CONNECTIONS_MAX });
  if (options && /^[^/]+\/\/[^/]+\/[^/?]/.test(url)) return options;
  throw new StartError(
    "The MongoDB URL names no database: write it after the host, as in mongodb://HOST/rollcall.",
  );
}

const mongoEndpoint = (store: MongoStore): Endpoint<Store> => ({
  name: store.name,
  store,
  async refuseServed() {
    const [node] = await store.nodes.alive(ALIVE_MS);
    if (!node) return;
    throw new StartError(
      `A server on ${node.host} serves ${store.name}: stop all that do, wait ${ALIVE_MS / 1000} s and run this again.`,
    );
  },
  async leftBehind() {
    const count = await store.othersAttendance();
    if (count === 0) return null;
    return `LEFT: ${count} statuses on record that another program wrote stay where they are, for no session's log has them.`;
  },
});

function fileOf(url: string): string {
  const [, path] = /^sqlite:(?:\/\/)?(.+)$/.exec(url) ?? [];
  if (path === undefined)
    throw new StartError(
      `The URL ${shown(url)} names no database: write sqlite:PATH, a data folder or the file rollcall.db in it, or mongodb://HOST/DATABASE.`,
    );
  return resolve(path.endsWith(".db") ? path : join(path, DATABASE));
}

/** Without what may be a password: a MongoDB's address that was mistyped comes here too. */
const shown = (url: string): string => url.replace(/.*@/s, "…@").replace(/\?.*/s, "");

/** Beside a copy of another name no server ever runs; nor does one in a folder that cannot be written. */
function sqliteSource(file: string): Endpoint<Source> {
  if (basename(file) === DATABASE && isWritable(dirname(file))) hold(dirname(file));
  return sqliteEndpoint(file, openSqliteReader(file));
}

function sqliteTarget(file: string): Endpoint<Store> {
  hold(dirname(file));
  return sqliteEndpoint(file, openSqliteStore(file));
}

/** The lock tells a server that there is one of us, so none can come meanwhile. */
const sqliteEndpoint = <S extends Pick<Store, "close">>(file: string, store: S): Endpoint<S> => ({
  name: `sqlite:${file}`,
  store,
  refuseServed: async () => undefined,
  leftBehind: async () => null,
});

/** Takes the folder's lock until the process ends. Throws StartError where a server has it. */
function hold(folder: string): void {
  const lock = takeLock(folder);
  process.once("exit", () => lock.release());
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
