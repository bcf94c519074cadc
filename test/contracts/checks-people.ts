import { expect } from "bun:test";
import { SETTINGS_AT_FIRST } from "../../src/core/class-settings.ts";
import { type Class, localUser, type Role, type User } from "../../src/core/people.ts";
import { classId, NOON, teacher, userId } from "./batches.ts";
import { check, recordOf, type StoreCheck, started } from "./checks.ts";

export const person = (
  count: number,
  name: string,
  role: Role = "student",
): User & { readonly email: string } => {
  const email = `${name.toLowerCase()}@school.test`;
  const passwordHash = `$argon2id$${count}`;
  const id = userId(count);
  return { ...localUser({ id, name, email, role, passwordHash, createdAt: NOON + count }), email };
};

export const course = (count: number, changes: Partial<Class> = {}): Class => ({
  id: classId(count),
  name: `Class ${count}`,
  teacherId: teacher,
  studentIds: [],
  archivedAt: null,
  settings: SETTINGS_AT_FIRST,
  ...changes,
});

const ids = (classes: readonly Class[]) => classes.map((one) => one.id);

const userChecks: StoreCheck[] = [
  check("ST1", "a user is found by id and by email, and nobody where there is none", async ({ store }) => {
    const ada = person(1, "Ada", "teacher");
    expect(await store.users.add(ada)).toBe("ok");
    expect(await store.users.byId(ada.id)).toEqual(ada);
    expect(await store.users.byEmail(ada.email)).toEqual(ada);
    expect(await store.users.byId(userId(2))).toBeNull();
    expect(await store.users.byEmail("nobody@school.test")).toBeNull();
  }),
  check("ST2", "an email that another user has is taken, and nothing is written", async ({ store }) => {
    const ada = person(1, "Ada");
    const other = { ...person(2, "Other"), email: ada.email };
    await store.users.add(ada);
    expect(await store.users.add(other)).toBe("taken");
    expect(await store.users.byEmail(ada.email)).toEqual(ada);
    expect(await store.users.byId(other.id)).toBeNull();
    expect(await store.users.count()).toBe(1);
  }),
  check("ST2", "of users added at once with one email, one is written", async ({ store }) => {
    const rivals = [1, 2, 3, 4].map((count) => ({ ...person(count, "Ada"), name: `Ada ${count}` }));
    const outcomes = await Promise.all(rivals.map((rival) => store.users.add(rival)));
    expect(outcomes.toSorted()).toEqual(["ok", "taken", "taken", "taken"]);
    expect(await store.users.count()).toBe(1);
  }),
  check("ST3", "users asked by their ids come in the order asked, without the unknown", async ({ store }) => {
    const [ada, bob] = [person(1, "Ada"), person(2, "Bob", "teacher")];
    await store.users.add(ada);
    await store.users.add(bob);
    expect(await store.users.byIds([bob.id, userId(9), ada.id])).toEqual([bob, ada]);
    expect(await store.users.byIds([])).toEqual([]);
  }),
  check("ST4", "students are listed by name, everyone is counted", async ({ store }) => {
    expect(await store.users.count()).toBe(0);
    const [zoe, ada, tea] = [person(1, "Zoe"), person(2, "Ada"), person(3, "Mia", "teacher")];
    for (const user of [zoe, ada, tea]) await store.users.add(user);
    expect(await store.users.students()).toEqual([ada, zoe]);
    expect(await store.users.count()).toBe(3);
  }),
  check("ST5", "a new password hash replaces the user's and changes nobody else", async ({ store }) => {
    const [ada, bob] = [person(1, "Ada"), person(2, "Bob")];
    await store.users.add(ada);
    await store.users.add(bob);
    await store.users.update(ada.id, { passwordHash: "$argon2id$new" });
    expect(await store.users.byIds([ada.id, bob.id])).toEqual([
      { ...ada, passwordHash: "$argon2id$new" },
      bob,
    ]);
  }),
];

