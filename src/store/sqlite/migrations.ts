import type { Database } from "bun:sqlite";
import { StoreOpenError } from "./errors.ts";
import { searchText } from "./search.ts";
import type { Transact } from "./transact.ts";

/** One step of the schema. `version` is PRAGMA user_version once it is done; `sql` may hold several statements. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
  /** What SQL alone cannot do, after it and within the same transaction. */
  readonly finish?: (db: Database) => void;
}

/** Tells our files from any other SQLite database: "Roll". */
export const APPLICATION_ID = 0x526f6c6c;

/** Every version since the first. A released one is never edited. STRICT and CHECK hold the types that our queries state. */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    sql: `
      CREATE TABLE users (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        email TEXT NOT NULL UNIQUE,
        role TEXT NOT NULL CHECK (role IN ('teacher', 'student', 'admin')),
        password_hash TEXT NOT NULL,
        created_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX users_students ON users (name COLLATE NOCASE, id) WHERE role = 'student';

      CREATE TABLE classes (
        position INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        teacher_id TEXT NOT NULL,
        archived_at INTEGER
      ) STRICT;
      CREATE INDEX classes_teacher ON classes (teacher_id);

      CREATE TABLE enrolments (
        position INTEGER PRIMARY KEY,
        class_id TEXT NOT NULL REFERENCES classes (id),
        student_id TEXT NOT NULL,
        UNIQUE (class_id, student_id)
      ) STRICT;
      CREATE INDEX enrolments_student ON enrolments (student_id);

      CREATE TABLE sessions (
        id TEXT PRIMARY KEY,
        class_id TEXT NOT NULL,
        teacher_id TEXT NOT NULL,
        room_id TEXT NOT NULL,
        started_at INTEGER NOT NULL,
        ended_at INTEGER,
        head_seq INTEGER NOT NULL,
        projected_seq INTEGER NOT NULL
      ) STRICT;
      CREATE UNIQUE INDEX sessions_running ON sessions (class_id) WHERE ended_at IS NULL;
      CREATE INDEX sessions_ended ON sessions (class_id, ended_at, id);
      CREATE INDEX sessions_behind ON sessions (id) WHERE ended_at IS NOT NULL AND projected_seq < head_seq;

      CREATE TABLE batches (
        session_id TEXT NOT NULL REFERENCES sessions (id),
        number INTEGER NOT NULL,
        last_seq INTEGER NOT NULL,
        hash TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (session_id, number)
      ) STRICT;

      CREATE TABLE records (
        session_id TEXT NOT NULL REFERENCES sessions (id),
        student_id TEXT NOT NULL,
        class_id TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('present', 'absent')),
        at INTEGER NOT NULL,
        PRIMARY KEY (session_id, student_id)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE audit (
        number INTEGER PRIMARY KEY,
        body TEXT NOT NULL,
        hash TEXT NOT NULL
      ) STRICT;

      CREATE TABLE probe (times INTEGER NOT NULL) STRICT;
      INSERT INTO probe VALUES (0);
    `,
  },
  {
    // No log of version 1 has a command id: rollcall.v1 came with this version.
    version: 2,
    sql: `
      CREATE TABLE commands (
        author TEXT NOT NULL,
        id TEXT NOT NULL,
        session_id TEXT NOT NULL REFERENCES sessions (id),
        seq INTEGER NOT NULL,
        digest TEXT NOT NULL,
        PRIMARY KEY (author, id, session_id)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE tickets (
        hash TEXT PRIMARY KEY,
        user_id TEXT NOT NULL,
        expires_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX tickets_expiry ON tickets (expires_at);
    `,
  },
  {
    // Sessions follow each other as they were started, which is the order of their rows, whatever the clock said.
    version: 3,
    sql: `
      DROP INDEX sessions_ended;
      CREATE INDEX sessions_class ON sessions (class_id);
    `,
  },
  {
    // Users of outside issuers have no password, and may have neither name nor email.
    version: 4,
    sql: `
      CREATE TABLE users_4 (
        id TEXT PRIMARY KEY,
        name TEXT,
        email TEXT,
        role TEXT NOT NULL CHECK (role IN ('teacher', 'student', 'admin')),
        password_hash TEXT,
        issuer TEXT,
        subject TEXT,
        claims_from INTEGER NOT NULL,
        disabled INTEGER NOT NULL CHECK (disabled IN (0, 1)),
        tokens_from INTEGER NOT NULL,
        search TEXT NOT NULL,
        created_at INTEGER NOT NULL
      ) STRICT;
      INSERT INTO users_4
        SELECT id, name, email, role, password_hash, NULL, NULL, 0, 0, 0, '', created_at FROM users;
      DROP TABLE users;
      ALTER TABLE users_4 RENAME TO users;
      CREATE UNIQUE INDEX users_email ON users (email) WHERE password_hash IS NOT NULL;
      CREATE UNIQUE INDEX users_subject ON users (issuer, subject) WHERE issuer IS NOT NULL;
      CREATE INDEX users_students ON users (name IS NULL, name COLLATE NOCASE, id) WHERE role = 'student';
    `,
    finish: fillSearch,
  },
  {
    // Records gain since when and by whom, and sessions their counts: every ended session's are written anew at the
    // next start, from its log.
    version: 5,
    sql: `
      ALTER TABLE records ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE records ADD COLUMN marked_by TEXT NOT NULL DEFAULT 'system'
        CHECK (marked_by IN ('teacher', 'self', 'system'));
      ALTER TABLE sessions ADD COLUMN present INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE sessions ADD COLUMN absent INTEGER NOT NULL DEFAULT 0;
      CREATE INDEX sessions_teacher ON sessions (teacher_id);
      UPDATE sessions SET projected_seq = 0 WHERE ended_at IS NOT NULL;
    `,
  },
  {
    // Where the data came from, when it was moved here.
    version: 6,
    sql: `
      CREATE TABLE origin (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        "from" TEXT NOT NULL,
        started_at INTEGER NOT NULL,
        finished_at INTEGER
      ) STRICT;
    `,
  },
  {
    version: 7,
    sql: `
      CREATE TABLE browsers (
        id TEXT PRIMARY KEY,
        hash TEXT NOT NULL UNIQUE,
        user_id TEXT NOT NULL,
        tokens_from INTEGER NOT NULL,
        device TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        used_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX browsers_user ON browsers (user_id, used_at);
      CREATE INDEX browsers_made ON browsers (created_at);
      CREATE INDEX browsers_used ON browsers (used_at);
      CREATE INDEX users_admins ON users (id) WHERE role = 'admin';
    `,
  },
  {
    version: 8,
    sql: `
      CREATE TABLE trail (
        number INTEGER PRIMARY KEY,
        body TEXT NOT NULL,
        hash TEXT NOT NULL,
        at INTEGER NOT NULL,
        deed TEXT NOT NULL,
        actor TEXT,
        subject TEXT,
        details TEXT
      ) STRICT;
      CREATE INDEX trail_actor ON trail (actor, number);
      CREATE INDEX trail_subject ON trail (subject, number);
      CREATE INDEX trail_deed ON trail (deed, number);
      CREATE INDEX commands_session ON commands (session_id);
    `,
  },
  {
    // Who may come into the video room of a session.
    version: 9,
    sql: "ALTER TABLE sessions ADD COLUMN door TEXT;",
  },
  {
    // What time in the video room means for a class, who was there, and the beats of the process that serves.
    version: 10,
    sql: `
      ALTER TABLE classes ADD COLUMN settings TEXT;
      ALTER TABLE records ADD COLUMN room TEXT;
      CREATE TABLE nodes (
        id TEXT PRIMARY KEY,
        row TEXT NOT NULL,
        beats INTEGER NOT NULL,
        at INTEGER NOT NULL
      ) STRICT;
    `,
  },
  {
    // What was said in video rooms.
    version: 11,
    sql: `
      CREATE TABLE chat (
        position INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        session_id TEXT NOT NULL,
        at INTEGER NOT NULL,
        user_id TEXT NOT NULL,
        text TEXT NOT NULL
      ) STRICT;
      CREATE INDEX chat_session ON chat (session_id);
      CREATE INDEX chat_user ON chat (user_id);
    `,
  },
  {
    // What was said is read in pages.
    version: 12,
    sql: `
      DROP INDEX chat_session;
      CREATE INDEX chat_session ON chat (session_id, at, id);
    `,
  },
];

