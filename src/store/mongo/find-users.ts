import { type Filter, ObjectId } from "mongodb";
import { isUserId, type UserId } from "../../core/ids.ts";
import type { User } from "../../core/people.ts";
import type { UserStore } from "../../ports/store.ts";
import { type Claims, subjectClaim } from "./claims.ts";
import type { Mongo, TheirDoc } from "./connect.ts";
import { idOf, isHex, refsOf } from "./ids.ts";
import { isOthersOutsider, ownId, userOf } from "./user-docs.ts";

/** Letters of either case are alike, accents are not: the index on others' emails and roles is made so. */
export const ANY_CASE = { locale: "en", strength: 2 } as const;

type Reads = Pick<
  UserStore,
  "byId" | "byEmail" | "bySubject" | "byIds" | "students" | "findStudents" | "page" | "count" | "hasAdmin"
>;

/** Users as they are found in MongoDB. */
export function findUsers(mongo: Mongo, claims: Claims): Reads {
  const { users } = mongo;
  const byId = async (id: UserId) => userAs(await findDoc(mongo, id), id);
  const students = async (filter: Filter<TheirDoc>) => {
    const docs = await users.find({ role: "student", ...filter }, { collation: ANY_CASE }).toArray();
    return usersOf(docs).toSorted(byName);
  };
  return {
    byId,
    byEmail: (email) => findByEmail(mongo, email),
    async bySubject(issuer, subject) {
      const holder = await claims.holder(subjectClaim(issuer, subject));
      const claimed = holder === null ? null : await byId(holder);
      if (claimed?.subject === subject && claimed.issuer === issuer) return claimed;
      const docs = await users.find({ auth0Id: subject, issuer: null }).toArray();
      const found = usersOf(docs)[0];
      return found ? { ...found, issuer, subject } : null;
    },
    async byIds(ids) {
      const docs = await users.find(anyOf(ids)).toArray();
      return ids.flatMap((id) => userAs(pick(docs, id), id) ?? []);
    },
    students: () => students({}),
    async findStudents(query, limit) {
      const found = await students(mentioning(query));
      return found.filter((user) => mentions(user, query.toLowerCase())).slice(0, limit);
    },
    page: (query, after, limit) => pageOfUsers(mongo, query, after, limit),
    async hasAdmin() {
      const docs = await users.find({ role: "admin" }, { collation: ANY_CASE }).toArray();
      return usersOf(docs).some(({ disabled }) => !disabled);
    },
    count: () => users.countDocuments({}, { hint: "_id_" }),
  };
}

/** The user's document, whichever way it names them; null where there is none. */
export async function findDoc({ users }: Mongo, id: UserId): Promise<TheirDoc | null> {
  return pick(await users.find(anyOf([id])).toArray(), id);
}

/** The user who logs in by the email: of several, whom others' programs let in, the newest. */
export async function findByEmail({ users }: Mongo, email: string): Promise<User | null> {
  const docs = await users.find({ email }, { collation: ANY_CASE }).toArray();
  const own = usersOf(docs).filter((user) => user.email === email && user.passwordHash !== null);
  return own.toSorted(newestFirst)[0] ?? null;
}

/** Which account of a pair wins a login: the one made last, and of one time the one with the larger id. */
export const newestFirst = (a: User, b: User): number => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);

function anyOf(ids: readonly UserId[]): Filter<TheirDoc> {
  const subjects = ids.filter((id) => !isHex(id));
  const keys: Filter<TheirDoc>[] = [{ _id: { $in: ids.flatMap(refsOf) } }];
  if (subjects.length > 0) keys.push({ rollcallId: { $in: subjects } }, { auth0Id: { $in: subjects } });
  return keys.length === 1 && keys[0] ? keys[0] : { $or: keys };
}

/** Whose id it is; or else a user of others' for whom both ids are in use, the `_id` and the issuer's subject. */
function pick(docs: readonly TheirDoc[], id: UserId): TheirDoc | null {
  const aliased = (doc: TheirDoc) => isOthersOutsider(doc) && idOf(doc._id) === id;
  return docs.find((doc) => ownId(doc) === id) ?? docs.find(aliased) ?? null;
}

function userAs(doc: TheirDoc | null, id: UserId): User | null {
  const user = doc && userOf(doc);
  return user && { ...user, id };
}

const usersOf = (docs: readonly TheirDoc[]): User[] => docs.map(userOf).filter((user) => user !== null);

const byName = (a: User, b: User) =>
  Number(a.name === null) - Number(b.name === null) ||
  compare(a.name?.toLowerCase() ?? "", b.name?.toLowerCase() ?? "") ||
  compare(a.id, b.id);
const compare = (a: string, b: string) => Number(a > b) - Number(a < b);

const mentions = ({ name, email }: User, lower: string): boolean =>
  [name, email].some((text) => (text ?? "").toLowerCase().includes(lower));

/** What the database can leave out for a search; what it gives is looked at again. */
function mentioning(query: string): Filter<TheirDoc> {
  if (query === "") return {};
  const text = { $regex: query.replaceAll(/[^\p{L}\p{N}]/gu, "\\$&"), $options: "i" };
  const fields = [
    "name",
    "username",
    "fullName",
    "email",
    "firstName",
    "lastName",
    "name.first",
    "name.last",
  ];
  return { $or: fields.map((field) => ({ [field]: text })) };
}

/**
 * A page in the order of our ids. They stand in several places, as ObjectId, as text, or beside the `_id`: each is
 * walked in its own order, and what they give is put together.
 */
async function pageOfUsers(
  mongo: Mongo,
  query: string,
  after: UserId | null,
  limit: number,
): Promise<User[]> {
  const lower = query.toLowerCase();
  const above = after ?? "";
  const walk = (source: Source) => takeFrom(mongo, source, { above, lower, query, limit });
  const found = (await Promise.all(sourcesFrom(above).map(walk))).flat();
  return found.toSorted((a, b) => compare(a.id, b.id)).slice(0, limit);
}

interface Source {
  readonly field: "_id" | "rollcallId" | "auth0Id";
  readonly bound: Filter<TheirDoc>;
  readonly idIn: (doc: TheirDoc) => unknown;
}

const sourcesFrom = (above: string): Source[] => [
  {
    field: "_id",
    bound: { _id: { $gt: new ObjectId(isHex(above) ? above : "0".repeat(24)) } },
    idIn: ({ _id }) => (_id instanceof ObjectId ? _id.toHexString() : null),
  },
  { field: "_id", bound: { _id: { $gt: above } }, idIn: ({ _id }) => (typeof _id === "string" ? _id : null) },
  { field: "rollcallId", bound: { rollcallId: { $gt: above } }, idIn: (doc) => doc.rollcallId },
  { field: "auth0Id", bound: { auth0Id: { $gt: above }, rollcallId: null }, idIn: (doc) => doc.auth0Id },
];

interface Searched {
  readonly above: string;
  readonly lower: string;
  readonly query: string;
  readonly limit: number;
}

async function takeFrom(
  { users }: Mongo,
  { field, bound, idIn }: Source,
  { above, lower, query, limit }: Searched,
): Promise<User[]> {
  const taken: User[] = [];
  const walk = users.find({ $and: [bound, mentioning(query)] }).sort({ [field]: 1 });
  for await (const doc of walk) {
    const user = userOf(doc);
    const isHere = user !== null && user.id === idIn(doc) && user.id > above && isUserId(user.id);
    if (isHere && mentions(user, lower)) taken.push(user);
    if (taken.length === limit) break;
  }
  return taken;
}
