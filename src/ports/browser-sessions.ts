import type { BrowserId, UserId } from "../core/ids.ts";
import type { Holder } from "./identity.ts";

/** A browser that is signed in. What opens it, the secret in its cookie, is kept nowhere. Times are milliseconds since the epoch. */
export interface BrowserSession extends Holder {
  readonly id: BrowserId;
  /** Of the secret. */
  readonly hash: string;
  /** The browser in a few words, for its owner's list. */
  readonly device: string;
  readonly createdAt: number;
  readonly usedAt: number;
}

export interface BrowserSessionStore {
  add(session: BrowserSession): Promise<void>;
  byHash(hash: string): Promise<BrowserSession | null>;
  /** The last used first. */
  ofUser(user: UserId): Promise<BrowserSession[]>;
  /** It was used then; a time before the last use changes nothing. */
  touch(id: BrowserId, usedAt: number): Promise<void>;
  /** False where the user has none of this id, and then nothing changes. */
  remove(id: BrowserId, user: UserId): Promise<boolean>;
  /** Removes all of the user's; how many there were. */
  removeOfUser(user: UserId): Promise<number>;
  /** Removes those made before the one time, and those last used before the other. */
  expire(madeBefore: number, usedBefore: number): Promise<void>;
}

/** Signed-in browsers: each is known by a secret that only its cookie has. */
export interface BrowserSessions {
  /** A new one, and its secret. Resolves once on disk. The user's longest unused is ended where there are too many. */
  create(
    holder: Holder,
    device: string,
  ): Promise<{ readonly session: BrowserSession; readonly secret: string }>;
  /** The session that the secret opens, unless it was ended, not used for too long, or is too old. */
  find(secret: string): Promise<BrowserSession | null>;
  /** Those that still live, the last used first. */
  list(user: UserId): Promise<BrowserSession[]>;
  /** False where the user has none of this id. */
  end(user: UserId, id: BrowserId): Promise<boolean>;
  /** How many there were. */
  endAll(user: UserId): Promise<number>;
  /** When the session ends however much it is used, in milliseconds since the epoch. */
  endsAt(session: BrowserSession): number;
  /** What a change must carry beside the cookie: it follows from the secret, which other origins cannot read. */
  csrfToken(secret: string): string;
}

/** Devices that have signed in before, known by a cookie that names its user to us alone. */
export interface Devices {
  /** How long one is remembered, in milliseconds. */
  readonly lifetimeMs: number;
  /** A new cookie's value for this user's device. */
  remember(user: UserId): string;
  /** Which device it is; null where the cookie is not of a device of this user's. */
  idOf(cookie: string, user: UserId): string | null;
}
