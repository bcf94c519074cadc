import { classesPageInput, handOverInput } from "../../protocol/accounts.ts";
import { classInput, classPageInput, sessionPageInput } from "../../protocol/http.ts";
import { ok, refuse } from "../core/errors.ts";
import type { ClassId } from "../core/ids.ts";
import type { Class } from "../core/people.ts";
import { classAnswer, personAnswer } from "./answers.ts";
import { command, type Policy } from "./command.ts";
import { held } from "./list-sessions.ts";
import { pageOf } from "./page.ts";
import { anySession, usersWho } from "./policies.ts";
import { sessionShown } from "./show-session.ts";
import { teachersOf } from "./teachers-of.ts";

/** An admin, about any class, an archived one too. */
const adminAboutClass: Policy<{ readonly classId: ClassId }, Class, "class-not-found"> = {
  roles: ["admin"],
  refusals: ["class-not-found"],
  find: async ({ store }, { classId }) => {
    const cls = await store.classes.byId(classId);
    return cls ? ok(cls) : refuse("class-not-found");
  },
  refusal: () => null,
};

const archivable = (cls: Class) => ({
  ...classAnswer(cls),
  archivedAt: cls.archivedAt === null ? null : new Date(cls.archivedAt).toISOString(),
});

/** AD5: a page of all classes with their teachers, archived ones too, oldest first. */
export const listAllClasses = command({
  input: classesPageInput,
  allow: usersWho("admin"),
  run: async ({ context, input: { cursor, limit } }) => {
    const { entries, last } = await pageOf(context, limit, (count) =>
      context.store.classes.page(cursor ?? null, count),
    );
    const teacherOf = await teachersOf(context, entries);
    const classes = entries.map((cls) => ({ ...archivable(cls), teacher: teacherOf(cls) }));
    return ok({ classes, next: last?.id ?? null });
  },
});

/** AD5: any class with its students. */
export const showAnyClass = command({
  input: classInput,
  allow: adminAboutClass,
  run: async ({ context, subject: cls }) => {
    const students = await context.store.users.byIds(cls.studentIds);
    const teacherOf = await teachersOf(context, [cls]);
    return ok({ ...archivable(cls), teacher: teacherOf(cls), students: students.map(personAnswer) });
  },
});

/** AD5: a page of any class's sessions. */
export const listAnySessions = command({
  input: classPageInput,
  allow: adminAboutClass,
  run: async ({ context, input, subject: cls }) => ok(await held(context, { classId: cls.id }, input)),
});

/** AD5: any session with its students and their changes. */
export const showAnySession = command({
  input: sessionPageInput,
  allow: anySession,
  refusals: ["log-damaged"],
  run: ({ context, input, subject }) => sessionShown(context, input, subject),
});

/** AD7: the class is another teacher's from now on; a running session, which is its teacher's, must end first. */
export const handOver = command({
  input: handOverInput,
  allow: adminAboutClass,
  refusals: ["teacher-not-found", "session-running"],
  run: async ({ context, actor, input: { teacherId }, subject: cls }) => {
    const { store, hub, neighbours } = context;
    const teacher = await store.users.byId(teacherId);
    if (teacher?.role !== "teacher" || teacher.disabled) return refuse("teacher-not-found");
    if (await context.find.current(cls.id)) return refuse("session-running");
    await store.classes.handOver(cls.id, teacherId);
    const fact = { deed: "class-handed-over", actor: actor.id, subject: teacherId } as const;
    await context.trail.note({ ...fact, class: cls.id, from: cls.teacherId, to: teacherId });
    if (cls.archivedAt === null && cls.teacherId !== teacherId) {
      hub.part(cls.id, cls.teacherId);
      hub.join(cls.id, teacherId);
      await Promise.all([cls.teacherId, teacherId].map((one) => neighbours.membership(cls.id, one)));
    }
    return ok(archivable({ ...cls, teacherId }));
  },
});
