import type { BrowserId } from "../../core/ids.ts";
import type { BrowserSession, BrowserSessionStore } from "../../ports/browser-sessions.ts";

/** Signed-in browsers in a map. */
export function memoryBrowsers(): BrowserSessionStore {
  const sessions = new Map<BrowserId, BrowserSession>();
  const where = (wanted: (session: BrowserSession) => boolean) => [...sessions.values()].filter(wanted);
  const removeWhere = (wanted: (session: BrowserSession) => boolean) => {
    const found = where(wanted);
    for (const { id } of found) sessions.delete(id);
    return found.length;
  };
  return {
    async add(session) {
      sessions.set(session.id, session);
    },
    byHash: async (hash) => where((session) => session.hash === hash)[0] ?? null,
    ofUser: async (user) =>
      where(({ userId }) => userId === user).sort((a, b) => b.usedAt - a.usedAt || compare(b.id, a.id)),
    async touch(id, usedAt) {
      const session = sessions.get(id);
      if (session && session.usedAt < usedAt) sessions.set(id, { ...session, usedAt });
    },
    remove: async (id, user) => removeWhere((session) => session.id === id && session.userId === user) > 0,
    removeOfUser: async (user) => removeWhere(({ userId }) => userId === user),
    async expire(madeBefore, usedBefore) {
      removeWhere(({ createdAt, usedAt }) => createdAt < madeBefore || usedAt < usedBefore);
    },
  };
}

const compare = (a: string, b: string) => Number(a > b) - Number(a < b);
