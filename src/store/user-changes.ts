import type { User } from "../core/people.ts";
import type { OutsideClaims, UserChanges } from "../ports/store.ts";

/** The user as changed: `tokensFrom` is the time given, but always more than it was. */
export function changedUser(user: User, { tokensFrom, ...changes }: UserChanges): User {
  const ends = tokensFrom === undefined ? user.tokensFrom : Math.max(tokensFrom, user.tokensFrom + 1);
  return { ...user, ...changes, tokensFrom: ends };
}

/**
 * The user as an issuer's newer token says; what it leaves out stays, and so does the email that somebody logs in by.
 * Where the role changes, tokens made before that one end.
 */
export function takenOver(user: User, { role, name, email, claimsFrom }: OutsideClaims): User {
  const tokensFrom = user.role === role ? user.tokensFrom : Math.max(user.tokensFrom, claimsFrom);
  const reached = user.passwordHash === null ? (email ?? user.email) : user.email;
  return { ...user, role, name: name ?? user.name, email: reached, claimsFrom, tokensFrom };
}

/** The user as another took the issuer's subject over: nobody signs in as this one any more. */
export const unlinked = (user: User): User => ({
  ...changedUser(user, { disabled: true, tokensFrom: 0 }),
  issuer: null,
  subject: null,
});
