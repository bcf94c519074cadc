import { z } from "zod";
import type { LogPosition, SealedBatch, StoredBatch } from "../core/batch.ts";
import type { SessionId } from "../core/ids.ts";
import type { LoggedEvent } from "../core/session/events.ts";
import { type Body, bodyOfMarks, bodySchema } from "./batch-body.ts";

/** SHA-256 of the text's UTF-8 bytes, in hex. */
export const sha256 = (text: string): string => Bun.SHA256.hash(text, "hex");

/**
 * Seals the events that follow `after` into its next batch: numbered, and chained to the one before by its
 * hash. Throws on an empty list.
 */
export function sealBatch(
  sessionId: SessionId,
  after: LogPosition,
  writer: string,
  events: readonly LoggedEvent[],
): SealedBatch {
  const number = after.number + 1;
  const body = JSON.stringify({ session: sessionId, number, prev: after.hash, writer, events });
  return {
    sessionId,
    number,
    prev: after.hash,
    writer,
    ...extent(sessionId, events),
    events,
    body,
    hash: sha256(body),
  };
}

/** A stored batch that is not what it should be: says which and why. What cannot be read now may be whole. */
export class BrokenBatch extends Error {}

/**
 * Reads a stored batch back and checks it: its hash, its place after `after`, its shape.
 * Throws BrokenBatch where anything is off.
 */
export function openBatch(
  stored: StoredBatch,
  after: LogPosition,
): { writer: string; events: LoggedEvent[] } {
  const where = `session ${stored.sessionId}, batch ${stored.number}`;
  if (stored.number !== after.number + 1) throw new BrokenBatch(`${where}: follows batch ${after.number}`);
  if (sha256(stored.body) !== stored.hash)
    throw new BrokenBatch(`${where}: the body is not the one that was hashed`);
  const value = parseJson(stored.body);
  const body = bodyOfMarks(value) ?? bodyByItsSchema(value, where);
  const { session, number, prev, writer, events } = body;
  if (session !== stored.sessionId || number !== stored.number)
    throw new BrokenBatch(`${where}: belongs elsewhere`);
  if (prev !== after.hash)
    throw new BrokenBatch(`${where}: the chain is broken, it does not follow the batch before`);
  return { writer, events };
}

function bodyByItsSchema(value: unknown, where: string): Body {
  const { data, error } = bodySchema.safeParse(value);
  if (!data) throw new BrokenBatch(`${where}: ${z.prettifyError(error)}`);
  return data;
}

/** A stored batch as it was when it was sealed, body and hash untouched. Throws BrokenBatch where anything is off. */
export function unstoreBatch(stored: StoredBatch, after: LogPosition): SealedBatch {
  const { writer, events } = openBatch(stored, after);
  return { ...stored, prev: after.hash, writer, events, ...extent(stored.sessionId, events) };
}

/** What a batch's events say of its place in the log. */
function extent(
  sessionId: SessionId,
  events: readonly LoggedEvent[],
): Pick<SealedBatch, "firstSeq" | "lastSeq" | "endedAt"> {
  const first = events[0];
  const last = events.at(-1);
  if (!first || !last) throw new Error(`session ${sessionId}: an empty batch`);
  return { firstSeq: first.seq, lastSeq: last.seq, endedAt: last.type === "ended" ? last.at : null };
}

/** The value of a JSON text; undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
