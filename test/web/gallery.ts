import type { Page } from "playwright-core";
import { z } from "zod";
import { printedCode } from "../e2e/admin.ts";
import { dataOf, post } from "../e2e/http.ts";
import { endSession, enrol, type Person, startSession } from "../e2e/people.ts";
import { connect } from "../e2e/plain-client.ts";
import type { TestServer } from "../e2e/server.ts";
import { type Pupil, withToken } from "./roll-desk.ts";

/** A screen of the app as somebody sees it. */
export interface Shot {
  readonly name: string;
  /** Nobody at the door. */
  readonly who: Pick<Person, "email" | "password"> | null;
  readonly path: string;
  /** What has to be so first; done once. */
  readonly arrange?: () => Promise<unknown>;
  /** Waits until what makes the screen is there, and does what is to be seen done. */
  readonly ready: (page: Page) => Promise<unknown>;
}

const FIRST = ["Asha", "Ben", "Chi", "Dan", "Ela", "Farid", "Grace", "Hugo", "Ines", "Jun"];
const LAST = ["Kumar", "Maier", "Okafor"];
const NAMES = LAST.flatMap((last) => FIRST.map((first) => `${first} ${last}`)).slice(0, 28);

/** A school in the middle of a lesson, and every screen of the app with something to see, in this order. */
export async function gallery(server: TestServer): Promise<Shot[]> {
  const teacher = await withToken(server, await person(server, "Meera Rao", "teacher"));
  const students = await Promise.all(NAMES.map((name) => person(server, name, "student")));
  const [present, unmarked] = students;
  if (!present || !unmarked) throw new Error("the school has no students");
  const physics = await newClass(server, teacher, "Physics 9b", students);
  await newClass(server, teacher, "Mathematics 10a", students.slice(0, 12));
  const session = await hold(server, teacher, physics, students);
  await startSession(server, teacher, physics);
  await mark(server, teacher, students.slice(2, 20).concat(present));
  const newcomers = await Promise.all([
    person(server, "Nova Lind", "teacher"),
    person(server, "Oskar Lind", "student"),
  ]);
  const school = { teacher, physics, session, present, unmarked, newcomers };
  return [...DOOR, ...teacherShots(school), ...studentShots(school), ...adminShots(server, school)];
}

/** A class of its own whose session runs: its teacher, and students who are in no other. */
export async function lessonWith(server: TestServer, names: readonly string[]) {
  const teacher = await withToken(server, await person(server, "Leo Brandt", "teacher"));
  const students = await Promise.all(names.map((name) => person(server, name, "student")));
  const classId = await newClass(server, teacher, "Chemistry 8c", students);
  await startSession(server, teacher, classId);
  return { teacher, students, classId };
}

interface School {
  readonly teacher: Person;
  readonly physics: string;
  readonly session: string;
  readonly present: Pupil;
  readonly unmarked: Pupil;
  /** A teacher and a student who have no class yet. */
  readonly newcomers: readonly [Pupil, Pupil];
}

const heading = (name: string | RegExp) => (page: Page) =>
  page.getByRole("heading", { level: 1, name }).waitFor();
const text = (words: string | RegExp) => (page: Page) => page.getByText(words).first().waitFor();

const door = (name: string, path: string, title: string): Shot => ({
  name,
  who: null,
  path,
  ready: heading(title),
});

const DOOR: readonly Shot[] = [
  door("sign-in", "/", "Sign in"),
  door("create-account", "/create-account#invitation", "Create account"),
  door("set-up", "/set-up", "Set up this server"),
  door("reset", "/reset-password#code", "Set a new password"),
];

function teacherShots({ teacher: who, physics, session, newcomers }: School): Shot[] {
  return [
    { name: "teacher-new", who: newcomers[0], path: "/", ready: text("No classes yet") },
    { name: "teacher-home", who, path: "/", ready: text(/2[0-9] of 28 present/) },
    { name: "class", who, path: `/classes/${physics}`, ready: text(/2[0-9] of 28 present/) },
    {
      name: "class-find",
      who,
      path: `/classes/${physics}`,
      ready: async (page) => {
        await page.getByLabel("Add students").fill("kumar");
        await page.getByText("10 found").waitFor();
      },
    },
    {
      name: "held",
      who,
      path: `/classes/${physics}/sessions/${session}`,
      ready: text(/marked by Meera Rao/),
    },
    {
      name: "live",
      who,
      path: `/classes/${physics}/live`,
      ready: (page) => page.getByRole("list", { name: "Students" }).waitFor(),
    },
    { name: "missing", who, path: `/classes/${"0".repeat(24)}`, ready: heading("There is nothing here") },
    {
      name: "account",
      who,
      path: "/account",
      ready: async (page) => {
        await page.getByText("This browser").waitFor();
        await page.getByRole("button", { name: "Change password" }).click();
        await page.getByLabel("New password").waitFor();
      },
    },
  ];
}

