import { isLocalId, type UserId } from "../core/ids.ts";
import type { User } from "../core/people.ts";
import type { Trail } from "../log/trail.ts";
import type { Clock } from "../ports/clock.ts";
import type { OutsideToken, Profiles, TokenFault } from "../ports/identity.ts";
import type { UserStore } from "../ports/store.ts";

interface Parts {
  readonly users: Pick<UserStore, "add" | "byId" | "bySubject" | "link" | "takeOver">;
  /** Null where no issuer is set up, and then nobody comes. */
  readonly profiles: Profiles | null;
  readonly clock: Clock;
  readonly trail: Pick<Trail, "note">;
  /** Whatever the user has open ends: the issuer gave them another role. */
  readonly ended: (user: UserId) => Promise<void>;
}

/** The user whom an issuer's token is of, made at the first one, or why it is refused. */
export type Outsiders = (token: OutsideToken, text: string) => Promise<User | TokenFault>;

/** OI6: who comes with a good token of the issuer is a user from then on, as the newest token says. */
export function createOutsiders(parts: Parts): Outsiders {
  const coming = new Map<UserId, Promise<User | null>>();
  /** Several requests of a page that has just signed in make one user, and ask for the profile once. */
  const come = (token: OutsideToken, text: string): Promise<User | null> => {
    const begun = coming.get(token.subject) ?? firstTime(parts, token, text);
    coming.set(token.subject, begun);
    return begun.finally(() => coming.delete(token.subject));
  };
  return async (token, text) => {
    const found = await parts.users.bySubject(token.issuer, token.subject);
    const user = found ?? (await come(token, text));
    if (!user) return "subject-taken";
    if (user.disabled) return "disabled";
    // Whatever a token from before a change says must not be taken over after it.
    if (token.issuedAt < user.tokensFrom) return "superseded";
    const current = user.claimsFrom < token.issuedAt ? await takeOver(parts, user, token) : user;
    return isOfNow(token, current) ? current : "superseded";
  };
}

/** Null where somebody else has the subject as their id. */
async function firstTime(parts: Parts, token: OutsideToken, text: string): Promise<User | null> {
  const { issuer, subject, role, issuedAt, name, email } = token;
  const asked = name === null || email === null ? await parts.profiles?.of(text, subject) : null;
  const user: User = {
    id: subject,
    name: name ?? asked?.name ?? null,
    email: email ?? asked?.email ?? null,
    role,
    passwordHash: null,
    issuer,
    subject,
    claimsFrom: issuedAt,
    disabled: false,
    tokensFrom: 0,
    createdAt: parts.clock.now(),
  };
  if ((await parts.users.add(user)) === "ok") {
    const fact = { deed: "signed-up", actor: user.id, subject: user.id } as const;
    await parts.trail.note({ ...fact, from: "issuer", to: role });
    return user;
  }
  if (await isWithoutIssuer(parts, subject)) await parts.users.link(subject, issuer, subject);
  return parts.users.bySubject(issuer, subject);
}

/** MI12: another program knew them by the subject alone; an account of our own has a password or an id of 24 digits. */
async function isWithoutIssuer({ users }: Parts, subject: UserId): Promise<boolean> {
  const known = await users.byId(subject);
  return known !== null && known.passwordHash === null && known.issuer === null && !isLocalId(subject);
}

async function takeOver({ users, ended, trail }: Parts, user: User, token: OutsideToken): Promise<User> {
  const { issuer, subject, role, name, email, issuedAt } = token;
  await users.takeOver(user.id, { role, name, email, claimsFrom: issuedAt });
  const now = (await users.bySubject(issuer, subject)) ?? user;
  if (now.role !== user.role) {
    await ended(user.id);
    await trail.note({
      deed: "role-changed",
      actor: null,
      subject: user.id,
      from: user.role,
      to: now.role,
    });
  }
  return now;
}

/**
 * OI2: an issuer's token says the second of its making and no more, so one of the very second of a change is refused.
 * OI6: one with another role than the newest token gave is from before that.
 */
const isOfNow = ({ issuedAt, role }: OutsideToken, user: User): boolean =>
  issuedAt >= user.tokensFrom && role === user.role;
