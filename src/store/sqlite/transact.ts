import type { Database } from "bun:sqlite";

/**
 * Runs `work` as one transaction and gives back what it gave. `work` must be synchronous. Throws what `work`
 * or the commit threw, after undoing everything; the connection is then ready for the next.
 */
export type Transact = <T>(work: () => T) => T;

/** Makes the connection's way of running transactions. */
export function transactor(db: Database): Transact {
  const begin = db.prepare("BEGIN IMMEDIATE");
  const commit = db.prepare("COMMIT");
  return (work) => {
    undo(db);
    begin.run();
    try {
      const result = work();
      commit.run();
      return result;
    } catch (error) {
      try {
        undo(db);
      } catch {
        // What failed first is what the caller must hear; the next transaction tries the rollback again.
      }
      throw error;
    }
  };
}

/** A full disk or an I/O error may have ended the transaction already, and ROLLBACK would then be an error of its own. */
function undo(db: Database): void {
  if (db.inTransaction) db.run("ROLLBACK");
}
