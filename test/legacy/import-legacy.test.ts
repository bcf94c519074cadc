import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { type Db, ObjectId } from "mongodb";
import { rollcall } from "../cli/run.ts";
import { startMongo, type TestMongo } from "../services/mongo.ts";
import { mongooseSchool, person } from "./old-school.ts";

setDefaultTimeout(60_000);

let mongo: TestMongo;
beforeAll(async () => {
  mongo = await startMongo();
});
afterAll(() => mongo.remove());

const ran = (args: string[], database: string) =>
  rollcall(args, { MONGO_URI: mongo.uri, DB_NAME: database, ROLLCALL_DATA: "unused" });

/** Everything that is in a database: collections, indexes and documents. */
async function allOf(db: Db) {
  const listed = await db.listCollections().toArray();
  const names = listed.map(({ name }) => name).toSorted();
  return Promise.all(
    names.map(async (name) => [
      name,
      await db.collection(name).indexes(),
      await db.collection(name).find().toArray(),
    ]),
  );
}

async function oddSchool() {
  const old = await mongooseSchool(mongo);
  const [ben] = old.students;
  await old.db.collection("users").createIndex({ rollNumber: 1, username: 1 }, { unique: true });
  await person(old.db, "ADA@school.TEST", "teacher", { username: "again", rollNumber: 1 });
  const nobody = new ObjectId();
  await old.db
    .collection("users")
    .insertOne({ _id: nobody, username: "Secret Name", email: "secret@school.test" });
  await old.db
    .collection("classes")
    .insertOne({ className: "Lost", teacherId: new ObjectId(), studentIds: "none" });
  await old.db
    .collection("attendances")
    .insertOne({ classId: new ObjectId(), studentId: ben?._id, status: "late" });
  return { ...old, nobody };
}

test("MG19 import-legacy --dry-run says what is odd, in counts and ids without personal text, and touches nothing", async () => {
  const school = await oddSchool();
  const before = await allOf(school.db);
  const { code, out, err } = await ran(["import-legacy", "--dry-run"], school.name);
  expect([code, err]).toEqual([0, ""]);
  expect(await allOf(school.db)).toEqual(before);
  for (const line of [
    "5 in users, 2 in classes, 2 in attendances",
    "New passwords will be bcrypt",
    `ODD: users: the role is none of teacher, student and admin, left out: 1 (${school.nobody.toHexString()})`,
    "ODD: users: there is neither a password nor an auth0Id, cannot log in: 1",
    "ODD: classes: the teacherId is nobody's among the users: 1",
    "ODD: classes: studentIds is no list, read as an empty one: 1",
    "ODD: attendances: the status is neither present nor absent, read as none: 1",
    "ODD: attendances: the classId is no class's: 1",
    "ODD: users: a unique index needs rollNumber",
    "ODD: one email, 2 users: it logs in",
    "Nothing was written.",
  ])
    expect(out).toContain(line);
  expect(out.toLowerCase()).not.toMatch(/secret|ada@|lost|again/);
  await school.close();
});

test("MG19 import-legacy makes the indexes, and doctor lists who shares an email", async () => {
  const school = await mongooseSchool(mongo);
  const again = await person(school.db, "ada@school.test", "student", { username: "again" });
  expect((await ran(["import-legacy"], school.name)).out).toContain("The indexes are made.");
  const made = await school.db.collection("users").indexes();
  expect(made.map(({ name }) => name)).toContain("rollcall_email");
  const { out } = await ran(["doctor"], school.name);
  expect(out).toContain(`it logs in ${again.id}, and not ${school.teacher.id}`);
  await school.close();
});

test("MG19 import-legacy without a MongoDB says what to set", async () => {
  const { code, err } = await rollcall(["import-legacy", "--dry-run"], { ROLLCALL_DATA: "unused" });
  expect([code, err]).toEqual([1, expect.stringContaining("name it in MONGO_URI")]);
});
