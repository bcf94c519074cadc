import type { UserId } from "../core/ids.ts";
import type { Role, User } from "../core/people.ts";

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

/** Whom a credential is for, and the user's `tokensFrom` as it was made: it ends when that has become another. */
export interface Holder {
  readonly userId: UserId;
  readonly tokensFrom: number;
}

export interface Tickets {
  /** A ticket that opens one socket for the user, once, and when it expires in milliseconds since the epoch. Resolves once on disk. */
  issue(holder: Holder): Promise<{ readonly ticket: string; readonly expiresAt: number }>;
  /** Whom the ticket is for; null where it is unknown, used or expired. Nobody can redeem it again. */
  redeem(ticket: string): Promise<Holder | null>;
}

/** Why a token is refused: what /metrics counts. Those who are refused are never told. */
export type TokenFault =
  | "missing"
  | "malformed"
  | "too-long"
  | "algorithm"
  | "embedded-key"
  | "critical-header"
  | "unknown-key"
  | "keys-unavailable"
  | "signature"
  | "issuer"
  | "audience"
  | "expired"
  | "not-yet-valid"
  | "claims"
  | "subject"
  | "subject-taken"
  | "role"
  | "ticket"
  | "browser"
  | "unknown-user"
  | "disabled"
  | "superseded";

/** When a token holds, in milliseconds since the epoch: from the one time until before the other. */
interface Holding {
  readonly validFrom: number;
  readonly validUntil: number;
}

/** A token of ours, or of another system that has our secret. */
export interface OwnToken extends Holding {
  readonly kind: "own";
  readonly userId: UserId;
  readonly role: Role;
  /** The user's `tokensFrom` as the token was made; null where another system made it. */
  readonly tokensFrom: number | null;
  /** When it was made, in milliseconds since the epoch but of whole seconds; null where it does not say. */
  readonly issuedAt: number | null;
}

/** What an issuer tells of a person beside their role; null what it does not tell. */
export interface Profile {
  readonly name: string | null;
  readonly email: string | null;
}

/** A token of the outside issuer. */
export interface OutsideToken extends Holding, Profile {
  readonly kind: "outside";
  readonly issuer: string;
  readonly subject: UserId;
  readonly role: Role;
  /** When it was made, in milliseconds since the epoch but of whole seconds. */
  readonly issuedAt: number;
}

/** The issuer's own word on people. */
export interface Profiles {
  /** Whose token it is, as the issuer answers who brings it; nulls where it tells nothing. Never rejects. */
  of(token: string, subject: UserId): Promise<Profile>;
}

/** What a browser that went to the issuer must bring back, and the server compares; nobody else may know it. */
export interface Begun {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Whoever came back from the issuer: a token as if it had been sent, and its text. */
export interface Returned {
  readonly token: OutsideToken;
  readonly text: string;
}

/** Why nobody came back: it was not begun here or so, they were turned away there, the issuer is away, it tells no role. */
export type ReturnFault = "not-begun" | "denied" | "away" | "no-role";

/** Signing in at the issuer by Authorization Code with PKCE. */
export interface OutsideSignIn {
  /** Where to send the browser, which is to come back to `redirectUri`; null while the issuer is away. */
  begin(redirectUri: string): Promise<{ readonly url: string; readonly begun: Begun } | null>;
  /** Whom the browser came back as; `url` is where it did. Never rejects. */
  finish(url: URL, begun: Begun): Promise<Returned | ReturnFault>;
}

/** An outside issuer, beside its tokens. */
export interface OutsideIssuer {
  readonly profiles: Profiles;
  /** Null where browsers do not sign in by it. */
  readonly signIn: OutsideSignIn | null;
}

export interface RefusedToken {
  readonly kind: "refused";
  readonly reason: TokenFault;
}

export type CheckedToken = OwnToken | OutsideToken | RefusedToken;

/** Codes that open one thing, once: a new password, a teacher's account, the first admin's. */
export type Codes = Readonly<Record<"reset" | "invitation" | "setup", Tickets>>;

export interface Tokens {
  /** A compact token that lives one day, safe in a URL unescaped. */
  issue(user: Pick<User, "id" | "role" | "tokensFrom">): Promise<string>;
  /** What the token says, or why it is refused; whether its user is still one is the caller's to ask. */
  verify(token: string): Promise<CheckedToken>;
}
