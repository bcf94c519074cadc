import { GENESIS, type LogPosition, type SealedBatch, type StoredBatch } from "../core/batch.ts";
import type { ClassId } from "../core/ids.ts";
import { StartError } from "../core/start-error.ts";
import { unstoreBatch } from "../log/seal.ts";
import type { SessionHead, Store } from "../ports/store.ts";
import { type Move, pagesOfSessions, type Source } from "./parts.ts";

/** Sessions whose logs are written at the same time: their batches share commits. */
const AT_ONCE = 64;

/** A session on its way: what its log in the target lacks. */
interface Moving {
  readonly head: SessionHead;
  readonly missing: SealedBatch[];
}

/**
 * Moves every session in the order of the starts: its log, batch by batch as it is, and its records. What the target
 * has of a log must be its beginning. A class has one running session at most, so its next waits for the one before.
 */
export async function moveSessions({ source, target, tell }: Move): Promise<void> {
  const moving = new Map<ClassId, Moving>();
  let done = 0;
  for await (const page of pagesOfSessions(source)) {
    for (const head of page) {
      while (moving.has(head.classId) || moving.size >= AT_ONCE) await writeRound(moving, source, target);
      const missing = await begin(head, source, target);
      if (missing) moving.set(head.classId, { head, missing });
    }
    done += page.length;
    tell(`${done} sessions`);
  }
  while (moving.size > 0) await writeRound(moving, source, target);
}

/** Starts a session that is not there yet; gives what its log lacks, null where nothing is left to do. */
async function begin(head: SessionHead, source: Source, { sessions }: Store): Promise<SealedBatch[] | null> {
  const there = await sessions.head(head.id);
  if (there && there.endedAt !== null && Bun.deepEquals(there, head)) return null;
  const log = unstored(await source.sessions.read(head.id, 0));
  const written = there ? await sessions.read(head.id, 0) : [];
  if (written.some(({ hash }, index) => log[index]?.hash !== hash)) throw new StartError(otherSentence(head));
  const [first, ...rest] = log.slice(written.length);
  if (there || !first) return log.slice(written.length);
  const started = { ...head, endedAt: null, headSeq: first.lastSeq, projectedSeq: 0 };
  if ((await sessions.start(started, first)) === "running") throw new StartError(otherSentence(head));
  return rest;
}

/** Writes one more batch of each; those that lack none get their records and are done. */
async function writeRound(moving: Map<ClassId, Moving>, source: Source, target: Store): Promise<void> {
  const rows = [...moving.values()].flatMap(({ head, missing }) => {
    const batch = missing.shift();
    return batch ? [{ head, batch }] : [];
  });
  const outcomes = await Promise.all(target.sessions.append(rows.map(({ batch }) => batch)));
  const refused = rows[outcomes.indexOf("conflict")];
  if (refused) throw new StartError(otherSentence(refused.head));
  for (const [id, { head, missing }] of moving) {
    if (missing.length > 0) continue;
    await moveRecords(head, source, target);
    moving.delete(id);
  }
}

async function moveRecords({ id, projectedSeq }: SessionHead, source: Source, target: Store): Promise<void> {
  if (projectedSeq === 0) return;
  await target.records.project(id, await source.records.ofSession(id), projectedSeq);
}

const otherSentence = ({ id }: SessionHead): string =>
  `The session ${id} is in the target with another log than here: somebody else has written there; begin anew with an empty target.`;

/** The batches as they were sealed. */
function unstored(log: readonly StoredBatch[]): SealedBatch[] {
  let position: LogPosition = { number: 0, hash: GENESIS };
  try {
    return log.map((stored) => {
      const batch = unstoreBatch(stored, position);
      position = batch;
      return batch;
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `The old database is damaged (${reason}): run rollcall verify on it, and move a backup from before the damage.`,
    );
  }
}
