import { GENESIS, type LogPosition, type SealedBatch } from "../core/batch.ts";

/** Where a session's log ends: its last batch and that batch's last sequence number. */
export interface LogEnd extends LogPosition {
  readonly seq: number;
}

/** The end of a log that has not begun. */
export const NOT_BEGUN: LogEnd = { number: 0, hash: GENESIS, seq: 0 };

/** Whether a batch is the one that continues a log that ends there: no overlap, no gap, no other chain. */
export const follows = (end: LogEnd, batch: SealedBatch): boolean =>
  batch.number === end.number + 1 && batch.prev === end.hash && batch.firstSeq === end.seq + 1;

/** Where the log ends once the batch is in it. */
export const endOf = (batch: SealedBatch): LogEnd => ({
  number: batch.number,
  hash: batch.hash,
  seq: batch.lastSeq,
});