const classChecks: StoreCheck[] = [
  check("ST6", "a class is found by id with its students in the order of enrolment", async ({ store }) => {
    const maths = course(1, { studentIds: [userId(3), userId(1), userId(2)] });
    await store.classes.add(maths);
    expect(await store.classes.byId(maths.id)).toEqual(maths);
    expect(await store.classes.byId(classId(2))).toBeNull();
  }),
  check(
    "ST7",
    "a teacher's and a student's classes come oldest first, each only theirs",
    async ({ store }) => {
      const studentIds = [userId(1)];
      const [late, early, other] = [course(3), course(7), course(5, { teacherId: userId(0xbad) })];
      for (const one of [early, late, other]) await store.classes.add({ ...one, studentIds });
      await store.classes.add(course(9));
      expect(ids(await store.classes.ofTeacher(teacher))).toEqual([early.id, late.id, classId(9)]);
      expect(await store.classes.ofStudent(userId(1))).toEqual(
        [early, late, other].map((one) => ({ ...one, studentIds })),
      );
      expect(await store.classes.ofStudent(userId(2))).toEqual([]);
      const idsOf = async (user: typeof teacher) => (await store.classes.idsOf(user)).toSorted();
      expect(await idsOf(teacher)).toEqual([late.id, early.id, classId(9)].toSorted());
      expect(await idsOf(userId(1))).toEqual([late.id, early.id, other.id].toSorted());
      expect(await idsOf(userId(2))).toEqual([]);
    },
  ),
  check("ST8", "an archived class is in nobody's list and still found by id", async ({ store }) => {
    const gone = course(1, { archivedAt: NOON, studentIds: [userId(1)] });
    await store.classes.add(gone);
    expect(await store.classes.ofTeacher(teacher)).toEqual([]);
    expect(await store.classes.ofStudent(userId(1))).toEqual([]);
    expect([...(await store.classes.idsOf(teacher)), ...(await store.classes.idsOf(userId(1)))]).toEqual([]);
    expect(await store.classes.byId(gone.id)).toEqual(gone);
  }),
  check("ST9", "adding a student twice changes nothing", async ({ store }) => {
    await store.classes.add(course(1));
    for (const count of [2, 1, 2])
      expect(await store.classes.addStudent(classId(1), userId(count), 10)).toBe("ok");
    expect((await store.classes.byId(classId(1)))?.studentIds).toEqual([userId(2), userId(1)]);
    expect(ids(await store.classes.ofStudent(userId(2)))).toEqual([classId(1)]);
  }),
  check("ST10", "a class at its limit takes no other student and keeps its own", async ({ store }) => {
    await store.classes.add(course(1, { studentIds: [userId(1), userId(2)] }));
    expect(await store.classes.addStudent(classId(1), userId(3), 2)).toBe("full");
    expect(await store.classes.addStudent(classId(1), userId(1), 2)).toBe("ok");
    expect((await store.classes.byId(classId(1)))?.studentIds).toEqual([userId(1), userId(2)]);
  }),
  check("ST10", "students added at once do not pass the limit", async ({ store }) => {
    await store.classes.add(course(1));
    const adding = [1, 2, 3, 4].map((count) => store.classes.addStudent(classId(1), userId(count), 3));
    expect((await Promise.all(adding)).toSorted()).toEqual(["full", "ok", "ok", "ok"]);
    expect((await store.classes.byId(classId(1)))?.studentIds.length).toBe(3);
  }),
  check("ST11", "a removed student is off the roll, and comes back at its end", async ({ store }) => {
    await store.classes.add(course(1, { studentIds: [userId(1), userId(2)] }));
    await store.classes.removeStudent(classId(1), userId(1));
    await store.classes.removeStudent(classId(1), userId(9));
    expect((await store.classes.byId(classId(1)))?.studentIds).toEqual([userId(2)]);
    expect(await store.classes.ofStudent(userId(1))).toEqual([]);
    await store.classes.addStudent(classId(1), userId(1), 10);
    expect((await store.classes.byId(classId(1)))?.studentIds).toEqual([userId(2), userId(1)]);
  }),
];

