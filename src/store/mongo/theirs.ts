import { Binary, type Collection, type Db } from "mongodb";
import type { Mongo, TheirDoc } from "./connect.ts";
import { kindOf, type RefKind } from "./ids.ts";

/**
 * How the program that was here before writes its documents: ours in its collections are to look like its own. Found
 * once, when our servers first open the database, and kept.
 */
export interface Theirs {
  /** Whether anything of another program's was here. */
  readonly there: boolean;
  readonly userIds: RefKind;
  readonly classIds: RefKind;
  /** Of teacherId and studentIds. */
  readonly members: RefKind;
  readonly nameFields: readonly ("name" | "username")[];
  readonly roleCase: "lower" | "upper" | "capital";
  /** Whether its passwords are bcrypt, and kept as bytes. */
  readonly bcrypt: boolean;
  readonly binaryPasswords: boolean;
  /** The collection of its attendance; null where there is none and nobody who would read it. */
  readonly attendance: string | null;
}

/** Fields under unique indexes of others', which must not be left empty, by collection. */
export type Filled = Readonly<Record<"users" | "classes", readonly string[]>>;

const KEPT = "theirs";
const LOOKED_AT = 200;
const ATTENDANCE = ["attendance", "attendances"] as const;

/** What was found of others' data when it was first looked at; looked at now where it was not, or where asked to. */
export async function findTheirs(mongo: Mongo, again = false): Promise<Theirs> {
  const kept = again ? null : await mongo.meta.findOne({ _id: KEPT });
  if (kept) return kept.found;
  const found = await lookAt(mongo);
  const update = again ? { $set: { found } } : { $setOnInsert: { found } };
  const stands = await mongo.meta.findOneAndUpdate({ _id: KEPT }, update, {
    upsert: true,
    returnDocument: "after",
  });
  return stands?.found ?? found;
}

/** Looks without writing. */
export async function lookAt({ db, users, classes }: Mongo): Promise<Theirs> {
  const [people, courses] = await Promise.all([newest(users), newest(classes)]);
  const named = await attendanceName(db);
  const there = people.length + courses.length > 0 || named !== null;
  const mongoose = [...people, ...courses].some((doc) => "__v" in doc);
  const members = courses.flatMap(({ teacherId, studentIds }) => [teacherId, studentIds].flat());
  const userIds = common(people.map(({ _id }) => kindOf(_id))) ?? "ObjectId";
  const passwords = people.map(({ password }) => textOf(password)).filter((text) => text !== null);
  return {
    there,
    userIds,
    classIds: common(courses.map(({ _id }) => kindOf(_id))) ?? userIds,
    members: common(members.map(kindOf)) ?? userIds,
    nameFields: nameFieldsOf(people),
    roleCase: roleCaseOf(people),
    bcrypt: passwords.some((password) => password.startsWith("$2")),
    binaryPasswords: people.some(({ password }) => password instanceof Binary),
    attendance: named ?? (there ? ATTENDANCE[mongoose ? 1 : 0] : null),
  };
}

/** The name of the collection of attendance that exists, the one in use where both do; null where neither does. */
export async function attendanceName(db: Db): Promise<string | null> {
  const listed = await db.listCollections({ name: { $in: [...ATTENDANCE] } }, { nameOnly: true }).toArray();
  const names = listed.map(({ name }) => name);
  if (names.length < 2) return names[0] ?? null;
  const used = await db.collection("attendance").findOne({}, { projection: { _id: 1 } });
  return ATTENDANCE[used ? 0 : 1];
}

/** The fields under unique indexes of a collection where leaving one empty would count as a value. */
export async function filledFields(collection: Collection<TheirDoc>): Promise<string[]> {
  const indexes = await collection.indexes().catch(() => []);
  const strict = indexes.filter(({ key, unique, sparse, partialFilterExpression }) => {
    const single = Object.keys(key).length === 1;
    return unique && !partialFilterExpression && !(sparse && single);
  });
  const fields = strict.flatMap(({ key }) => Object.keys(key));
  return [...new Set(fields)].filter((field) => field !== "_id" && !field.includes("."));
}

/** The text that stands in a document, as such or as bytes; null where it is none. */
export function textOf(value: unknown): string | null {
  if (value instanceof Binary) return value.toString("utf8");
  return typeof value === "string" ? value : null;
}

const newest = (collection: Collection<TheirDoc>): Promise<TheirDoc[]> =>
  collection.find().sort({ _id: -1 }).limit(LOOKED_AT).toArray();

function nameFieldsOf(people: readonly TheirDoc[]): ("name" | "username")[] {
  const used = (["name", "username"] as const).filter((field) =>
    people.some((doc) => typeof doc[field] === "string"),
  );
  return used.length > 0 ? used : ["name"];
}

function roleCaseOf(people: readonly TheirDoc[]): Theirs["roleCase"] {
  const roles = people.flatMap(({ role }) => (typeof role === "string" && role !== "" ? [role] : []));
  const all = (test: (role: string) => boolean) => roles.length > 0 && roles.every(test);
  if (all((role) => role === role.toUpperCase())) return "upper";
  return all((role) => role === capital(role.toLowerCase())) ? "capital" : "lower";
}

/** With its first letter large. */
export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** The one that is there most often; null where there is none. */
function common<T extends string>(values: readonly (T | null)[]): T | null {
  const counts = new Map<T, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}
