import type { UserId } from "../core/ids.ts";
import type { Role } from "../core/people.ts";

export interface Passwords {
  /** Null where too many are already waiting. */
  hash(password: string): Promise<string | null>;
  /**
   * Whether the password is the one of `hash`; `hash` null (no such user) takes as long and is false.
   * "busy" where too many are already waiting.
   */
  verify(password: string, hash: string | null): Promise<boolean | "busy">;
  /** Whether a hash is of an older kind that a login should replace. */
  isOutdated(hash: string): boolean;
  /** Whether it is among the 10,000 commonest. */
  isCommon(password: string): boolean;
}

export interface TokenClaims {
  readonly userId: UserId;
  readonly role: Role;
}

export interface Tickets {
  /** A ticket that opens one socket for the user, once, and when it expires in milliseconds since the epoch. Resolves once on disk. */
  issue(user: UserId): Promise<{ readonly ticket: string; readonly expiresAt: number }>;
  /** Whom the ticket is for; null where it is unknown, used or expired. Nobody can redeem it again. */
  redeem(ticket: string): Promise<UserId | null>;
}

export interface Tokens {
  /** A compact token that lives one day, safe in a URL unescaped. */
  issue(claims: TokenClaims): Promise<string>;
  /** Null where it is forged, expired or no token at all. */
  verify(token: string): Promise<TokenClaims | null>;
}
