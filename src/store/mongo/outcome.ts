import { MongoBulkWriteError, MongoServerError, MongoWriteConcernError } from "mongodb";
import type { AppendOutcome } from "../../ports/store.ts";

const DUPLICATE = 11000;
/** Between two looks at what became of a write, in ms. */
const LOOK_AGAIN_MS = 25;

/** Whether another document has what may be there once. */
export const isDuplicate = (error: unknown): boolean =>
  error instanceof MongoServerError && error.code === DUPLICATE;

/** The fields of the index that a duplicate met; none where it does not say. */
export function duplicateOf(error: unknown): string[] {
  const pattern: unknown = error instanceof MongoServerError ? error.keyPattern : null;
  return typeof pattern === "object" && pattern !== null ? Object.keys(pattern) : [];
}

/**
 * Whether it is not known if the write was done: nobody answered, or not enough members did, or the member that
 * answered is no primary any more. Every other answer of the server's says that it was not.
 */
export function isUnknown(error: unknown): boolean {
  if (error instanceof MongoWriteConcernError) return true;
  // The driver puts whatever befell a bulk into this error, a lost connection too.
  if (error instanceof MongoBulkWriteError) return !saysOfEach(error);
  if (!(error instanceof MongoServerError)) return true;
  return error.hasErrorLabel("RetryableWriteError") || NO_PRIMARY.has(Number(error.code));
}

/** Whether the server has said of each document of a bulk what became of it. */
const saysOfEach = ({ result, writeErrors }: MongoBulkWriteError): boolean =>
  [writeErrors].flat().length > 0 && !result.getWriteConcernError();

/** Codes of a member that is going, stepping down, or out of time. */
const NO_PRIMARY = new Set([50, 64, 91, 100, 189, 262, 10107, 11600, 11602, 13435, 13436]);

export interface Landing {
  /** Writes; done a second time it must change nothing more, but fail as a duplicate. */
  readonly write: () => Promise<unknown>;
  /** Reads at majority what is there: what `write` writes, something else in its place, or neither. */
  readonly look: () => Promise<"mine" | "other" | "none">;
  readonly timeoutMs: number;
}

/**
 * Writes, and finds out what became of it where that is not known: looks, and writes again while there is nothing.
 * "ok" once it stands on a majority, "conflict" where something else stands in its place. Rejects where the server
 * refuses it, or where it is not known after `timeoutMs`; then it may still land.
 */
export async function land({ write, look, timeoutMs }: Landing, failed?: unknown): Promise<AppendOutcome> {
  const ends = performance.now() + timeoutMs;
  let error = failed ?? (await caught(write, ends));
  while (error !== undefined) {
    if (!isDuplicate(error) && !isUnknown(error)) throw error;
    const seen = await before(ends, look()).catch(() => "none" as const);
    if (seen === "mine") return "ok";
    if (seen === "other") return "conflict";
    if (performance.now() + LOOK_AGAIN_MS > ends) throw error;
    await Bun.sleep(LOOK_AGAIN_MS);
    error = await caught(write, ends);
  }
  return "ok";
}

async function caught(write: () => Promise<unknown>, ends: number): Promise<unknown> {
  try {
    await before(ends, write());
    return undefined;
  } catch (error) {
    return error ?? new Error("the write failed");
  }
}

/** What the work gives, if it does before `ends` (as performance.now() counts); rejects otherwise. */
export function before<T>(ends: number, work: Promise<T>): Promise<T> {
  return within(Math.max(1, ends - performance.now()), work);
}

/** What the work gives, if it does within `ms`; rejects otherwise, whatever becomes of it. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: Timer | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`MongoDB did not answer within ${Math.round(ms)} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
