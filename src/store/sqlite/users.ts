import type { Database } from "bun:sqlite";
import type { UserId } from "../../core/ids.ts";
import type { User } from "../../core/people.ts";
import type { UserStore } from "../../ports/store.ts";

const USER = `users.id, users.name, users.email, users.role, users.password_hash AS passwordHash,
  users.created_at AS createdAt FROM users`;

/** Users in SQLite. */
export function sqliteUsers(db: Database): UserStore {
  const insert = db.prepare<unknown, [UserId, string, string, string, string, number]>(
    `INSERT INTO users (id, name, email, role, password_hash, created_at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (email) DO NOTHING`,
  );
  const byId = db.prepare<User, [UserId]>(`SELECT ${USER} WHERE id = ?1`);
  const byEmail = db.prepare<User, [string]>(`SELECT ${USER} WHERE email = ?1`);
  const byIds = db.prepare<User, [string]>(
    `SELECT ${USER} JOIN json_each(?1) AS asked ON users.id = asked.value ORDER BY asked.key`,
  );
  const students = db.prepare<User, []>(
    `SELECT ${USER} WHERE role = 'student' ORDER BY name COLLATE NOCASE, id`,
  );
  const setHash = db.prepare<unknown, [UserId, string]>("UPDATE users SET password_hash = ?2 WHERE id = ?1");
  const count = db.prepare<{ n: number }, []>("SELECT count(*) AS n FROM users");
  return {
    async add({ id, name, email, role, passwordHash, createdAt }) {
      const { changes } = insert.run(id, name, email, role, passwordHash, createdAt);
      return changes === 0 ? "taken" : "ok";
    },
    byId: async (id) => byId.get(id),
    byEmail: async (email) => byEmail.get(email),
    byIds: async (ids) => byIds.all(JSON.stringify(ids)),
    students: async () => students.all(),
    async setPasswordHash(id, hash) {
      setHash.run(id, hash);
    },
    count: async () => count.get()?.n ?? 0,
  };
}
