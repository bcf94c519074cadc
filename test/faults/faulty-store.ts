import type { Store } from "../../src/ports/store.ts";
import { createMemoryStore } from "../../src/store/memory/index.ts";

/** What can be made to fail: appends of marks and ends, starts, records, the audit chain, and reading a log. */
export type Part = "append" | "start" | "project" | "audit" | "read";

export interface FaultyStore {
  readonly store: Store;
  /** The parts that fail from now on; none heals it. */
  fail(...parts: Part[]): void;
}

/** A memory store whose disk fails where it is told to; what fails has written nothing. */
export function faultyStore(inner: Store = createMemoryStore()): FaultyStore {
  let failing: ReadonlySet<Part> = new Set();
  const unless =
    <Args extends unknown[], T>(part: Part, work: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      if (failing.has(part)) throw new Error(`EIO: the disk fails (${part})`);
      return work(...args);
    };
  const { sessions, records, audit } = inner;
  const store: Store = {
    ...inner,
    sessions: {
      ...sessions,
      start: unless("start", sessions.start),
      read: unless("read", sessions.read),
      append: (batches) =>
        failing.has("append")
          ? batches.map(() => Promise.reject(new Error("ENOSPC: the disk is full")))
          : sessions.append(batches),
    },
    records: { ...records, project: unless("project", records.project) },
    audit: { ...audit, append: unless("audit", audit.append) },
  };
  return {
    store,
    fail: (...parts) => {
      failing = new Set(parts);
    },
  };
}
