import type { Database } from "bun:sqlite";
import type { UserId } from "../../core/ids.ts";
import type { User } from "../../core/people.ts";
import type { UserStore } from "../../ports/store.ts";
import { changedUser, takenOver, unlinked } from "../user-changes.ts";
import { searchText } from "./search.ts";
import type { Transact } from "./transact.ts";

interface Row extends Omit<User, "disabled"> {
  readonly disabled: 0 | 1;
}

const USER = `users.id, users.name, users.email, users.role, users.password_hash AS passwordHash,
  users.issuer, users.subject, users.claims_from AS claimsFrom, users.disabled,
  users.tokens_from AS tokensFrom, users.created_at AS createdAt FROM users`;

const userOf = (row: Row): User => ({ ...row, disabled: row.disabled === 1 });
const userOrNull = (row: Row | null): User | null => row && userOf(row);

/** Users in SQLite. */
export function sqliteUsers(db: Database, transact: Transact): UserStore {
  return { ...reads(db), ...writes(db, transact) };
}

type Writes = Pick<UserStore, "add" | "update" | "takeOver" | "link">;

function reads(db: Database): Omit<UserStore, keyof Writes> {
  const byId = db.prepare<Row, [UserId]>(`SELECT ${USER} WHERE id = ?1`);
  const byEmail = db.prepare<Row, [string]>(`SELECT ${USER} WHERE email = ?1 AND password_hash IS NOT NULL`);
  const bySubject = db.prepare<Row, [string, string]>(`SELECT ${USER} WHERE issuer = ?1 AND subject = ?2`);
  const byIds = db.prepare<Row, [string]>(
    `SELECT ${USER} JOIN json_each(?1) AS asked ON users.id = asked.value ORDER BY asked.key`,
  );
  const students = db.prepare<Row, []>(
    `SELECT ${USER} WHERE role = 'student' ORDER BY name IS NULL, name COLLATE NOCASE, id`,
  );
  const page = db.prepare<Row, [string, string, number]>(
    `SELECT ${USER} WHERE id > ?2 AND instr(search, ?1) > 0 ORDER BY id LIMIT ?3`,
  );
  const found = db.prepare<Row, [string, number]>(
    `SELECT ${USER} WHERE role = 'student' AND instr(search, ?1) > 0
     ORDER BY name IS NULL, name COLLATE NOCASE, id LIMIT ?2`,
  );
  const admin = db.prepare<unknown, []>("SELECT 1 FROM users WHERE role = 'admin' AND disabled = 0 LIMIT 1");
  const count = db.prepare<{ n: number }, []>("SELECT count(*) AS n FROM users");
  return {
    byId: async (id) => userOrNull(byId.get(id)),
    byEmail: async (email) => userOrNull(byEmail.get(email)),
    bySubject: async (issuer, subject) => userOrNull(bySubject.get(issuer, subject)),
    byIds: async (ids) => byIds.all(JSON.stringify(ids)).map(userOf),
    students: async () => students.all().map(userOf),
    findStudents: async (query, limit) => found.all(query.toLowerCase(), limit).map(userOf),
    page: async (query, after, limit) => page.all(query.toLowerCase(), after ?? "", limit).map(userOf),
    hasAdmin: async () => admin.get() !== null,
    count: async () => count.get()?.n ?? 0,
  };
}

function writes(db: Database, transact: Transact): Writes {
  const write = writing(db);
  const byId = db.prepare<Row, [UserId]>(`SELECT ${USER} WHERE id = ?1`);
  const bySubject = db.prepare<Row, [string, string]>(`SELECT ${USER} WHERE issuer = ?1 AND subject = ?2`);
  return {
    add: async (user) => (write.insert(user) ? "ok" : "taken"),
    update: async (id, changes, known) =>
      transact(() => {
        const user = userOrNull(byId.get(id));
        if (!user) return "unknown";
        if (known && known.tokensFrom !== user.tokensFrom) return "stale";
        return write.replace(changedUser(user, changes)) ? "ok" : "taken";
      }),
    takeOver: async (id, claims) =>
      transact(() => {
        const user = userOrNull(byId.get(id));
        if (!user || user.claimsFrom >= claims.claimsFrom) return;
        write.replace(takenOver(user, claims));
      }),
    link: async (id, issuer, subject) =>
      transact(() => {
        const user = userOrNull(byId.get(id));
        if (!user) return "unknown";
        const other = userOrNull(bySubject.get(issuer, subject));
        if (other && other.id !== id) write.replace(unlinked(other));
        write.replace({ ...user, issuer, subject });
        return "ok";
      }),
  };
}

/** Whole rows, in and over; false where another row has what may be there once. */
function writing(db: Database) {
  type Text = string | null;
  type Values = [UserId, Text, Text, string, Text, Text, Text, 0 | 1, number, number, string];
  const values = (user: User): Values => [
    user.id,
    user.name,
    user.email,
    user.role,
    user.passwordHash,
    user.issuer,
    user.subject,
    user.disabled ? 1 : 0,
    user.tokensFrom,
    user.claimsFrom,
    searchText(user.name, user.email),
  ];
  const insert = db.prepare<unknown, [...Values, number]>(
    `INSERT INTO users (id, name, email, role, password_hash, issuer, subject, disabled, tokens_from,
       claims_from, search, created_at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT DO NOTHING`,
  );
  const replace = db.prepare<unknown, Values>(
    `UPDATE OR IGNORE users SET name = ?2, email = ?3, role = ?4, password_hash = ?5, issuer = ?6, subject = ?7,
       disabled = ?8, tokens_from = ?9, claims_from = ?10, search = ?11 WHERE id = ?1`,
  );
  return {
    insert: (user: User) => insert.run(...values(user), user.createdAt).changes > 0,
    replace: (user: User) => replace.run(...values(user)).changes > 0,
  };
}
