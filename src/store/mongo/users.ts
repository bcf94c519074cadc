import type { Document } from "mongodb";
import type { UserId } from "../../core/ids.ts";
import type { User } from "../../core/people.ts";
import type { AppendOutcome, OutsideClaims, UserChanges, UserStore } from "../../ports/store.ts";
import { changedUser } from "../user-changes.ts";
import { Claims, emailClaim, subjectClaim } from "./claims.ts";
import type { Mongo, TheirDoc } from "./connect.ts";
import { findByEmail, findDoc, findUsers } from "./find-users.ts";
import { idOf } from "./ids.ts";
import { duplicateOf, isDuplicate, land } from "./outcome.ts";
import type { Filled, Theirs } from "./theirs.ts";
import { docOfUser, emailOf, fieldsOf, ownId, passwordOf, userOf } from "./user-docs.ts";

/** Users in MongoDB, in the collection and the shape that others' programs know. */
export function mongoUsers(mongo: Mongo, theirs: Theirs, filled: Filled): UserStore {
  const claims = new Claims(mongo, (user, key) => stillHas(mongo, user, key));
  const parts = { mongo, claims, theirs, filled };
  return {
    ...findUsers(mongo, claims),
    add: (user) => addUser(parts, user),
    update: (id, changes, known) => updateUser(parts, id, changes, known),
    takeOver: (id, outside) => takeOver(parts, id, outside),
    link: (id, issuer, subject) => linkUser(parts, id, issuer, subject),
  };
}

interface Parts {
  readonly mongo: Mongo;
  readonly claims: Claims;
  readonly theirs: Theirs;
  readonly filled: Filled;
}

async function stillHas(mongo: Mongo, id: UserId, key: string): Promise<boolean> {
  const doc = await findDoc(mongo, id);
  const user = doc && userOf(doc);
  return user !== null && claimsOf(user).includes(key);
}

/** What one user alone may have, of what this one has. */
function claimsOf({ email, passwordHash, issuer, subject }: User): string[] {
  return [
    ...(email !== null && passwordHash !== null ? [emailClaim(email)] : []),
    ...(issuer !== null && subject !== null ? [subjectClaim(issuer, subject)] : []),
  ];
}

async function addUser({ mongo, claims, theirs, filled }: Parts, user: User): Promise<"ok" | "taken"> {
  if (await isOthers(mongo, user)) return "taken";
  const keys = claimsOf(user);
  const release = () => Promise.all(keys.map((key) => claims.release(key, user.id)));
  for (const key of keys) if (!(await claims.claim(key, user.id))) return "taken";
  const outcome = await insertUser(mongo, docOfUser(user, theirs, filled), user);
  if (outcome === "taken") await release();
  return outcome;
}

/** Whether somebody has the id, or the email, perhaps of another program's making, whom no claim of ours names. */
async function isOthers(mongo: Mongo, user: User): Promise<boolean> {
  if (await findDoc(mongo, user.id)) return true;
  return user.passwordHash !== null && user.email !== null && (await findByEmail(mongo, user.email)) !== null;
}

/** "taken" where an index of others' has what the document brings; of names there may be several, so another is tried. */
async function insertUser(mongo: Mongo, doc: TheirDoc, user: User): Promise<"ok" | "taken"> {
  const { users, timeoutMs } = mongo;
  const spare = "username" in doc ? [user.email, user.id].filter((name) => name !== null) : [];
  for (let changed = doc; ; changed = { ...doc, username: spare.shift() }) {
    const write = () => users.insertOne(changed);
    try {
      await write();
      return "ok";
    } catch (error) {
      if (duplicateOf(error).includes("username") && spare.length > 0) continue;
      if (isDuplicate(error)) return "taken";
      return landed(await land({ write, look: () => seen(mongo, doc, user), timeoutMs }, error));
    }
  }
}

const landed = (outcome: AppendOutcome) => (outcome === "ok" ? "ok" : "taken");

async function seen({ users }: Mongo, { _id }: TheirDoc, user: User): Promise<"mine" | "other" | "none"> {
  const found = await users.findOne({ _id });
  if (!found) return "none";
  // A hash has a salt of its own, and a subject one user.
  const same = passwordOf(found) === user.passwordHash && emailOf(found) === user.email;
  return same ? "mine" : "other";
}

