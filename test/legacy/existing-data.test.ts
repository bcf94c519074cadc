import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { type Document, ObjectId } from "mongodb";
import { z } from "zod";
import { dataOf, get, post } from "../e2e/http";
import { endSession, enrol, join, login, newClass, type Person, recordOf, startSession } from "../e2e/people";
import { connect } from "../e2e/plain-client";
import { startServer, type TestServer } from "../e2e/server";
import { startMongo, type TestMongo } from "../services/mongo.ts";
import { bcrypt, mongooseSchool, oldDatabase, PASSWORD, person, textSchool } from "./old-school.ts";

setDefaultTimeout(60_000);

let mongo: TestMongo;
beforeAll(async () => {
  mongo = await startMongo();
});
afterAll(() => mongo.remove());

async function served(database: string) {
  const env = {
    MONGO_URI: mongo.uri,
    DB_NAME: database,
    JWT_SECRET: "a secret of the program before, long enough",
  };
  const server = await startServer(env);
  return { server, [Symbol.asyncDispose]: () => server.dispose() };
}

async function loggedIn(server: TestServer, email: string, role: Person["role"]): Promise<Person> {
  const token = await login(server, email, PASSWORD);
  const { _id: id, name } = Me.parse(dataOf(await get(server, "/auth/me", token), 200));
  return { id, name, email, password: PASSWORD, role, token };
}

const Me = z.object({ _id: z.string(), name: z.string(), role: z.string() });
const Classes = z.array(
  z.object({ _id: z.string(), className: z.string(), studentIds: z.array(z.string()) }),
);

/** A session in which the first student is marked and the others are not. */
async function held(server: TestServer, teacher: Person, classId: string, present: string) {
  await startSession(server, teacher, classId);
  const desk = await connect(server, teacher);
  desk.send("ATTENDANCE_MARKED", { classId, studentId: present, status: "present" });
  await desk.next();
  await desk.close();
}

test("MG11 an old school is served as it is: logins in any case of the email, names, roles, classes and records", async () => {
  const old = await mongooseSchool(mongo);
  await using here = await served(old.name);
  const { server } = here;
  const ada = await loggedIn(server, "ADA@school.test", "teacher");
  expect(ada).toMatchObject({ id: old.teacher.id, name: "Ada" });
  const classes = Classes.parse(dataOf(await get(server, "/class", ada.token), 200));
  const roll = old.students.map(({ id }) => id);
  expect(classes).toMatchObject([{ _id: old.classId, className: "Physics", studentIds: roll }]);
  const [ben, cy] = [
    await loggedIn(server, "ben@school.test", "student"),
    await loggedIn(server, "cy@school.test", "student"),
  ];
  expect(await recordOf(server, ben, old.classId)).toBe("present");
  expect(await recordOf(server, cy, old.classId)).toBeNull();
  await old.close();
});

test("MG12 its passwords stay bcrypt, and who signs up here can log in there", async () => {
  const old = await mongooseSchool(mongo);
  await using here = await served(old.name);
  const users = old.db.collection("users");
  const before = await users.findOne({ _id: old.teacher._id });
  await loggedIn(here.server, old.teacher.email.toLowerCase(), "teacher");
  expect(await users.findOne({ _id: old.teacher._id })).toEqual(before);
  const [eve, other] = [await join(here.server, "student"), await join(here.server, "student")];
  const added = await users.findOne({ _id: new ObjectId(eve.id) });
  expect(added).toMatchObject({ username: eve.name, email: eve.email, role: "STUDENT" });
  expect(await Bun.password.verify(eve.password, added?.password)).toBe(true);
  expect(added?.password).toMatch(/^\$2/);
  // Names may be alike, and usernames there may not.
  const body = { name: eve.name, email: "eve2@school.test", password: "another one", role: "student" };
  const { _id } = Me.omit({ role: true }).parse(dataOf(await post(here.server, "/auth/signup", body), 201));
  expect((await users.findOne({ _id: new ObjectId(_id) }))?.username).toBe("eve2@school.test");
  expect(other.id).not.toBe(eve.id);
  await old.close();
});

test("MG13 a session shows in the class while it runs, and its end goes into the attendance there, one document a pair", async () => {
  const old = await mongooseSchool(mongo);
  await using here = await served(old.name);
  const { server } = here;
  const ada = await loggedIn(server, "ada@school.test", "teacher");
  const [ben, cy] = old.students;
  const classes = old.db.collection("classes");
  const attended = () => old.db.collection("attendances").find().sort({ status: 1 }).toArray();
  const [first] = await attended();
  for (const [present, absent] of [
    [cy, ben],
    [ben, cy],
    [cy, ben],
  ]) {
    await held(server, ada, old.classId, present?.id ?? "");
    expect(await classes.findOne()).toMatchObject({ activeRoomId: expect.stringMatching(/^[0-9a-f]{24}$/) });
    await endSession(server, ada, old.classId);
    expect(await classes.findOne()).not.toHaveProperty("activeRoomId");
    const classId = new ObjectId(old.classId);
    expect(await attended()).toMatchObject([
      { classId, studentId: absent?._id, status: "absent" },
      { classId, studentId: present?._id, status: "present" },
    ]);
  }
  expect((await attended()).map(({ _id }) => _id.toHexString())).toContain(
    first?._id.toHexString() ?? "none",
  );
  // What the other program writes later counts here too.
  await old.db.collection("attendances").updateOne({ studentId: cy?._id }, { $set: { status: "absent" } });
  expect(await recordOf(server, await loggedIn(server, "cy@school.test", "student"), old.classId)).toBe(
    "absent",
  );
  await old.close();
});

