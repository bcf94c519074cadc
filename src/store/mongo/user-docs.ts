import { Binary, ObjectId } from "mongodb";
import { isUserId, type UserId } from "../../core/ids.ts";
import type { Role, User } from "../../core/people.ts";
import type { TheirDoc } from "./connect.ts";
import { idOf, isHex, refAs } from "./ids.ts";
import { capital, type Filled, type Theirs, textOf } from "./theirs.ts";

/** A user out of a document; null where it is none: no id, no role, nothing to log in by. */
export function userOf(doc: TheirDoc): User | null {
  const [id, role] = [ownId(doc), roleOf(doc.role)];
  const [email, passwordHash] = [emailOf(doc), passwordOf(doc)];
  if (id === null || role === null) return null;
  const issuer = filled(doc.issuer);
  return {
    id,
    name: nameOf(doc),
    email,
    role,
    passwordHash,
    issuer,
    subject: issuer === null ? null : filled(doc.auth0Id),
    claimsFrom: numberOf(doc.claimsFrom),
    disabled: doc.disabled === true,
    tokensFrom: numberOf(doc.tokensFrom),
    createdAt: createdAt(doc),
  };
}

/**
 * By what we know the user of a document: what we wrote down for it, else its `_id`; a user of others' without a
 * password is known by the issuer's subject.
 */
export function ownId(doc: TheirDoc): UserId | null {
  const subject = isOthersOutsider(doc) ? filled(doc.auth0Id) : null;
  const id = filled(doc.rollcallId) ?? subject ?? idOf(doc._id);
  return id !== null && isUserId(id) ? id : null;
}

/** Whether another program wrote the user for an issuer's subject. */
export const isOthersOutsider = (doc: TheirDoc): boolean =>
  filled(doc.issuer) === null && filled(doc.auth0Id) !== null && passwordOf(doc) === null;

/** The role in any letter case; null where it is none of ours. */
export function roleOf(value: unknown): Role | null {
  const role = typeof value === "string" ? value.toLowerCase() : null;
  return role === "teacher" || role === "student" || role === "admin" ? role : null;
}

/** The name in the shapes that there are: one text, or a first and a last one, beside each other or within. */
export function nameOf(doc: TheirDoc): string | null {
  const { name } = doc;
  const whole = filled(name) ?? filled(doc.username) ?? filled(doc.fullName);
  if (whole !== null) return whole;
  const within: Record<string, unknown> = typeof name === "object" && name !== null ? { ...name } : doc;
  const parts = ["first", "firstName", "last", "lastName"].flatMap((part) => filled(within[part]) ?? []);
  return parts.length > 0 ? parts.join(" ") : null;
}

export const emailOf = (doc: TheirDoc): string | null => filled(doc.email)?.toLowerCase() ?? null;

/** The hash, whether it is kept as text or as bytes. */
export const passwordOf = (doc: TheirDoc): string | null => textOf(doc.password) || null;

const filled = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
const numberOf = (value: unknown): number => (typeof value === "number" ? value : 0);

function createdAt({ _id, createdAt: at }: TheirDoc): number {
  const told = at instanceof Date ? at.getTime() : typeof at === "string" ? Date.parse(at) : at;
  if (typeof told === "number" && Number.isFinite(told)) return told;
  return _id instanceof ObjectId ? _id.getTimestamp().getTime() : 0;
}

/** A new user's document, as the others look. */
export function docOfUser(user: User, theirs: Theirs, { users }: Filled): TheirDoc {
  const _id = isHex(user.id) ? refAs(theirs.userIds, user.id) : derivedId(user.id);
  const doc: TheirDoc = {
    _id,
    ...fieldsOf(user, theirs),
    ...(user.subject !== null && { auth0Id: user.subject }),
    ...(user.issuer !== null && { issuer: user.issuer, claimsFrom: user.claimsFrom }),
    ...(isHex(user.id) ? {} : { rollcallId: user.id }),
    disabled: user.disabled,
    tokensFrom: user.tokensFrom,
    createdAt: new Date(user.createdAt),
  };
  const empty = users.filter((field) => doc[field] === undefined);
  return { ...doc, ...Object.fromEntries(empty.map((field) => [field, user.id])) };
}

/** What others' programs read of a user; only what is given. */
export function fieldsOf(user: Partial<User>, theirs: Theirs): Record<string, unknown> {
  const { name, email, role, passwordHash } = user;
  const names = name ? theirs.nameFields.map((field) => [field, name]) : [];
  return {
    ...Object.fromEntries(names),
    ...(email && { email }),
    ...(role && { role: ROLE_CASES[theirs.roleCase](role) }),
    ...(passwordHash && { password: theirs.binaryPasswords ? bytesOf(passwordHash) : passwordHash }),
  };
}

const bytesOf = (text: string) => new Binary(Buffer.from(text));

const ROLE_CASES = {
  lower: (role: string) => role,
  upper: (role: string) => role.toUpperCase(),
  capital,
} as const;

/** An ObjectId for an issuer's subject, the same each time: their programs expect one. */
function derivedId(subject: string): ObjectId {
  return new ObjectId(new Bun.CryptoHasher("sha256").update(subject).digest("hex").slice(0, 24));
}
