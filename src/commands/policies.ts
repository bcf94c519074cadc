import { ok, type RefusalCode, type Result, refuse } from "../core/errors.ts";
import { type ClassId, isUserId, type SessionId } from "../core/ids.ts";
import type { Actor, Class, Role, User } from "../core/people.ts";
import type { SessionHead } from "../ports/store.ts";
import type { Policy } from "./command.ts";
import type { Context } from "./context.ts";

interface OfClass {
  readonly classId: ClassId;
}

type FoundClass = Result<Class, "class-not-found">;

/** The class, unless it does not exist or is archived. */
export async function findClass({ store }: Context, { classId }: OfClass): Promise<FoundClass> {
  const cls = await store.classes.byId(classId);
  return cls && cls.archivedAt === null ? ok(cls) : refuse("class-not-found");
}

/** Any user of these roles, about nothing in particular. */
export const usersWho = (...roles: readonly Role[]): Policy<unknown, undefined, never> => ({
  roles,
  refusals: [],
  find: async () => ok(undefined),
  refusal: () => null,
});

/** The class's own teacher. */
export const teacherOfClass: Policy<OfClass, Class, "class-not-found" | "not-class-teacher"> = {
  roles: ["teacher"],
  refusals: ["class-not-found", "not-class-teacher"],
  find: findClass,
  refusal: (actor, cls) => (cls.teacherId === actor.id ? null : "not-class-teacher"),
};

async function findSession(
  { store }: Context,
  { sessionId }: { readonly sessionId: SessionId },
): Promise<Result<{ readonly head: SessionHead; readonly cls: Class }, "session-not-found">> {
  const head = await store.sessions.head(sessionId);
  const cls = head && (await store.classes.byId(head.classId));
  return head && cls ? ok({ head, cls }) : refuse("session-not-found");
}

/** The teacher of the session's class, an archived one's too: its records stay. */
export const teacherOfSession: Policy<
  { readonly sessionId: SessionId },
  { readonly head: SessionHead; readonly cls: Class },
  "session-not-found" | "not-class-teacher"
> = {
  roles: ["teacher"],
  refusals: ["session-not-found", "not-class-teacher"],
  find: findSession,
  refusal: (actor, { cls }) => (cls.teacherId === actor.id ? null : "not-class-teacher"),
};

/** An admin, about any session. */
export const anySession: Policy<
  { readonly sessionId: SessionId },
  { readonly head: SessionHead; readonly cls: Class },
  "session-not-found"
> = {
  roles: ["admin"],
  refusals: ["session-not-found"],
  find: findSession,
  refusal: () => null,
};

/** A student on the class's roll, an archived one's too: its records stay. */
export const studentOfClass: Policy<OfClass, Class, "class-not-found" | "not-enrolled"> = {
  roles: ["student"],
  refusals: ["class-not-found", "not-enrolled"],
  find: async ({ store }, { classId }) => {
    const cls = await store.classes.byId(classId);
    return cls ? ok(cls) : refuse("class-not-found");
  },
  refusal: (actor, cls) => (cls.studentIds.includes(actor.id) ? null : "not-enrolled"),
};

/** The class's teacher and its students; everyone else hears `code`. */
export const memberOfClass = <Code extends RefusalCode>(
  code: Code,
): Policy<OfClass, Class, Code | "class-not-found"> => ({
  roles: ["teacher", "student"],
  refusals: ["class-not-found", code],
  find: findClass,
  refusal: (actor, cls) => (isMember(actor, cls) ? null : code),
});

/** As what they are now: a former teacher who is a student sees no roll of their own any more, nor the other way round. */
export const isMember = (
  { id, role }: Pick<Actor, "id" | "role">,
  { teacherId, studentIds }: Class,
): boolean => (role === "teacher" ? teacherId === id : studentIds.includes(id));

/** The class's own teacher, about one student. */
export const teacherOfClassAboutStudent: Policy<
  OfClass & { readonly studentId: string },
  { readonly cls: Class; readonly student: User },
  "class-not-found" | "student-not-found" | "not-class-teacher"
> = {
  roles: ["teacher"],
  refusals: ["class-not-found", "student-not-found", "not-class-teacher"],
  find: async (context, input) => {
    const cls = await findClass(context, input);
    if (!cls.ok) return cls;
    const student = isUserId(input.studentId) ? await context.store.users.byId(input.studentId) : null;
    return student?.role === "student" ? ok({ cls: cls.value, student }) : refuse("student-not-found");
  },
  refusal: (actor, { cls }) => (cls.teacherId === actor.id ? null : "not-class-teacher"),
};
