import { MongoBulkWriteError } from "mongodb";
import type { SealedBatch } from "../../core/batch.ts";
import type { SessionId } from "../../core/ids.ts";
import type { AppendOutcome } from "../../ports/store.ts";
import { commandsIn } from "../commands-in.ts";
import { endOf, follows } from "../follows.ts";
import type { Mongo } from "./connect.ts";
import type { BatchBody, BatchDoc } from "./documents.ts";
import { batchKey, readEnd, type SessionEnd } from "./heads.ts";
import { before, isUnknown, land } from "./outcome.ts";

/** More sessions than run at once in a large school; beyond it their ends are read again. */
const ENDS_MAX = 10_000;

/** Writes on their way at the same time; measured with 30 sessions: as many as one each is six times slower. */
const WRITES_AT_ONCE = 2;
/** Batches in one write, so that a bulk stays far below the 48 MB that a message may have. */
const BATCHES_AT_ONCE = 500;

/** A batch that waits to be written, and who is told what became of it. */
interface Asked {
  readonly batch: SealedBatch;
  readonly resolve: (outcome: AppendOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** One that follows its log, so far as is known. */
interface Fitting extends Asked {
  readonly end: SessionEnd;
}

/** What is kept of a batch; `endedAt`: when its session ended, as of this batch. */
export function bodyOf(batch: SealedBatch, endedAt: number | null): BatchBody {
  const { number, writer, lastSeq, hash, body } = batch;
  const commands = commandsIn(batch).map(({ author, id, seq, digest }) => ({ author, id, seq, digest }));
  return { number, writer, lastSeq, endedAt, hash, body, ...(commands.length > 0 && { commands }) };
}

/**
 * Appends to logs: one document a batch, its `_id` the session and the number, so that of two writers one gets the
 * number. That nothing is left out is looked at first: what a batch must follow is remembered only once a majority
 * has it, or read at majority. Batches of several sessions go in one write; those of one session after each other.
 */
export class LogWriter {
  readonly #ends = new Map<SessionId, SessionEnd>();
  /** The last batch of each session that is being written: the next one waits for it. */
  readonly #last = new Map<SessionId, Promise<unknown>>();

  /** Those that follow their log and wait for a place in a write. */
  readonly #ready: Fitting[] = [];
  #flying = 0;

  constructor(private readonly mongo: Mongo) {}

  append(batches: readonly SealedBatch[]): Promise<AppendOutcome>[] {
    return batches.map((batch) => {
      const { promise, resolve, reject } = Promise.withResolvers<AppendOutcome>();
      const asked = { batch, resolve, reject };
      const earlier = this.#last.get(batch.sessionId);
      if (earlier) void earlier.then(() => this.#prepare(asked));
      else void this.#prepare(asked);
      this.#queue(batch.sessionId, promise);
      return promise;
    });
  }

  #queue(id: SessionId, outcome: Promise<unknown>): void {
    const done: Promise<void> = outcome
      .catch(() => "whoever asked is told")
      .then(() => {
        if (this.#last.get(id) === done) this.#last.delete(id);
      });
    this.#last.set(id, done);
  }

  /** Makes sure that the batch follows its log, announces an end, and lines it up to be written. */
  async #prepare(asked: Asked): Promise<void> {
    const fitting = await this.#fit(asked);
    if (!fitting) return;
    try {
      if (touchesHead(fitting)) await this.#foretell(fitting);
    } catch (error) {
      this.#failed(fitting, error);
      return;
    }
    this.#ready.push(fitting);
    queueMicrotask(() => void this.#flush());
  }

  /** Writes all that is ready at once; while enough writes are on their way more gathers for the next. */
  async #flush(): Promise<void> {
    if (this.#flying >= WRITES_AT_ONCE || this.#ready.length === 0) return;
    const fitting = this.#ready.splice(0, BATCHES_AT_ONCE);
    this.#flying++;
    const ends = performance.now() + this.mongo.timeoutMs;
    const failures = await this.#insert(fitting, ends);
    this.#flying--;
    void this.#flush();
    for (const one of fitting) void this.#settle(one, failures(one), ends);
  }

  /** Null where the batch does not follow its log: then that is told. */
  async #fit(asked: Asked): Promise<Fitting | null> {
    const { batch, resolve, reject } = asked;
    try {
      const known = this.#ends.get(batch.sessionId);
      const end = known && follows(known, batch) ? known : await this.#readEnd(batch.sessionId);
      if (end && follows(end, batch)) return { ...asked, end };
      resolve("conflict");
    } catch (error) {
      reject(error);
    }
    return null;
  }

  #readEnd(id: SessionId): Promise<SessionEnd | null> {
    this.#ends.delete(id);
    return before(performance.now() + this.mongo.timeoutMs, readEnd(this.mongo, id));
  }

  /** An end is announced in its head row first: whoever comes after a crash looks at that log. */
  async #foretell({ batch }: Fitting): Promise<void> {
    const { heads, timeoutMs } = this.mongo;
    const announced = heads.updateOne({ _id: batch.sessionId }, { $set: { behind: true } });
    await before(performance.now() + timeoutMs, announced);
  }

