import { SETTINGS_AT_FIRST } from "../core/class-settings.ts";
import type { ClassId, UserId } from "../core/ids.ts";
import { type Class, localUser, type Role } from "../core/people.ts";
import { end, mark } from "../core/session/decide.ts";
import { StartError } from "../core/start-error.ts";
import { newClassId, newUserId } from "../ids.ts";
import { AuditLog } from "../log/audit.ts";
import { Sessions } from "../log/sessions.ts";
import type { Clock } from "../ports/clock.ts";
import type { Passwords } from "../ports/identity.ts";
import type { Store } from "../ports/store.ts";

const PASSWORD = "rollcall-demo";
const TEACHER = "teacher@demo.school";
const STUDENTS = 40;
const DAY_MS = 86_400_000;
const CLASSES = [
  { name: "Physics 9b", students: [0, 28], days: [9, 7, 2] },
  { name: "Mathematics 10a", students: [12, 40], days: [8, 6, 1] },
] as const;
const FIRST_NAMES = ["Asha", "Ben", "Chi", "Dan", "Ela", "Farid", "Grace", "Hugo", "Ines", "Jun"];
const LAST_NAMES = ["Kumar", "Maier", "Okafor", "Silva"];

interface Parts {
  readonly store: Store;
  readonly passwords: Passwords;
  readonly clock: Clock;
}

/** Refuses a database that has users. */
export async function refuseUsers({ store }: Pick<Parts, "store">): Promise<void> {
  if ((await store.users.count()) > 0) {
    throw new StartError(
      "The demo needs an empty database, and this one has users: set ROLLCALL_DATA to a new folder.",
    );
  }
}

/** Fills an empty database with a teacher, two classes, 40 students and past sessions. Gives the words on how to log in. */
export async function fillDemo({ store, passwords, clock }: Parts): Promise<string> {
  await refuseUsers({ store });
  const people = await addPeople(store, passwords, clock);
  for (const {
    name,
    students: [from, to],
    days,
  } of CLASSES) {
    const cls = await addClass(store, name, people.teacher, people.students.slice(from, to));
    for (const day of days) await holdSession(store, cls, clock.now() - day * DAY_MS);
  }
  return [
    `The demo school is in: log in as ${TEACHER} with the password ${PASSWORD},`,
    `or as a student, student1@demo.school to student${STUDENTS}@demo.school, with the same password.`,
  ].join("\n");
}

async function addPeople(store: Store, passwords: Passwords, clock: Clock) {
  const add = async (name: string, email: string, role: Role): Promise<UserId> => {
    const passwordHash = await passwords.hash(PASSWORD);
    if (passwordHash === null) throw new Error("no place to hash a password");
    const user = localUser({ id: newUserId(), name, email, role, passwordHash, createdAt: clock.now() });
    await store.users.add(user);
    return user.id;
  };
  const teacher = await add("Meera Rao", TEACHER, "teacher");
  const names = LAST_NAMES.flatMap((last) => FIRST_NAMES.map((first) => `${first} ${last}`)).slice(
    0,
    STUDENTS,
  );
  const students = await Promise.all(
    names.map((name, n) => add(name, `student${n + 1}@demo.school`, "student")),
  );
  return { teacher, students };
}

async function addClass(
  store: Store,
  name: string,
  teacherId: UserId,
  students: readonly UserId[],
): Promise<Class> {
  const id: ClassId = newClassId();
  const cls: Class = {
    id,
    name,
    teacherId,
    studentIds: students,
    archivedAt: null,
    settings: SETTINGS_AT_FIRST,
  };
  await store.classes.add({ ...cls, studentIds: [] });
  for (const student of students) await store.classes.addStudent(id, student, students.length);
  return cls;
}

/** A session as a teacher would have held it then: every student marked but a few, who are absent at the end. */
async function holdSession(store: Store, cls: Class, startedAt: number): Promise<void> {
  let now = startedAt;
  const clock: Clock = { now: () => now };
  const sessions = new Sessions({
    store,
    clock,
    audit: new AuditLog(store.audit, clock),
    writer: "demo",
    tailEvents: 0,
    publish: () => undefined,
    report: () => undefined,
    troubled: (what, id, error) => console.error(what, id, error),
  });
  const author = { by: cls.teacherId, via: "system" } as const;
  const started = await sessions.start(cls, author);
  if (!started.ok) throw new Error(`the demo's session did not start: ${started.code}`);
  const { live } = started.value;
  const day = Math.floor(startedAt / DAY_MS);
  for (const [n, student] of cls.studentIds.entries()) {
    now += 4000;
    const missed = (n * 7 + day) % 9;
    if (missed !== 0)
      await live.commit(author, (session) => mark(session, student, missed === 1 ? "absent" : "present"));
  }
  await live.commit(author, (session) => end(session, cls.studentIds));
}
