import type { UserId } from "../../core/ids.ts";
import type { User } from "../../core/people.ts";
import type { UserStore } from "../../ports/store.ts";
import { changedUser, takenOver, unlinked } from "../user-changes.ts";

/** Users in a map. */
export function memoryUsers(): UserStore {
  const users = new Map<UserId, User>();
  const found = (test: (user: User) => boolean) => users.values().find(test) ?? null;
  const byEmail = (email: string | null) =>
    found((user) => user.passwordHash !== null && user.email === email);
  const bySubject = (issuer: string | null, subject: string | null) =>
    found((user) => user.issuer !== null && user.issuer === issuer && user.subject === subject);
  const emailTaken = (user: User) => {
    const other = user.passwordHash === null || user.email === null ? null : byEmail(user.email);
    return other !== null && other.id !== user.id;
  };
  return {
    async add(user) {
      if (users.has(user.id) || emailTaken(user) || bySubject(user.issuer, user.subject)) return "taken";
      users.set(user.id, user);
      return "ok";
    },
    byId: async (id) => users.get(id) ?? null,
    byEmail: async (email) => byEmail(email),
    bySubject: async (issuer, subject) => bySubject(issuer, subject),
    async update(id, changes, known = users.get(id)) {
      const user = users.get(id);
      if (!user) return "unknown";
      if (known?.tokensFrom !== user.tokensFrom) return "stale";
      const changed = changedUser(user, changes);
      if (emailTaken(changed)) return "taken";
      users.set(id, changed);
      return "ok";
    },
    async takeOver(id, claims) {
      const user = users.get(id);
      if (user && user.claimsFrom < claims.claimsFrom) users.set(id, takenOver(user, claims));
    },
    async link(id, issuer, subject) {
      const [user, other] = [users.get(id), bySubject(issuer, subject)];
      if (!user) return "unknown";
      if (other && other.id !== id) users.set(other.id, unlinked(other));
      users.set(id, { ...user, issuer, subject });
      return "ok";
    },
    page: async (query, after, limit) =>
      [...users.values()]
        .filter((user) => (after === null || user.id > after) && mentions(user, query.toLowerCase()))
        .sort((a, b) => compare(a.id, b.id))
        .slice(0, limit),
    byIds: async (ids) => ids.flatMap((id) => users.get(id) ?? []),
    students: async () => [...users.values()].filter((user) => user.role === "student").sort(byName),
    async findStudents(query, limit) {
      const students = await this.students();
      return students.filter((user) => mentions(user, query.toLowerCase())).slice(0, limit);
    },
    count: async () => users.size,
    hasAdmin: async () => found(({ role, disabled }) => role === "admin" && !disabled) !== null,
  };
}

const mentions = ({ name, email }: User, lower: string): boolean =>
  [name, email].some((text) => (text ?? "").toLowerCase().includes(lower));

const byName = (a: User, b: User) =>
  Number(a.name === null) - Number(b.name === null) ||
  compare(a.name?.toLowerCase() ?? "", b.name?.toLowerCase() ?? "") ||
  compare(a.id, b.id);
const compare = (a: string, b: string) => Number(a > b) - Number(a < b);
