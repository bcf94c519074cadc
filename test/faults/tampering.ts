import type { Database } from "bun:sqlite";
import { GENESIS } from "../../src/core/batch.ts";
import { sha256 } from "../../src/log/seal.ts";

interface BatchRow {
  readonly number: number;
  readonly body: string;
}

/** A way to change a database behind the product's back. `ended` and `running` name a session that is so. */
export interface Tampering {
  readonly what: string;
  readonly change: (db: Database, sessions: { readonly ended: string; readonly running: string }) => void;
  /** A part of the fault that must be named. */
  readonly found?: string;
}

const batchesOf = (db: Database, session: string): BatchRow[] =>
  db
    .query<BatchRow, [string]>("SELECT number, body FROM batches WHERE session_id = ?1 ORDER BY number")
    .all(session);

const lastOf = (db: Database, session: string): number => batchesOf(db, session).at(-1)?.number ?? 0;

/** Writes a session's batches anew from these bodies, chained and hashed as the product would. Gives the last hash. */
function rewrite(db: Database, session: string, bodies: readonly string[]): string {
  db.run("DELETE FROM batches WHERE session_id = ?", [session]);
  let [prev, seq] = [GENESIS, 0];
  for (const [at, old] of bodies.entries()) {
    const parsed = JSON.parse(old);
    const body = JSON.stringify({ ...parsed, number: at + 1, prev });
    prev = sha256(body);
    seq = parsed.events.at(-1).seq;
    db.run("INSERT INTO batches (session_id, number, last_seq, hash, body) VALUES (?, ?, ?, ?, ?)", [
      session,
      at + 1,
      seq,
      prev,
      body,
    ]);
  }
  return prev;
}

/** Turns the session's marks around, with hashes that fit. Gives the last hash. */
const forge = (db: Database, session: string): string =>
  rewrite(
    db,
    session,
    batchesOf(db, session).map(({ body }) => body.replaceAll(/"present"(?!:)/g, '"absent"')),
  );

/** Takes the last batches off a log, with head row and records as if they had never been. */
function cutTail(db: Database, session: string): void {
  db.run("DELETE FROM batches WHERE session_id = ? AND number > ?", [session, lastOf(db, session) - 1]);
  db.run(
    `UPDATE sessions SET ended_at = NULL, projected_seq = 0,
      head_seq = (SELECT max(last_seq) FROM batches WHERE session_id = id) WHERE id = ?`,
    [session],
  );
  db.run("DELETE FROM records WHERE session_id = ?", [session]);
}

/** Writes the whole audit chain anew, each entry with this done to its fact. */
function rewriteAudit(
  db: Database,
  change: (fact: { session: string; hash: string }) => object | null,
): void {
  const bodies = db.query<{ body: string }, []>("SELECT body FROM audit ORDER BY number").all();
  db.run("DELETE FROM audit");
  let [prev, number] = [GENESIS, 0];
  for (const { body } of bodies) {
    const { at, fact } = JSON.parse(body);
    const changed = change(fact);
    if (!changed) continue;
    const entry = JSON.stringify({ number: ++number, prev, at, fact: changed });
    prev = sha256(entry);
    db.run("INSERT INTO audit (number, body, hash) VALUES (?, ?, ?)", [number, entry, prev]);
  }
}

