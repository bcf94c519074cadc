import { Database } from "bun:sqlite";
import { cpSync, existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StartError } from "../../src/core/start-error.ts";
import type { Store } from "../../src/ports/store.ts";
import { openSqliteStore, type SqliteOptions } from "../../src/store/sqlite/index.ts";
import type { OpenedStore } from "./checks.ts";

/** A folder of its own with a place for a database; `open` opens it, `remove` closes all and clears it away. */
export interface Place {
  readonly folder: string;
  readonly file: string;
  open(options?: SqliteOptions): Store;
  remove(): Promise<void>;
}

/** Makes a new place in the system's temporary folder. */
export function newPlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-store-"));
  const file = join(folder, "rollcall.db");
  const stores: Store[] = [];
  return {
    folder,
    file,
    open(options) {
      const store = openSqliteStore(file, options);
      stores.push(store);
      return store;
    },
    async remove() {
      for (const store of stores) await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * A SQLite store for the suite. It is reopened from a copy of its files as they lie there, nothing closed:
 * that is what a kill leaves.
 */
export async function openSqlite(): Promise<OpenedStore> {
  const [place, after] = [newPlace(), newPlace()];
  return {
    store: place.open(),
    async reopen() {
      for (const end of ["", "-wal"])
        if (existsSync(place.file + end)) cpSync(place.file + end, after.file + end);
      return after.open();
    },
    async cleanup() {
      await place.remove();
      await after.remove();
    },
  };
}

/** The sentence with which something refuses to open a file of the place; afterwards nothing may hold one open. */
export function refusal(place: Place, open: () => unknown = () => place.open()): string {
  try {
    open();
  } catch (error) {
    const held = heldOpen(place);
    if (held.length > 0) throw new Error(`still open: ${held}`, { cause: error });
    if (error instanceof StartError) return error.message;
    throw error;
  }
  throw new Error("it opened");
}

function heldOpen(place: Place): string[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc/self/fd").flatMap((descriptor) => {
    try {
      const path = readlinkSync(join("/proc/self/fd", descriptor));
      return path.startsWith(place.folder) ? [path] : [];
    } catch {
      return [];
    }
  });
}

/** One value out of a database file, asked apart from the store. */
export function ask(file: string, sql: string): unknown {
  const db = new Database(file, { readonly: true });
  try {
    return db.query(sql).values()[0]?.[0];
  } finally {
    db.close(true);
  }
}
