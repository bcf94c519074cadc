import { accessSync, constants } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Endpoint, Endpoints } from "./cli/migrate.ts";
import { StartError } from "./core/start-error.ts";
import type { Source } from "./move/parts.ts";
import type { Store } from "./ports/store.ts";
import { takeLock } from "./runtime/lock.ts";
import { openSqliteReader, openSqliteStore } from "./store/sqlite/index.ts";

/** The file that a server has in its data folder. */
const DATABASE = "rollcall.db";

/** Stores by the URLs that an operator names: sqlite:PATH, a data folder or a file of one. */
export const endpoints: Endpoints = {
  source: async (url) => sqliteSource(fileOf(url)),
  target: async (url) => sqliteTarget(fileOf(url)),
};

function fileOf(url: string): string {
  const [, path] = /^sqlite:(?:\/\/)?(.+)$/.exec(url) ?? [];
  if (path === undefined)
    throw new StartError(
      `The URL ${url} names no database: write sqlite:PATH, a data folder or the file rollcall.db in it.`,
    );
  return resolve(path.endsWith(".db") ? path : join(path, DATABASE));
}

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