function studentShots({ present, unmarked, physics, newcomers }: School): Shot[] {
  return [
    { name: "student-new", who: newcomers[1], path: "/", ready: text("You are in no class yet") },
    { name: "student-present", who: present, path: "/", ready: text(/Present since/) },
    {
      name: "student-record",
      who: present,
      path: `/classes/${physics}`,
      ready: text(/nobody had marked you/),
    },
    {
      name: "forbidden",
      who: present,
      path: "/administration/people",
      ready: heading("This is not yours to see"),
    },
    { name: "student-unmarked", who: unmarked, path: "/", ready: text(/has not marked you yet/) },
  ];
}

function adminShots(server: TestServer, { physics, session }: School): Shot[] {
  const who = { name: "Ada Lovelace", email: "ada.lovelace@school.test", password: "the engine weaves" };
  const arrange = async () =>
    dataOf(await post(server, "/setup", { ...who, code: printedCode(server) }), 201);
  return [
    { name: "admin-home", who, path: "/", arrange, ready: text("Open connections") },
    {
      name: "admin-people",
      who,
      path: "/administration/people",
      ready: async (page) => {
        await page.getByRole("button", { name: "Invite a teacher" }).click();
        await page.getByText("Give this link to the teacher").waitFor();
        await page.getByText("Ben Maier", { exact: true }).first().waitFor();
      },
    },
    { name: "admin-classes", who, path: "/administration/classes", ready: text("Mathematics 10a") },
    { name: "admin-settings", who, path: "/administration/settings", ready: text("CLASS_SIZE_MAX") },
    {
      name: "admin-audit",
      who,
      path: "/administration/audit",
      ready: (page) => page.getByRole("listitem").getByText("Added to a class").first().waitFor(),
    },
    { name: "admin-class", who, path: `/classes/${physics}`, ready: text(/2[0-9] of 28 present/) },
    {
      name: "admin-held",
      who,
      path: `/classes/${physics}/sessions/${session}`,
      ready: text(/marked by Meera Rao/),
    },
  ];
}

/** Somebody new with a name of their own. */
export async function person(server: TestServer, name: string, role: Person["role"]): Promise<Pupil> {
  const body = { name, email: emailOf(name), password: `pass-${crypto.randomUUID()}`, role };
  const { _id } = Identified.parse(dataOf(await post(server, "/auth/signup", body), 201));
  return { ...body, id: _id };
}

const emailOf = (name: string) => `${name.toLowerCase().replace(" ", ".")}@school.test`;
const Identified = z.looseObject({ _id: z.string() });

async function newClass(
  server: TestServer,
  teacher: Person,
  className: string,
  students: readonly Pupil[],
): Promise<string> {
  const { _id } = Identified.parse(dataOf(await post(server, "/class", { className }, teacher.token), 201));
  for (const student of students) await enrol(server, teacher, _id, student);
  return _id;
}

/** A session that is over, with most of the students here; gives its id. */
async function hold(server: TestServer, teacher: Person, classId: string, students: readonly Pupil[]) {
  const { sessionId } = await startSession(server, teacher, classId);
  await mark(server, teacher, students.slice(3));
  await endSession(server, teacher, classId);
  return sessionId;
}

/** Marks them in the running session, every ninth first absent, and returns once it is told. */
async function mark(server: TestServer, teacher: Person, students: readonly Pupil[]): Promise<void> {
  const desk = await connect(server, teacher);
  const marks = students.flatMap(({ id: studentId }, n) => [
    ...(n % 9 === 4 ? [{ studentId, status: "absent" }] : []),
    { studentId, status: n % 9 === 8 ? "absent" : "present" },
  ]);
  for (const one of marks) desk.send("ATTENDANCE_MARKED", one);
  await desk.nextOf(marks.length);
  desk.close();
}