/** Lower-cased here, for SQLite knows upper and lower case of ASCII alone. */
function fillSearch(db: Database): void {
  const fill = db.prepare<unknown, [string, string]>("UPDATE users SET search = ?2 WHERE id = ?1");
  const all = db.query<{ id: string; name: string | null; email: string | null }, []>(
    "SELECT id, name, email FROM users",
  );
  for (const { id, name, email } of all.all()) fill.run(id, searchText(name, email));
}

/** The version that a list of migrations leads to. */
export const newest = (migrations: readonly Migration[]): number => migrations.at(-1)?.version ?? 0;

/** Brings a file of version `from` to the newest, all or nothing. Foreign keys must be off: a step may rebuild tables. */
export function migrate(
  db: Database,
  transact: Transact,
  from: number,
  migrations: readonly Migration[],
): void {
  transact(() => {
    for (const step of migrations.filter(({ version }) => version > from)) {
      db.run(step.sql);
      step.finish?.(db);
    }
    const dangling = db.query("PRAGMA foreign_key_check").get();
    if (dangling)
      throw new StoreOpenError(
        "The migration would leave rows without their parents and was undone: go back to the release before and report this.",
      );
    db.run(`PRAGMA application_id = ${APPLICATION_ID}`);
    db.run(`PRAGMA user_version = ${newest(migrations)}`);
  });
}
