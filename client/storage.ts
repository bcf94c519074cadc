import type { Queued } from "./queue.ts";

/** Keeps commands that are not yet acknowledged, so that they outlive the page. Calls come one after the other. */
export interface QueueStorage {
  /** Everything that is kept, in any order. */
  load(): Promise<Queued[]>;
  /** Keeps the command, in the place of one with its id. */
  put(command: Queued): Promise<void>;
  remove(id: string): Promise<void>;
}

/** Keeps them for as long as this object lives. */
export function memoryStorage(): QueueStorage {
  const kept = new Map<string, Queued>();
  return {
    load: async () => [...kept.values()],
    put: async (command) => void kept.set(command.id, command),
    remove: async (id) => void kept.delete(id),
  };
}

const STORE = "commands";

/**
 * Keeps them in the browser, in a database of this name. Two pages may share one: what both send, the server does
 * once.
 */
export function indexedDbStorage(name: string, factory: Factory = indexedDB): QueueStorage {
  let opened: Promise<Database> | undefined;
  const forget = () => {
    opened = undefined;
  };
  const database = () => {
    opened ??= open(name, factory, forget).catch((error: unknown) => {
      forget();
      throw error;
    });
    return opened;
  };
  const change = async (edit: (store: Store) => void) => {
    const transaction = (await database()).transaction(STORE, "readwrite");
    edit(transaction.objectStore(STORE));
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
  };
  return {
    load: async () => answerOf((await database()).transaction(STORE, "readonly").objectStore(STORE).getAll()),
    put: (command) => change((store) => store.put(command)),
    remove: (id) => change((store) => store.delete(id)),
  };
}

/** Opens the database; calls `closed` where the browser closes it, as some do with pages that were long hidden. */
async function open(name: string, factory: Factory, closed: () => void): Promise<Database> {
  const asked = factory.open(name, 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
  const database = await answerOf(asked);
  database.onclose = closed;
  return database;
}

const answerOf = <T>(asked: Asked<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

/** As much of IndexedDB as is used here: the types of a browser are not those of Bun. */
interface Factory {
  open(name: string, version: number): Opening;
}
interface Asked<T> {
  readonly result: T;
  readonly error: unknown;
  onsuccess: unknown;
  onerror: unknown;
}
interface Opening extends Asked<Database> {
  onupgradeneeded: unknown;
}
interface Database {
  onclose: unknown;
  createObjectStore(name: string, options: { keyPath: string }): unknown;
  transaction(store: string, mode: "readonly" | "readwrite"): Transaction;
}
interface Transaction {
  readonly error: unknown;
  oncomplete: unknown;
  onabort: unknown;
  objectStore(name: string): Store;
}
interface Store {
  put(value: Queued): unknown;
  delete(key: string): unknown;
  getAll(): Asked<Queued[]>;
}
declare const indexedDB: Factory;
