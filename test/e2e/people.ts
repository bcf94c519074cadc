import { z } from "zod";
import { call, dataOf, type Json, post } from "./http";
import type { Reachable } from "./server";

export type Role = "teacher" | "student";

/** Somebody who signed up and logged in. */
export interface Person {
  id: string;
  name: string;
  email: string;
  password: string;
  role: Role;
  token: string;
}

/** A class of a teacher, with students who are enrolled. */
export interface School {
  teacher: Person;
  students: Person[];
  classId: string;
}

let people = 0;

/** A body for sign-up that nobody used before. */
export function newcomer(role: string) {
  people += 1;
  const unique = `${people}-${crypto.randomUUID()}`;
  return { name: `${role} ${people}`, email: `${unique}@school.test`, password: `pass-${unique}`, role };
}

/** Signs up and logs in a new person of the role. */
export async function join(server: Reachable, role: Role): Promise<Person> {
  const body = newcomer(role);
  const { _id } = Identified.parse(dataOf(await post(server, "/auth/signup", body), 201));
  return { ...body, role, id: _id, token: await login(server, body.email, body.password) };
}

/** A token for these credentials. */
export async function login(server: Reachable, email: string, password: string): Promise<string> {
  const data = dataOf(await post(server, "/auth/login", { email, password }));
  return z.object({ token: z.string() }).parse(data).token;
}

/** A new class of the teacher; gives its id. */
export async function newClass(server: Reachable, teacher: Person): Promise<string> {
  const body = { className: `class of ${teacher.name}` };
  return Identified.parse(dataOf(await post(server, "/class", body, teacher.token), 201))._id;
}

/** Puts the student on the roll of the class. */
export async function enrol(
  server: Reachable,
  teacher: Person,
  classId: string,
  student: Pick<Person, "id">,
): Promise<void> {
  dataOf(await post(server, `/class/${classId}/add-student`, { studentId: student.id }, teacher.token));
}

/** A teacher with a class of `size` enrolled students, all signed up at once. */
export async function school(server: Reachable, size: number): Promise<School> {
  const [teacher, ...students] = await Promise.all([
    join(server, "teacher"),
    ...Array.from({ length: size }, () => join(server, "student")),
  ]);
  const classId = await newClass(server, teacher);
  await Promise.all(students.map((student) => enrol(server, teacher, classId, student)));
  return { teacher, students, classId };
}

/** Starts the session of the class and gives what the answer says of it. */
export async function startSession(server: Reachable, teacher: Person, classId: string) {
  return Started.parse(dataOf(await post(server, "/attendance/start", { classId }, teacher.token)));
}

/** Ends the session of the class over HTTP. */
export async function endSession(server: Reachable, teacher: Person, classId: string): Promise<Json> {
  return dataOf(await post(server, "/attendance/end", { classId }, teacher.token));
}

/** The status on record for the student: `present`, `absent`, or null while nothing is persisted. */
export async function recordOf(server: Reachable, student: Person, classId: string): Promise<string | null> {
  const answer = await call(server, "GET", `/class/${classId}/my-attendance`, { token: student.token });
  return z.object({ classId: z.literal(classId), status: z.string().nullable() }).parse(dataOf(answer))
    .status;
}

/** The nth student of the school. */
export function student(of: School, n: number): Person {
  const found = of.students[n];
  if (!found) throw new Error(`the school has no student ${n}`);
  return found;
}

const Identified = z.object({ _id: z.string().regex(/^[0-9a-f]{24}$/) });
const Started = z.object({
  classId: z.string(),
  startedAt: z.string(),
  roomId: z.string(),
  sessionId: z.string(),
});
