import type { ClassSettings } from "./class-settings.ts";
import type { BrowserId, ClassId, UserId } from "./ids.ts";

export type Role = "teacher" | "student" | "admin";

/** Whoever asks: known by a checked token, never by what a body or a frame says. */
export interface Actor {
  readonly id: UserId;
  readonly role: Role;
  readonly name: string | null;
  /** The user's `tokensFrom` as their credential was checked. */
  readonly tokensFrom: number;
  /** The browser session that they came by; null where they came by a token or a ticket. */
  readonly browser: BrowserId | null;
}

export interface User {
  readonly id: UserId;
  /** Null where an outside issuer told none. */
  readonly name: string | null;
  /** Lower case; null where an outside issuer told none. Only of those with a password is it unique. */
  readonly email: string | null;
  readonly role: Role;
  /** A PHC or bcrypt string; null where the user signs in by an outside issuer alone. */
  readonly passwordHash: string | null;
  /** The outside issuer that knows the user, and the `sub` by which it does; null where none does. */
  readonly issuer: string | null;
  readonly subject: string | null;
  /** When the issuer's token was made whose role and name stand here, in milliseconds since the epoch; 0 without one. */
  readonly claimsFrom: number;
  /** A disabled user is nobody: no password, token or session of theirs counts. */
  readonly disabled: boolean;
  /**
   * Tokens and sessions from before it are refused: our own hold the value that stood when they were made, an
   * issuer's the second of their making. In milliseconds since the epoch; 0 until something ends tokens.
   */
  readonly tokensFrom: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

type Local = Pick<User, "id" | "name" | "email" | "role" | "passwordHash" | "createdAt">;

/** A new user with a password of our own. */
export const localUser = (user: Local): User => ({
  ...user,
  issuer: null,
  subject: null,
  claimsFrom: 0,
  disabled: false,
  tokensFrom: 0,
});

export interface Class {
  readonly id: ClassId;
  readonly name: string;
  readonly teacherId: UserId;
  /** In the order of their enrolment. */
  readonly studentIds: readonly UserId[];
  /** Milliseconds since the epoch; set where the class is archived. */
  readonly archivedAt: number | null;
  readonly settings: ClassSettings;
}
