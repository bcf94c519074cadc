import { join } from "node:path";
import { SETTINGS_AT_FIRST } from "../../src/core/class-settings.ts";
import type { ClassId, UserId } from "../../src/core/ids.ts";
import { localUser, type Role } from "../../src/core/people.ts";
import { createTokens } from "../../src/identity/tokens.ts";
import { newClassId, newUserId } from "../../src/ids.ts";
import { systemClock as clock } from "../../src/ports/clock.ts";
import type { Store } from "../../src/ports/store.ts";
import { openSqliteStore } from "../../src/store/sqlite/index.ts";

/** A person of the school, logged in. */
export interface Pupil {
  readonly id: UserId;
  readonly token: string;
}

/** A class with a teacher of its own; nobody is in two. */
export interface StormClass {
  readonly id: ClassId;
  readonly teacher: Pupil;
  readonly students: readonly Pupil[];
  /** Not enrolled yet. */
  readonly spare: readonly Pupil[];
}

export interface SchoolSize {
  readonly classes: number;
  readonly students: number;
  readonly spare: number;
}

export const databaseIn = (folder: string): string => join(folder, "rollcall.db");

/**
 * Fills a new database with classes, before any server runs on it: a sign-up costs 30 ms of argon2 for each, and
 * nobody here logs in by password. `secret` is the server's JWT_SECRET.
 */
export async function buildSchool(folder: string, secret: string, size: SchoolSize): Promise<StormClass[]> {
  const store = openSqliteStore(databaseIn(folder));
  const built = await fillSchool(store, secret, size);
  await store.close();
  return built;
}

/** The same in a store that is open. */
export async function fillSchool(
  store: Store,
  secret: string,
  { classes, students, spare }: SchoolSize,
): Promise<StormClass[]> {
  const tokens = createTokens({ secret, lifetimeMs: 86_400_000, clock });
  const person = async (role: Role): Promise<Pupil> => {
    const id = newUserId();
    const named = { id, name: `${role} ${id}`, email: `${id}@school.test`, role };
    const user = localUser({ ...named, passwordHash: "none", createdAt: clock.now() });
    await store.users.add(user);
    return { id, token: await tokens.issue(user) };
  };
  const several = async (count: number) => {
    const all: Pupil[] = [];
    while (all.length < count) all.push(await person("student"));
    return all;
  };
  const built: StormClass[] = [];
  while (built.length < classes) {
    const one = {
      teacher: await person("teacher"),
      students: await several(students),
      spare: await several(spare),
    };
    built.push({ ...one, id: await addClass(store, one.teacher, one.students) });
  }
  return built;
}

async function addClass(store: Store, teacher: Pupil, students: readonly Pupil[]): Promise<ClassId> {
  const id = newClassId();
  await store.classes.add({
    id,
    name: `class ${id}`,
    teacherId: teacher.id,
    studentIds: [],
    archivedAt: null,
    settings: SETTINGS_AT_FIRST,
  });
  for (const student of students) await store.classes.addStudent(id, student.id, students.length);
  return id;
}
