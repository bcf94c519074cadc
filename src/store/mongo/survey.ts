import { isClassId } from "../../core/ids.ts";
import type { User } from "../../core/people.ts";
import { statusOf } from "./attendance.ts";
import { connectMongo, type Mongo, type MongoOptions, type TheirDoc } from "./connect.ts";
import { openError, withoutSecrets } from "./errors.ts";
import { newestFirst } from "./find-users.ts";
import { idOf, isHex } from "./ids.ts";
import { attendanceName, filledFields, lookAt, type Theirs, textOf } from "./theirs.ts";
import { emailOf, nameOf, ownId, passwordOf, roleOf, userOf } from "./user-docs.ts";

/** Something in others' documents that we read in another way than its writer may think, or not at all. */
export interface Oddity {
  readonly what: string;
  readonly count: number;
  /** The ids of the first few. */
  readonly ids: readonly string[];
}

export interface Survey {
  readonly name: string;
  /** How many documents each collection has. */
  readonly counts: Readonly<Record<string, number>>;
  readonly theirs: Theirs;
  readonly oddities: readonly Oddity[];
  /** The ids of users with one email, the one who logs in by it first. */
  readonly pairs: readonly (readonly string[])[];
}

/** Looks through everything that another program left here, and writes nothing. Throws StartError with a sentence. */
export async function surveyMongo(options: MongoOptions): Promise<Survey> {
  const mongo = connectMongo(options);
  try {
    return await survey(mongo, options.uri);
  } catch (error) {
    throw openError(error, options.uri);
  } finally {
    await mongo.client.close();
  }
}

/** The ids of users with one email, the one who logs in by it first. */
export async function pairsOfEmails({ users }: Mongo): Promise<string[][]> {
  const byEmail = new Map<string, User[]>();
  for await (const doc of users.find()) {
    const user = userOf(doc);
    if (!user?.passwordHash || !user.email) continue;
    byEmail.set(user.email, [...(byEmail.get(user.email) ?? []), user]);
  }
  const pairs = [...byEmail.values()].filter((found) => found.length > 1);
  return pairs.map((found) => found.toSorted(newestFirst).map(({ id }) => id));
}

async function survey(mongo: Mongo, uri: string): Promise<Survey> {
  const odd = new Oddities();
  const people = await surveyUsers(mongo, odd);
  const courses = await surveyClasses(mongo, odd, people.ids);
  const name = await attendanceName(mongo.db);
  const attended = name === null ? 0 : await surveyAttendance(mongo, name, odd, courses.ids, people.ids);
  await surveyIndexes(mongo, odd, name);
  return {
    name: `${withoutSecrets(uri)} (database ${mongo.db.databaseName})`,
    counts: { users: people.count, classes: courses.count, ...(name !== null && { [name]: attended }) },
    theirs: await lookAt(mongo),
    oddities: odd.found(),
    pairs: await pairsOfEmails(mongo),
  };
}

const SHOWN = 10;

/** Counts what is odd, with the ids of the first few. */
class Oddities {
  readonly #found = new Map<string, { count: number; ids: string[] }>();

  add(what: string, id: unknown): void {
    const known = this.#found.get(what) ?? { count: 0, ids: [] };
    known.count++;
    if (known.ids.length < SHOWN) known.ids.push(shown(id));
    this.#found.set(what, known);
  }