async function updateUser(
  { mongo, claims, theirs }: Parts,
  id: UserId,
  changes: UserChanges,
  known?: Pick<User, "tokensFrom">,
): Promise<"ok" | "taken" | "unknown" | "stale"> {
  const doc = await findDoc(mongo, id);
  const user = doc && userOf(doc);
  if (!user) return "unknown";
  const changed = changedUser(user, changes);
  const [before, after] = [claimsOf(user), claimsOf(changed)];
  const added = after.filter((key) => !before.includes(key));
  if (added.length > 0 && changed.email !== null) {
    const other = await findByEmail(mongo, changed.email);
    if (other && other.id !== user.id) return "taken";
  }
  for (const key of added) if (!(await claims.claim(key, user.id))) return "taken";
  const release = async () => {
    for (const key of added) await claims.release(key, user.id);
  };
  try {
    const asKnown = known && { $expr: { $eq: [TOKENS_FROM, known.tokensFrom] } };
    const filter = { _id: doc._id, ...asKnown };
    const { matchedCount } = await mongo.users.updateOne(filter, [{ $set: changesOf(changes, theirs) }]);
    if (matchedCount === 0) {
      await release();
      return known ? "stale" : "unknown";
    }
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    await release();
    return "taken";
  }
  for (const key of before) if (!after.includes(key)) await claims.release(key, user.id);
  return "ok";
}

/** A change as the database makes it, so that of two at once neither is lost. */
function changesOf({ tokensFrom, disabled, ...changes }: UserChanges, theirs: Theirs): Document {
  const fields = Object.entries(fieldsOf(changes, theirs)).map(([field, value]) => [
    field,
    { $literal: value },
  ]);
  return {
    ...Object.fromEntries(fields),
    ...(changes.name === null && Object.fromEntries(theirs.nameFields.map((field) => [field, "$$REMOVE"]))),
    ...(changes.email === null && { email: "$$REMOVE" }),
    ...(changes.passwordHash === null && { password: "$$REMOVE" }),
    ...(disabled !== undefined && { disabled }),
    ...(tokensFrom !== undefined && { tokensFrom: { $max: [tokensFrom, { $add: [TOKENS_FROM, 1] }] } }),
  };
}

const TOKENS_FROM = { $ifNull: ["$tokensFrom", 0] };

async function takeOver({ mongo, theirs }: Parts, id: UserId, claims: OutsideClaims): Promise<void> {
  const doc = await findDoc(mongo, id);
  if (!doc) return;
  const { name, email, role, claimsFrom } = claims;
  const isOfOldRole = { $ne: [{ $toLower: "$role" }, role] };
  const ended = { $max: [TOKENS_FROM, claimsFrom] };
  const named = changesOf({ role, ...(name !== null && { name }) }, theirs);
  const reached = email !== null && { email: { $cond: [HAS_PASSWORD, "$email", { $literal: email }] } };
  await mongo.users.updateOne(
    { _id: doc._id, $or: [{ claimsFrom: { $lt: claimsFrom } }, { claimsFrom: null }] },
    [
      { $set: { tokensFrom: { $cond: [isOfOldRole, ended, TOKENS_FROM] }, claimsFrom } },
      { $set: { ...named, ...reached } },
    ],
  );
}

/** As text or as bytes, which come after every text. */
const HAS_PASSWORD = { $gt: [{ $ifNull: ["$password", ""] }, ""] };

async function linkUser(
  { mongo, claims, filled }: Parts,
  id: UserId,
  issuer: string,
  subject: string,
): Promise<"ok" | "unknown"> {
  const { users } = mongo;
  const doc = await findDoc(mongo, id);
  if (!doc || !userOf(doc)) return "unknown";
  await claims.give(subjectClaim(issuer, subject), id);
  const others = await users.find({ auth0Id: subject, issuer: { $in: [issuer, null] } }).toArray();
  for (const other of others) {
    if (idOf(other._id) === idOf(doc._id)) continue;
    const ended = { disabled: true, tokensFrom: { $add: [TOKENS_FROM, 1] }, issuer: "$$REMOVE" };
    const auth0Id = filled.users.includes("auth0Id") ? { $toString: "$_id" } : "$$REMOVE";
    await users.updateOne({ _id: other._id }, [{ $set: { ...ended, auth0Id, ...knownAs(other) } }]);
  }
  const linked = { auth0Id: { $literal: subject }, issuer: { $literal: issuer }, ...knownAs(doc) };
  await users.updateOne({ _id: doc._id }, [{ $set: linked }]);
  return "ok";
}

/** Keeps the id by which a user is known, where the document would say another once its subject changes. */
function knownAs(doc: TheirDoc): Document {
  const id = ownId(doc);
  return id === null || id === idOf(doc._id) ? {} : { rollcallId: { $literal: id } };
}