const careChecks: StoreCheck[] = [
  check("ST41", "another name changes the class's name and nothing else", async ({ store, reopen }) => {
    const [maths, other] = [course(1, { studentIds: [userId(2), userId(1)] }), course(2)];
    for (const one of [maths, other]) await store.classes.add(one);
    await store.classes.rename(maths.id, "Mathe — 9b ✏️");
    await store.classes.rename(classId(9), "Nobody's");
    const renamed = { ...maths, name: "Mathe — 9b ✏️" };
    for (const { classes } of [store, (await reopen?.()) ?? store]) {
      expect(await classes.ofTeacher(teacher)).toEqual([renamed, other]);
      expect(await classes.ofStudent(userId(1))).toEqual([renamed]);
      expect(await classes.byId(classId(9))).toBeNull();
    }
  }),
  check("ST89", "settings are the last ones set, and nothing else changes", async ({ store, reopen }) => {
    const [maths, other] = [course(1, { studentIds: [userId(2)] }), course(2)];
    for (const one of [maths, other]) await store.classes.add(one);
    const first = { presence: { kind: "minutes", minutes: 10, apply: "propose" }, keepsChat: false } as const;
    const settings = { presence: { kind: "share", percent: 80, apply: "set" }, keepsChat: true } as const;
    for (const each of [first, settings]) await store.classes.configure(maths.id, each);
    await store.classes.configure(classId(9), settings);
    for (const { classes } of [store, (await reopen?.()) ?? store]) {
      expect(await classes.ofTeacher(teacher)).toEqual([{ ...maths, settings }, other]);
      expect(await classes.byId(classId(9))).toBeNull();
    }
    const made = course(3, { settings });
    await store.classes.add(made);
    expect(await store.classes.byId(made.id)).toEqual(made);
    await store.classes.configure(made.id, { presence: null, keepsChat: false });
    expect(await store.classes.byId(made.id)).toEqual(course(3));
  }),
  check(
    "ST84",
    "a class handed over is the other teacher's, and nothing else changes",
    async ({ store, reopen }) => {
      const [maths, other] = [course(1, { studentIds: [userId(2), userId(1)] }), course(2)];
      for (const one of [maths, other]) await store.classes.add(one);
      await store.classes.handOver(maths.id, userId(8));
      await store.classes.handOver(classId(9), userId(8));
      for (const { classes } of [store, (await reopen?.()) ?? store]) {
        expect(await classes.ofTeacher(teacher)).toEqual([other]);
        expect(await classes.ofTeacher(userId(8))).toEqual([{ ...maths, teacherId: userId(8) }]);
        expect(await classes.idsOf(userId(8))).toEqual([maths.id]);
        expect(await classes.ofStudent(userId(1))).toHaveLength(1);
      }
    },
  ),
  check(
    "ST42",
    "archiving takes a class out of every list, and leaves it, its roll and the others as they are",
    async ({ store, reopen }) => {
      const studentIds = [userId(2), userId(1)];
      const [gone, kept] = [course(1, { studentIds }), course(2, { studentIds })];
      for (const one of [gone, kept]) await store.classes.add(one);
      await store.classes.archive(gone.id, NOON);
      await store.classes.archive(classId(9), NOON);
      for (const { classes } of [store, (await reopen?.()) ?? store]) {
        expect(await classes.ofTeacher(teacher)).toEqual([kept]);
        expect(await classes.ofStudent(userId(1))).toEqual([kept]);
        expect(await classes.byId(gone.id)).toEqual({ ...gone, archivedAt: NOON });
        expect(await classes.byId(classId(9))).toBeNull();
      }
    },
  ),
  check("ST42", "what a class has on record stays when it is archived", async ({ store }) => {
    await store.classes.add(course(1, { studentIds: [userId(1)] }));
    const { head } = await started(store, 1, classId(1));
    const record = recordOf(head, userId(1));
    await store.records.project(head.id, [{ ...record, status: "present" }], 1);
    await store.classes.archive(classId(1), NOON);
    expect(await store.records.ofSession(head.id)).toEqual([{ ...record, status: "present" }]);
    expect(await store.sessions.head(head.id)).toEqual({ ...head, projectedSeq: 1 });
  }),
];

/** Users and classes. */
export const peopleChecks: readonly StoreCheck[] = [...userChecks, ...classChecks, ...careChecks];