  found = (): Oddity[] => [...this.#found].map(([what, { count, ids }]) => ({ what, count, ids }));
}

/** An id for an operator; a text that somebody chose may be an email, and is not repeated. */
function shown(value: unknown): string {
  const id = idOf(value);
  if (id === null) return `(${value === null ? "null" : typeof value})`;
  return isHex(id.toLowerCase()) ? id : `(a text of ${id.length} characters)`;
}

interface Surveyed {
  readonly count: number;
  /** Every id by which others' documents may name one of these. */
  readonly ids: ReadonlySet<string>;
}

async function surveyUsers({ users }: Mongo, odd: Oddities): Promise<Surveyed> {
  const ids = new Set<string>();
  let count = 0;
  for await (const doc of users.find()) {
    count++;
    for (const id of [idOf(doc._id), ownId(doc)]) if (id !== null) ids.add(id);
    for (const what of oddOfUser(doc)) odd.add(`users: ${what}`, doc._id);
  }
  return { count, ids };
}

function oddOfUser(doc: TheirDoc): string[] {
  const hash = passwordOf(doc);
  const subject = textOf(doc.auth0Id);
  return [
    ...(ownId(doc) === null ? ["the _id is neither an ObjectId nor a text, left out"] : []),
    ...(roleOf(doc.role) === null ? ["the role is none of teacher, student and admin, left out"] : []),
    ...(nameOf(doc) === null ? ["there is no name, shown without one"] : []),
    ...(hash !== null && emailOf(doc) === null ? ["there is no email, cannot log in"] : []),
    ...(hash === null && !subject ? ["there is neither a password nor an auth0Id, cannot log in"] : []),
    ...(hash !== null && !/^\$(2[abxy]?|argon2)/.test(hash)
      ? ["the password is no bcrypt, cannot log in"]
      : []),
  ];
}

async function surveyClasses(
  { classes }: Mongo,
  odd: Oddities,
  people: ReadonlySet<string>,
): Promise<Surveyed> {
  const ids = new Set<string>();
  let count = 0;
  for await (const doc of classes.find()) {
    count++;
    const id = idOf(doc._id);
    if (id !== null) ids.add(id);
    for (const what of oddOfClass(doc, people)) odd.add(`classes: ${what}`, doc._id);
  }
  return { count, ids };
}

function oddOfClass(doc: TheirDoc, people: ReadonlySet<string>): string[] {
  const [id, teacher] = [idOf(doc._id), idOf(doc.teacherId)];
  const roll: unknown[] | null = Array.isArray(doc.studentIds) ? doc.studentIds : null;
  const students = (roll ?? []).map(idOf);
  return [
    ...(id === null || !isClassId(id) ? ["the _id is not 24 lower-case hex digits, left out"] : []),
    ...((textOf(doc.className) ?? textOf(doc.name)) ? [] : ["there is no className, left out"]),
    ...(teacher === null ? ["there is no teacherId, left out"] : []),
    ...(teacher !== null && !people.has(teacher) ? ["the teacherId is nobody's among the users"] : []),
    ...(roll === null ? ["studentIds is no list, read as an empty one"] : []),
    ...(students.includes(null) ? ["studentIds has entries that name nobody, left out"] : []),
    ...(students.some((one) => one !== null && !people.has(one))
      ? ["studentIds names somebody who is not among the users"]
      : []),
    ...(new Set(students).size < students.length ? ["studentIds names somebody twice, counted once"] : []),
  ];
}

async function surveyAttendance(
  { db }: Mongo,
  name: string,
  odd: Oddities,
  classes: ReadonlySet<string>,
  people: ReadonlySet<string>,
): Promise<number> {
  const pairs = new Set<string>();
  let count = 0;
  for await (const doc of db.collection(name).find()) {
    count++;
    const [of, student] = [idOf(doc.classId), idOf(doc.studentId)];
    const pair = `${of} ${student}`;
    const add = (what: string) => odd.add(`${name}: ${what}`, doc._id);
    if (statusOf(doc.status) === null) add("the status is neither present nor absent, read as none");
    if (of === null || !classes.has(of)) add("the classId is no class's");
    if (student === null || !people.has(student)) add("the studentId is nobody's among the users");
    if (pairs.has(pair)) add("there is another for the same class and student, the newest counts");
    pairs.add(pair);
  }
  return count;
}

/** Unique indexes that would take an empty field for a value: what we write there is said. */
async function surveyIndexes(mongo: Mongo, odd: Oddities, attendance: string | null): Promise<void> {
  const written = ["name", "username", "email", "className", "teacherId", "classId", "studentId", "status"];
  for (const name of ["users", "classes", ...(attendance === null ? [] : [attendance])]) {
    const fields = await filledFields(mongo.db.collection(name));
    for (const field of fields.filter((each) => !written.includes(each)))
      odd.add(`${name}: a unique index needs ${field}, new ones get their own id there`, null);
  }
}