  /** Inserts all at once; gives what failed of each, undefined where it stands on a majority. */
  async #insert(fitting: readonly Fitting[], ends: number): Promise<(one: Fitting) => unknown> {
    const docs = fitting.map(docOf);
    try {
      await before(ends, this.mongo.batches.insertMany(docs, { ordered: false }));
      return () => undefined;
    } catch (error) {
      if (!(error instanceof MongoBulkWriteError) || isUnknown(error)) return () => error;
      const failed = new Map([error.writeErrors].flat().map((each) => [each.index, each]));
      if (failed.size + error.insertedCount !== docs.length) return () => error;
      return (one) => failed.get(fitting.indexOf(one)) && error;
    }
  }

  async #settle(one: Fitting, failure: unknown, ends: number): Promise<void> {
    const doc = docOf(one);
    const { batches } = this.mongo;
    try {
      const outcome =
        failure === undefined
          ? "ok"
          : await land(
              {
                timeoutMs: ends - performance.now(),
                write: () => batches.insertOne(doc),
                look: async () => {
                  const found = await batches.findOne({ _id: doc._id, sessionId: doc.sessionId });
                  if (!found) return "none";
                  // The same writer may have given up on another batch of this number, which landed late.
                  return found.hash === doc.hash ? "mine" : "other";
                },
              },
              failure,
            );
      if (outcome === "ok") await this.#landed(one);
      else this.#ends.delete(one.batch.sessionId);
      one.resolve(outcome);
    } catch (error) {
      this.#failed(one, error);
    }
  }

  #failed({ batch, reject }: Fitting, error: unknown): void {
    this.#ends.delete(batch.sessionId);
    reject(error);
  }

  async #landed(one: Fitting): Promise<void> {
    const { sessionId } = one.batch;
    const endedAt = endedBy(one);
    if (this.#ends.size >= ENDS_MAX) this.#ends.clear();
    this.#ends.set(sessionId, { ...endOf(one.batch), endedAt });
    if (!touchesHead(one)) return;
    this.#ends.delete(sessionId);
    const update = { $set: { endedAt, behind: true }, $max: { headSeq: one.batch.lastSeq } };
    try {
      await before(
        performance.now() + this.mongo.timeoutMs,
        this.mongo.heads.updateOne({ _id: sessionId }, update),
      );
    } catch {
      // The end stands in the log, and the head row says that it must be looked at.
    }
  }
}

const endedBy = ({ batch, end }: Fitting): number | null => end.endedAt ?? batch.endedAt;

/** Whether the head row changes with the batch: with the end, and with what follows it. */
const touchesHead = (one: Fitting): boolean => endedBy(one) !== null;

const docOf = (one: Fitting): BatchDoc => ({
  _id: batchKey(one.batch.sessionId, one.batch.number),
  sessionId: one.batch.sessionId,
  ...bodyOf(one.batch, endedBy(one)),
});