/** What `verify` finds. */
export const FOUND: readonly Tampering[] = [
  {
    what: "a batch removed from the middle",
    change: (db, { ended }) => db.run("DELETE FROM batches WHERE session_id = ? AND number = 2", [ended]),
    found: "follows batch 1",
  },
  {
    what: "the first batch removed",
    change: (db, { running }) => db.run("DELETE FROM batches WHERE session_id = ? AND number = 1", [running]),
    found: "batch 2: follows batch 0",
  },
  {
    what: "two batches with each other's body",
    change: (db, { ended }) => {
      const [, second, third] = batchesOf(db, ended);
      const put = "UPDATE batches SET body = ? WHERE session_id = ? AND number = ?";
      db.run(put, [third?.body ?? "", ended, 2]);
      db.run(put, [second?.body ?? "", ended, 3]);
    },
    found: "the body is not the one that was hashed",
  },
  {
    what: "a batch moved to another session",
    change: (db, { ended, running }) =>
      db.run("UPDATE batches SET session_id = ?, number = ? WHERE session_id = ? AND number = 2", [
        ended,
        lastOf(db, ended) + 1,
        running,
      ]),
    found: "belongs elsewhere",
  },
  {
    what: "a changed batch whose hash was made to fit",
    change: (db, { ended }) => {
      const body = `${batchesOf(db, ended)[1]?.body} `;
      db.run("UPDATE batches SET body = ?1, hash = ?2 WHERE session_id = ?3 AND number = 2", [
        body,
        sha256(body),
        ended,
      ]);
    },
    found: "the chain is broken",
  },
  {
    what: "the cut tail of an ended session, made to look as if it ran",
    change: (db, { ended }) => cutTail(db, ended),
    found: "the audit chain names batch",
  },
  {
    what: "the cut tail of a session, its head row as it was",
    change: (db, { running }) =>
      db.run("DELETE FROM batches WHERE session_id = ? AND number = ?", [running, lastOf(db, running)]),
    found: "the head row says",
  },
  {
    what: "an ended session whose whole log was written anew",
    change: (db, { ended }) => void forge(db, ended),
    found: "the audit chain names batch",
  },
  {
    what: "an ended session that is gone with all that it had",
    change: (db, { ended }) => {
      for (const table of ["records", "commands", "batches"])
        db.run(`DELETE FROM ${table} WHERE session_id = ?`, [ended]);
      db.run("DELETE FROM sessions WHERE id = ?", [ended]);
    },
    found: "the audit chain names it, but it is gone",
  },
  {
    what: "a record turned around",
    change: (db, { ended }) =>
      db.run(
        `UPDATE records SET status = CASE status WHEN 'present' THEN 'absent' ELSE 'present' END
         WHERE session_id = ?`,
        [ended],
      ),
    found: "its records are not what its log says",
  },
  {
    what: "a record removed",
    change: (db, { ended }) =>
      db.run(
        "DELETE FROM records WHERE session_id = ?1 AND student_id = (SELECT min(student_id) FROM records WHERE session_id = ?1)",
        [ended],
      ),
    found: "its records are not what its log says",
  },
  {
    what: "a head row that names another class",
    change: (db, { ended }) =>
      db.run("UPDATE sessions SET class_id = ? WHERE id = ?", ["f".repeat(24), ended]),
    found: "the head row names another class",
  },
  {
    what: "a head row with another end",
    change: (db, { ended }) => db.run("UPDATE sessions SET ended_at = ended_at + 1 WHERE id = ?", [ended]),
    found: "head row and log disagree on the end",
  },
  {
    what: "an audit entry removed from the middle",
    change: (db) => db.run("DELETE FROM audit WHERE number = 1"),
    found: "audit entry 2: follows entry 0",
  },
  {
    what: "an audit entry changed",
    change: (db) => db.run("UPDATE audit SET body = body || ' ' WHERE number = 1"),
    found: "audit entry 1: the body is not the one that was hashed",
  },
  {
    what: "the end of the audit chain cut off",
    change: (db) => db.run("DELETE FROM audit WHERE number = (SELECT max(number) FROM audit)"),
    found: "the audit chain lacks its end",
  },
];

/** What `verify` cannot see; docs/VERIFY.md says so, and what to do about it. */
export const UNSEEN: readonly Tampering[] = [
  {
    what: "everything written anew by who owns the file, the audit chain with it",
    change: (db, { ended }) => {
      const hash = forge(db, ended);
      db.run("UPDATE records SET status = 'absent' WHERE session_id = ?", [ended]);
      const batch = lastOf(db, ended);
      rewriteAudit(db, (fact) => (fact.session === ended ? { ...fact, batch, hash } : fact));
    },
  },
  {
    what: "the end of a log and of the audit chain cut off together",
    change: (db, { ended }) => {
      cutTail(db, ended);
      rewriteAudit(db, (fact) => (fact.session === ended ? null : fact));
    },
  },
  {
    what: "the tail of a running session since its head was last audited",
    change: (db, { running }) => cutTail(db, running),
  },
  {
    what: "a running session that was never audited, gone with all that it had",
    change: (db, { running }) => {
      for (const table of ["commands", "batches"])
        db.run(`DELETE FROM ${table} WHERE session_id = ?`, [running]);
      db.run("DELETE FROM sessions WHERE id = ?", [running]);
    },
  },
  {
    what: "people, classes and rolls, which are in no chain",
    change: (db) => {
      db.run("UPDATE users SET name = 'another', role = 'teacher'");
      db.run("UPDATE classes SET name = 'another'");
      db.run("DELETE FROM enrolments");
    },
  },
  {
    what: "when and by whom the head row says that a session was started",
    change: (db, { ended }) =>
      db.run("UPDATE sessions SET started_at = 1, teacher_id = 'another', room_id = ? WHERE id = ?", [
        "f".repeat(24),
        ended,
      ]),
  },
  { what: "the index of command ids", change: (db) => db.run("DELETE FROM commands") },
];
