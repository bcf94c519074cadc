import { Binary, type Db, type Document, MongoClient, ObjectId } from "mongodb";
import type { TestMongo } from "../services/mongo.ts";
import { freshName } from "../services/mongo-store.ts";

/** What another program has written, and how one looks at it as that program does. */
export interface OldSchool {
  readonly db: Db;
  readonly name: string;
  close(): Promise<void>;
}

export const PASSWORD = "correct horse";

/** bcrypt as others make it; the cost is low so that tests are quick. */
export const bcrypt = (password = PASSWORD): Promise<string> =>
  Bun.password.hash(password, { algorithm: "bcrypt", cost: 4 });

/** An empty database of another program's. */
export async function oldDatabase(mongo: TestMongo): Promise<OldSchool> {
  const client = new MongoClient(mongo.uri);
  const name = freshName();
  return { db: client.db(name), name, close: () => client.close() };
}

export interface Member {
  readonly id: string;
  readonly _id: ObjectId;
  readonly email: string;
}

/** A person in `users`, with whatever else is said of them. */
export async function person(db: Db, email: string, role: string, more: object = {}): Promise<Member> {
  const _id = new ObjectId();
  const named = { username: email.split("@")[0], email, password: await bcrypt(), role };
  await db.collection("users").insertOne({ _id, ...named, ...more });
  return { id: _id.toHexString(), _id, email };
}

/**
 * A school as such programs leave it: ids by ObjectId, names as username, roles in capitals, bcrypt as text, unique
 * indexes on usernames and on pairs of attendance, and one day on record.
 */
export async function mongooseSchool(mongo: TestMongo) {
  const old = await oldDatabase(mongo);
  const { db } = old;
  await db.collection("users").createIndex({ username: 1 }, { unique: true });
  await db.collection("users").createIndex({ auth0Id: 1 }, { unique: true, sparse: true });
  await db.collection("attendances").createIndex({ classId: 1, studentId: 1 }, { unique: true });
  const teacher = await person(db, "Ada@School.test", "TEACHER", { __v: 0 });
  const students = [
    await person(db, "ben@school.test", "STUDENT", { __v: 0 }),
    await person(db, "cy@school.test", "STUDENT", { __v: 0 }),
  ];
  const classId = new ObjectId();
  await db.collection("classes").insertOne({
    _id: classId,
    className: "Physics",
    teacherId: teacher._id,
    studentIds: students.map(({ _id }) => _id),
    __v: 0,
  });
  const record = (of: Member | undefined, status: string) => ({
    classId,
    studentId: of?._id,
    status,
    __v: 0,
  });
  await db.collection("attendances").insertOne(record(students[0], "present"));
  return { ...old, teacher, students, classId: classId.toHexString() };
}

type TextDoc = Document & { _id: string };

/** The same by another hand: texts as ids, an issuer's subjects in the classes, passwords as bytes, `attendance`. */
export async function textSchool(mongo: TestMongo) {
  const old = await oldDatabase(mongo);
  const { db } = old;
  const password = new Binary(Buffer.from(await bcrypt()));
  const ids = ["a", "b", "c"].map((digit) => digit.repeat(24));
  const [teacher = "", student = "", classId = ""] = ids;
  const users = db.collection<TextDoc>("users");
  const local = (id: string, name: string, role: string) => ({
    _id: id,
    name,
    email: `${name}@school.test`,
    password,
    role,
  });
  const subject = "auth0|0123456789";
  await users.insertMany([
    local(teacher, "ada", "teacher"),
    local(student, "ben", "student"),
    {
      _id: "d".repeat(24),
      name: "Outside",
      email: "out@school.test",
      role: "student",
      auth0Id: subject,
    },
  ]);
  const classes = db.collection<TextDoc>("classes");
  const roll = { className: "Maths", teacherId: teacher, studentIds: [student, subject] };
  await classes.insertOne({ _id: classId, ...roll });
  await db.collection("attendance").insertOne({ classId, studentId: student, status: "absent" });
  return { ...old, teacher, student, subject, classId };
}
