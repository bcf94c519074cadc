import { expect } from "bun:test";
import type { SealedBatch } from "../../src/core/batch.ts";
import type { UserId } from "../../src/core/ids.ts";
import type { AppendOutcome, SessionHead, Store } from "../../src/ports/store.ts";
import { beginning, classId, NOON } from "./batches.ts";

export interface OpenedStore {
  readonly store: Store;
  /**
   * What a process finds that opens the same data after this one was killed: all that was acknowledged must be
   * there. Missing where a store keeps nothing; then the checks of durability hold trivially.
   */
  readonly reopen?: () => Promise<Store>;
  /** Closes everything and removes it. */
  readonly cleanup: () => Promise<void>;
}

export type OpenStore = () => Promise<OpenedStore>;

/** One sentence of the port, held by one test. `run` rejects where the store breaks it. */
export interface StoreCheck {
  readonly rule: string;
  readonly name: string;
  readonly run: (open: OpenStore) => Promise<void>;
}

/** A check that runs `body` on a fresh store. */
export function check(rule: string, name: string, body: (opened: OpenedStore) => Promise<void>): StoreCheck {
  const run = async (open: OpenStore) => {
    const opened = await open();
    try {
      await body(opened);
    } finally {
      await opened.cleanup();
    }
  };
  return { rule, name, run };
}

export const classOne = classId(0xc1a551);
export const classTwo = classId(0xc1a552);

/** Starts session `count` of a class. */
export async function started(
  store: Store,
  count = 1,
  of = classOne,
): Promise<{ head: SessionHead; first: SealedBatch }> {
  const begun = beginning(count, of);
  expect(await store.sessions.start(begun.head, begun.first)).toBe("ok");
  return begun;
}

/** A record of the session, at noon, as a teacher's mark leaves one; its status is left to say. */
export const recordOf = ({ id, classId }: SessionHead, studentId: UserId) => ({
  sessionId: id,
  classId,
  studentId,
  since: NOON,
  by: "teacher" as const,
  at: NOON,
  room: null,
});

/** Appends in one call and waits for every outcome. */
export const appended = (store: Store, ...batches: SealedBatch[]): Promise<AppendOutcome[]> =>
  Promise.all(store.sessions.append(batches));

/** The log as it stands: each batch's number and hash. */
export async function logOf(store: Store, batch: SealedBatch): Promise<string[]> {
  const batches = await store.sessions.read(batch.sessionId, 0);
  return batches.map(({ number, hash }) => `${number} ${hash}`);
}

/** What logOf says of a log that holds just these. */
export const exactly = (...batches: SealedBatch[]): string[] =>
  batches.map(({ number, hash }) => `${number} ${hash}`);