test("MG14 enrolling, removing and new classes are written as the other program's are", async () => {
  const old = await mongooseSchool(mongo);
  await using here = await served(old.name);
  const { server } = here;
  const ada = await loggedIn(server, "ada@school.test", "teacher");
  const eve = await join(server, "student");
  await enrol(server, ada, old.classId, eve);
  await enrol(server, ada, old.classId, eve);
  const classes = old.db.collection("classes");
  const roll = [...old.students.map(({ _id }) => _id), new ObjectId(eve.id)];
  expect(await classes.findOne({ _id: new ObjectId(old.classId) })).toMatchObject({ studentIds: roll });
  const id = await newClass(server, ada);
  expect(await classes.findOne({ _id: new ObjectId(id) })).toMatchObject({
    className: expect.any(String),
    teacherId: old.teacher._id,
    studentIds: [],
  });
  await old.close();
});

test("MG15 ids by text, subjects of an issuer and passwords in bytes are kept as they are found", async () => {
  const old = await textSchool(mongo);
  await using here = await served(old.name);
  const { server } = here;
  const ada = await loggedIn(server, "ada@school.test", "teacher");
  expect(ada.id).toBe(old.teacher);
  const [maths] = Classes.parse(dataOf(await get(server, "/class", ada.token), 200));
  expect(maths).toMatchObject({ _id: old.classId, studentIds: [old.student, old.subject] });
  const ben = await loggedIn(server, "ben@school.test", "student");
  expect(await recordOf(server, ben, old.classId)).toBe("absent");
  const eve = await join(server, "student");
  await enrol(server, ada, old.classId, eve);
  await held(server, ada, old.classId, old.subject);
  await endSession(server, ada, old.classId);
  const attendance = await old.db.collection("attendance").find().sort({ status: 1, studentId: 1 }).toArray();
  const absent = [old.student, eve.id].toSorted();
  expect(attendance).toMatchObject([
    ...absent.map((studentId) => ({ classId: old.classId, studentId, status: "absent" })),
    { classId: old.classId, studentId: old.subject, status: "present" },
  ]);
  const added = await old.db.collection<{ _id: string; password: unknown }>("users").findOne({ _id: eve.id });
  expect(added).toMatchObject({ name: eve.name, password: { _bsontype: "Binary" } });
  await old.close();
});

test("MG16 of accounts with one email the newest logs in, and nobody signs up with it in any case", async () => {
  const old = await oldDatabase(mongo);
  await person(old.db, "Kim@school.test", "teacher", { createdAt: new Date(2020, 1), username: "first" });
  const newest = await person(old.db, "kim@SCHOOL.test", "student", {
    createdAt: new Date(2024, 1),
    username: "last",
  });
  await person(old.db, "kim@school.test", "teacher", { createdAt: new Date(2022, 1), username: "middle" });
  await using here = await served(old.name);
  expect((await loggedIn(here.server, "kim@school.test", "student")).id).toBe(newest.id);
  const body = { name: "Kim", email: "KIM@school.test", password: "whatever1", role: "teacher" };
  expect(await post(here.server, "/auth/signup", body)).toMatchObject({ status: 400 });
  expect(await old.db.collection("users").countDocuments()).toBe(3);
  await old.close();
});

test("MG17 no index of ours on another program's collections is unique, and all of theirs stay", async () => {
  const old = await mongooseSchool(mongo);
  const names = ["users", "classes", "attendances"] as const;
  const unique = async () => {
    const all = await Promise.all(names.map((name) => old.db.collection(name).indexes()));
    return all.flat().filter((index) => index.unique);
  };
  const before = await unique();
  await using here = await served(old.name);
  await loggedIn(here.server, "ada@school.test", "teacher");
  expect(await unique()).toEqual(before);
  await old.close();
});

test("MG18 odd documents are passed over and left as they are", async () => {
  const old = await mongooseSchool(mongo);
  const users = old.db.collection<Document & { _id: number | string | ObjectId }>("users");
  const odd = [
    { _id: 7, username: "number", email: "n@school.test", role: "student" },
    { _id: "x", username: "no role", email: "x@school.test", password: await bcrypt() },
    { _id: new ObjectId(), username: "odd", email: 5, role: ["student"], password: null },
  ];
  await users.insertMany(odd);
  await old.db.collection("classes").insertMany([
    { className: "no teacher", studentIds: [] },
    { className: "odd roll", teacherId: old.teacher._id, studentIds: [null, 5, old.students[0]?._id] },
    { className: "no roll", teacherId: old.teacher._id },
  ]);
  await using here = await served(old.name);
  const ada = await loggedIn(here.server, "ada@school.test", "teacher");
  const classes = Classes.parse(dataOf(await get(here.server, "/class", ada.token), 200));
  expect(classes.map(({ className, studentIds }) => [className, studentIds.length])).toEqual([
    ["Physics", 2],
    ["odd roll", 1],
    ["no roll", 0],
  ]);
  const students = z.array(z.unknown()).parse(dataOf(await get(here.server, "/students", ada.token), 200));
  expect(students).toHaveLength(2);
  expect(await users.find({ _id: { $in: odd.map(({ _id }) => _id) } }).toArray()).toEqual(odd);
  await old.close();
});
