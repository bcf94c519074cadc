import type { BrowserId } from "../core/ids.ts";
import type { BrowserSession, BrowserSessionStore, BrowserSessions } from "../ports/browser-sessions.ts";
import type { Clock } from "../ports/clock.ts";

interface Parts {
  readonly store: BrowserSessionStore;
  readonly clock: Clock;
  readonly newId: () => BrowserId;
  readonly limits: BrowserLimits;
}

/** The settings of these names. */
export interface BrowserLimits {
  readonly BROWSER_IDLE_MS: number;
  readonly BROWSER_LIFETIME_MS: number;
  readonly BROWSERS_PER_USER_MAX: number;
}

const SECRET_BYTES = 32;
/** The last use is written down once in a while, not with every request. */
const TOUCH_MS = 60_000;

/** AC1: sessions of browsers over a store that has only the hashes of their secrets. */
export function createBrowserSessions({ store, clock, newId, limits }: Parts): BrowserSessions {
  const { BROWSER_IDLE_MS, BROWSER_LIFETIME_MS } = limits;
  const lives = ({ createdAt, usedAt }: BrowserSession, now: number) =>
    now < createdAt + BROWSER_LIFETIME_MS && now < usedAt + BROWSER_IDLE_MS;
  const list: BrowserSessions["list"] = async (user) => {
    const now = clock.now();
    return (await store.ofUser(user)).filter((session) => lives(session, now));
  };
  return {
    list,
    async create({ userId, tokensFrom }, device) {
      const secret = crypto.getRandomValues(Buffer.alloc(SECRET_BYTES)).toString("base64url");
      const now = clock.now();
      const hash = hashOf(secret);
      const session = { id: newId(), hash, userId, tokensFrom, device, createdAt: now, usedAt: now };
      await store.expire(now - BROWSER_LIFETIME_MS, now - BROWSER_IDLE_MS);
      await store.add(session);
      const others = (await store.ofUser(userId)).filter(({ id }) => id !== session.id);
      for (const { id } of others.slice(limits.BROWSERS_PER_USER_MAX - 1)) await store.remove(id, userId);
      return { session, secret };
    },
    async find(secret) {
      const session = await store.byHash(hashOf(secret));
      const now = clock.now();
      if (!session || !lives(session, now)) return null;
      if (now - session.usedAt >= TOUCH_MS) await store.touch(session.id, now);
      return session;
    },
    end: (user, id) => store.remove(id, user),
    endAll: (user) => store.removeOfUser(user),
    endsAt: ({ createdAt }) => createdAt + BROWSER_LIFETIME_MS,
    csrfToken: (secret) => hashOf(`csrf ${secret}`),
  };
}

const hashOf = (text: string): string => new Bun.CryptoHasher("sha256").update(text).digest("base64url");
