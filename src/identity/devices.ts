import type { UserId } from "../core/ids.ts";
import type { Devices } from "../ports/browser-sessions.ts";
import type { Clock } from "../ports/clock.ts";

const DAY_MS = 86_400_000;
const LIFETIME_MS = 365 * DAY_MS;
const NONCE_BYTES = 16;

/** TH2: cookies that say that their browser has signed in as this user before. Nothing of them is kept. */
export function createDevices({
  secret,
  clock,
}: {
  readonly secret: string;
  readonly clock: Clock;
}): Devices {
  const sign = (user: UserId, nonce: string, until: string) =>
    new Bun.CryptoHasher("sha256", `device ${secret}`)
      .update(JSON.stringify([user, nonce, until]))
      .digest("base64url");
  return {
    lifetimeMs: LIFETIME_MS,
    remember(user) {
      const nonce = crypto.getRandomValues(Buffer.alloc(NONCE_BYTES)).toString("base64url");
      const until = `${clock.now() + LIFETIME_MS}`;
      return [nonce, until, sign(user, nonce, until)].join(".");
    },
    idOf(cookie, user) {
      const [nonce = "", until = "", signature = "", ...more] = cookie.split(".");
      const isOurs = more.length === 0 && sameHash(signature, sign(user, nonce, until));
      return isOurs && Number(until) > clock.now() ? nonce : null;
    },
  };
}

/** Hashed once more, the time of comparing them tells nothing of where they differ. */
const sameHash = (a: string, b: string): boolean => hashOf(a) === hashOf(b);
const hashOf = (text: string): string => new Bun.CryptoHasher("sha256").update(text).digest("hex");
