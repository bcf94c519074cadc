import type { BrowserContextOptions, Page } from "playwright-core";
import { z } from "zod";
import { dataOf, post } from "../e2e/http.ts";
import { enrol, join, login, newClass, type Person, startSession } from "../e2e/people.ts";
import type { TestServer } from "../e2e/server.ts";
import type { Rig, Visit, Watched } from "./rig.ts";

/** The first names of a roll, in the order in which it shows them. */
export const NAMES = [
  "Asha Kumar",
  "Ben Maier",
  "Chi Okafor",
  "Dan Silva",
  "Elif Yılmaz",
  "Farid Rahmani",
] as const;

export interface Lesson {
  readonly teacher: Person;
  readonly classId: string;
  readonly students: readonly Pupil[];
}

/** Somebody of whom most tests need no token. */
export type Pupil = Omit<Person, "token">;

/** A class of a new teacher with students of these names. */
export async function lessonOf(server: TestServer, names: readonly string[] = NAMES): Promise<Lesson> {
  const teacher = await join(server, "teacher");
  const classId = await newClass(server, teacher);
  const students = await Promise.all(names.map((name) => named(server, name)));
  await Promise.all(students.map((student) => enrol(server, teacher, classId, student)));
  return { teacher, classId, students };
}

/** Somebody with a token. */
export const withToken = async (server: TestServer, pupil: Pupil | undefined): Promise<Person> => {
  if (!pupil) throw new Error("a student");
  return { ...pupil, token: await login(server, pupil.email, pupil.password) };
};

async function named(server: TestServer, name: string): Promise<Pupil> {
  const body = { name, email: `${crypto.randomUUID()}@school.test`, password: "secret-1", role: "student" };
  const { _id } = z.object({ _id: z.string() }).parse(dataOf(await post(server, "/auth/signup", body), 201));
  return { ...body, role: "student", id: _id };
}

/** The live screen of a lesson whose session runs, as the teacher has it on a device of its own. */
export async function desk(
  rig: Rig,
  { teacher, classId }: Lesson,
  options: BrowserContextOptions & Visit = {},
): Promise<Watched & { readonly session: string }> {
  const { sessionId } = await startSession(rig.server, teacher, classId);
  const watched = await rig.visit(`/classes/${classId}/live`, { as: teacher, ...options });
  await watched.page.getByRole("list", { name: "Students" }).waitFor();
  return { ...watched, session: sessionId };
}

/** A student's tile. */
export const tile = (page: Page, name: string) =>
  page.getByRole("list", { name: "Students" }).getByRole("button", { name: new RegExp(`^${name}`) });

/** Waits until the tile says so. */
export async function says(page: Page, name: string, what: RegExp): Promise<void> {
  await page
    .getByRole("list", { name: "Students" })
    .getByRole("button", { name: new RegExp(`^${name}, ${what.source}`) })
    .waitFor();
}

/** Waits until the counts are these: here, absent, unmarked. */
export async function counts(page: Page, here: number, absent: number, unmarked: number): Promise<void> {
  await page
    .getByRole("listitem")
    .filter({ hasText: new RegExp(`^${here} present$`) })
    .waitFor();
  await page
    .getByRole("listitem")
    .filter({ hasText: new RegExp(`^${absent} absent$`) })
    .waitFor();
  await page
    .getByRole("listitem")
    .filter({ hasText: new RegExp(`^${unmarked} unmarked$`) })
    .waitFor();
}
