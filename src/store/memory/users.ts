import type { UserId } from "../../core/ids.ts";
import type { User } from "../../core/people.ts";
import type { UserStore } from "../../ports/store.ts";

/** Users in a map. */
export function memoryUsers(): UserStore {
  const users = new Map<UserId, User>();
  const byEmail = (email: string) => users.values().find((user) => user.email === email) ?? null;
  return {
    async add(user) {
      if (byEmail(user.email)) return "taken";
      if (users.has(user.id)) throw new Error(`user ${user.id} is already there`);
      users.set(user.id, user);
      return "ok";
    },
    byId: async (id) => users.get(id) ?? null,
    byEmail: async (email) => byEmail(email),
    byIds: async (ids) => ids.flatMap((id) => users.get(id) ?? []),
    students: async () => [...users.values()].filter((user) => user.role === "student").sort(byName),
    async setPasswordHash(id, passwordHash) {
      const user = users.get(id);
      if (user) users.set(id, { ...user, passwordHash });
    },
    count: async () => users.size,
  };
}

const byName = (a: User, b: User) =>
  compare(a.name.toLowerCase(), b.name.toLowerCase()) || compare(a.id, b.id);
const compare = (a: string, b: string) => Number(a > b) - Number(a < b);
