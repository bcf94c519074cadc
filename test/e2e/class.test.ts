import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { z } from "zod";
import { call, dataOf, get, type Json, post, refused, withoutIssues } from "./http";
import { endSession, enrol, join, newClass, school, startSession, student } from "./people";
import { startServer } from "./server";

setDefaultTimeout(60_000);
const server = await startServer();
afterAll(() => server.dispose());

const physics = await school(server, 3);
const { teacher, students, classId } = physics;
const nobody = "0123456789abcdef01234567";
const badSchema = refused(400, "Invalid request schema");

test("H11 a new class has an id, a name, its teacher and no students", async () => {
  const data = dataOf(await post(server, "/class", { className: "Physics 1" }, teacher.token), 201);
  expect(data).toMatchObject({
    _id: expect.stringMatching(/^[0-9a-f]{24}$/),
    className: "Physics 1",
    teacherId: teacher.id,
    studentIds: [],
  });
});

test.each<[Json]>([
  [{}],
  [{ className: 5 }],
  [{ className: null }],
  [{ className: "" }],
  [[]],
  ["{"],
  ["null"],
])("H11 a class from the body %j is an invalid schema", async (body) => {
  expect(withoutIssues(await post(server, "/class", body, teacher.token))).toEqual(badSchema);
});

test("H12 adding a student answers the class with its studentIds, and adding twice changes nothing", async () => {
  const id = await newClass(server, teacher);
  const [first, second] = [student(physics, 0), student(physics, 1)];
  const add = (studentId: string) => post(server, `/class/${id}/add-student`, { studentId }, teacher.token);
  const shown = { _id: id, teacherId: teacher.id, className: `class of ${teacher.name}` };
  expect(dataOf(await add(first.id))).toMatchObject({ ...shown, studentIds: [first.id] });
  expect(dataOf(await add(first.id))).toMatchObject({ ...shown, studentIds: [first.id] });
  expect(dataOf(await add(second.id))).toMatchObject({ ...shown, studentIds: [first.id, second.id] });
});

test("H12 students added at the same time are all on the roll once", async () => {
  const id = await newClass(server, teacher);
  await Promise.all([...students, ...students].map((one) => enrol(server, teacher, id, one)));
  const data = z
    .object({ studentIds: z.array(z.string()) })
    .parse(dataOf(await get(server, `/class/${id}`, teacher.token)));
  expect(data.studentIds.toSorted()).toEqual(students.map((one) => one.id).toSorted());
});

test.each<[Json]>([[{}], [{ studentId: 5 }], [{ studentId: null }], [{ studentId: { $ne: 1 } }], ["{"]])(
  "H12 adding with the body %j is an invalid schema",
  async (body) => {
    const answer = await post(server, `/class/${classId}/add-student`, body, teacher.token);
    expect(withoutIssues(answer)).toEqual(badSchema);
  },
);

test("H12 an id that is not a student's is not found", async () => {
  for (const studentId of [nobody, "no id at all", teacher.id, classId]) {
    const answer = await post(server, `/class/${classId}/add-student`, { studentId }, teacher.token);
    expect(answer).toEqual(refused(404, "Student not found"));
  }
});

test("H13 the class shows its students to its teacher and its students, without secrets", async () => {
  const shown = students.map(({ id, name, email }) => ({ _id: id, name, email }));
  for (const who of [teacher, ...students]) {
    const answer = await get(server, `/class/${classId}`, who.token);
    const { students: listed, ...rest } = Shown.parse(dataOf(answer));
    expect(rest).toMatchObject({
      _id: classId,
      teacherId: teacher.id,
      className: `class of ${teacher.name}`,
    });
    expect(listed.toSorted(byId)).toEqual(shown.toSorted(byId));
    expect(rest.studentIds.toSorted()).toEqual(students.map((one) => one.id).toSorted());
    expect(JSON.stringify(answer)).not.toContain("assword");
  }
});

const Listed = z.strictObject({ _id: z.string(), name: z.string(), email: z.string() });
const Shown = z.looseObject({ students: z.array(Listed), studentIds: z.array(z.string()) });
const byId = (a: { _id: string }, b: { _id: string }) => a._id.localeCompare(b._id);

test("H13 a student who is not enrolled is told that the class is not theirs", async () => {
  const stranger = await join(server, "student");
  expect(await get(server, `/class/${classId}`, stranger.token)).toEqual(
    refused(403, "Forbidden, not class teacher"),
  );
});

test("H14 a teacher sees all students and nothing of them but id, name and email", async () => {
  const elsewhere = await join(server, "student");
  const listed = z.array(Listed).parse(dataOf(await get(server, "/students", teacher.token)));
  for (const { id, name, email } of [...students, elsewhere]) {
    expect(listed.filter((one) => one._id === id)).toEqual([{ _id: id, name, email }]);
  }
  expect(listed.filter((one) => one._id === teacher.id)).toEqual([]);
});

test("H15 the room of a class is active while its session runs", async () => {
  const id = await newClass(server, teacher);
  const one = student(physics, 0);
  await enrol(server, teacher, id, one);
  const rooms = async () => [
    dataOf(await get(server, `/class/${id}/room`, teacher.token)),
    dataOf(await get(server, `/class/${id}/room`, one.token)),
  ];
  const inactive = { classId: id, activeRoomId: null, isActive: false };
  for (const room of await rooms()) expect(room).toMatchObject(inactive);
  const { roomId } = await startSession(server, teacher, id);
  for (const room of await rooms())
    expect(room).toMatchObject({ classId: id, activeRoomId: roomId, isActive: true });
  await endSession(server, teacher, id);
  for (const room of await rooms()) expect(room).toMatchObject(inactive);
});

test("H15 the room is refused to those who are not of the class", async () => {
  const strangers = await Promise.all([join(server, "teacher"), join(server, "student")]);
  for (const { token } of strangers) {
    const answer = await get(server, `/class/${classId}/room`, token);
    expect(answer).toEqual(refused(403, "Forbidden, not authorized for this class"));
  }
});

/** Every route that names a class, for somebody who may use it. */
const namingRoutes = (id: string): [string, string, { token: string }, Json?][] => [
  ["GET", `/class/${id}`, teacher],
  ["GET", `/class/${id}/room`, teacher],
  ["POST", `/class/${id}/add-student`, teacher, { studentId: student(physics, 0).id }],
  ["POST", "/attendance/start", teacher, { classId: id }],
  ["POST", "/attendance/end", teacher, { classId: id }],
  ["GET", `/class/${id}/my-attendance`, student(physics, 0)],
  ["GET", `/attendance/${id}/my-attendance`, student(physics, 0)],
  ["GET", `/attendance/class/${id}/my-attendance`, student(physics, 0)],
];

async function answersNaming(id: string) {
  const routes = namingRoutes(id);
  return Promise.all(
    routes.map(([method, path, { token }, body]) =>
      call(server, method, path, body === undefined ? { token } : { token, body }),
    ),
  );
}

test.each([
  "xyz",
  "0123456789abcdef0123456",
  "0123456789abcdef012345678",
  "0123456789abcdef0123456g",
  "__proto__",
  "null",
])("H16 the class id %p cannot be one", async (id) => {
  for (const answer of await answersNaming(id)) expect(answer).toEqual(refused(400, "Invalid class ID"));
});

test("H16 a class id that nobody has is not found", async () => {
  for (const answer of await answersNaming(nobody)) expect(answer).toEqual(refused(404, "Class not found"));
});
