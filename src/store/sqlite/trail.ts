import type { Database } from "bun:sqlite";
import type { UserId } from "../../core/ids.ts";
import type { AuditEntry } from "../../ports/store.ts";
import type { TrailDetails, TrailEntry, TrailStore } from "../../ports/trail.ts";
import { nextOf } from "../next-of.ts";
import type { Transact } from "./transact.ts";

interface Row extends Omit<TrailEntry, "details"> {
  readonly details: string | null;
}

const ENTRY = "number, body, hash, at, deed, actor, subject, details FROM trail";

/** The trail in SQLite; the details stand in a column of their own, which is not hashed. */
export function sqliteTrail(db: Database, transact: Transact): TrailStore {
  return { ...reads(db), ...writes(db, transact) };
}

function reads(db: Database): Pick<TrailStore, "last" | "read" | "search"> {
  const last = db.prepare<AuditEntry, []>(
    "SELECT number, body, hash FROM trail ORDER BY number DESC LIMIT 1",
  );
  const after = db.prepare<Row, [number, number]>(
    `SELECT ${ENTRY} WHERE number > ?1 ORDER BY number LIMIT ?2`,
  );
  type Asked = [number, number, number, string | null, number];
  const found = db.prepare<Row, Asked>(
    `SELECT ${ENTRY} WHERE number < ?1 AND at >= ?2 AND at < ?3 AND (?4 IS NULL OR deed = ?4)
     ORDER BY number DESC LIMIT ?5`,
  );
  const ofUser = db.prepare<Row, [...Asked, UserId]>(
    `SELECT ${ENTRY} WHERE number IN (
       SELECT number FROM trail WHERE actor = ?6 UNION SELECT number FROM trail WHERE subject = ?6)
     AND number < ?1 AND at >= ?2 AND at < ?3 AND (?4 IS NULL OR deed = ?4) ORDER BY number DESC LIMIT ?5`,
  );
  return {
    last: async () => last.get(),
    read: async (number, limit) => after.all(number, limit).map(entryOf),
    async search({ before = EVER, since = 0, until = EVER, deed = null, user, limit }) {
      const asked: Asked = [before, since, until, deed, limit];
      return (user === undefined ? found.all(...asked) : ofUser.all(...asked, user)).map(entryOf);
    },
  };
}

const EVER = Number.MAX_SAFE_INTEGER;

function writes(db: Database, transact: Transact): Pick<TrailStore, "append" | "cut" | "eraseDetails"> {
  type Values = [number, string, string, number, string, UserId | null, UserId | null, string | null];
  const end = db.prepare<{ number: number }, []>("SELECT number FROM trail ORDER BY number DESC LIMIT 1");
  const insert = db.prepare<unknown, Values>(
    `INSERT INTO trail (number, body, hash, at, deed, actor, subject, details)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)`,
  );
  const cut = db.prepare<unknown, [number]>(
    "DELETE FROM trail WHERE number <= ?1 AND number < (SELECT max(number) FROM trail)",
  );
  const erase = db.prepare<unknown, [UserId]>(
    "UPDATE trail SET details = NULL WHERE (actor = ?1 OR subject = ?1) AND details IS NOT NULL",
  );
  return {
    append: async (entries) =>
      transact(() => {
        const next = nextOf(end.get(), entries);
        if (entries.some(({ number }, at) => number !== next + at)) return "conflict";
        for (const { number, body, hash, at, deed, actor, subject, details } of entries)
          insert.run(number, body, hash, at, deed, actor, subject, details && JSON.stringify(details));
        return "ok";
      }),
    async cut(upTo) {
      cut.run(upTo);
    },
    async eraseDetails(user) {
      erase.run(user);
    },
  };
}

const entryOf = ({ details, ...row }: Row): TrailEntry => ({
  ...row,
  details: details === null ? null : (JSON.parse(details) as TrailDetails),
});
