import { join } from "node:path";
import { classIdSchema, userIdSchema } from "../protocol/ids.ts";
import { SETTINGS_AT_FIRST } from "../src/core/class-settings.ts";
import type { ClassId, UserId } from "../src/core/ids.ts";
import { localUser, type Role } from "../src/core/people.ts";
import { createTokens } from "../src/identity/tokens.ts";
import { systemClock as clock } from "../src/ports/clock.ts";
import type { Store } from "../src/ports/store.ts";
import { openSqliteStore } from "../src/store/sqlite/index.ts";
import { scratch } from "./scratch.ts";

export const SECRET = "the secret of the benchmark's servers, which nobody guards";

/** Somebody who is logged in. */
export interface Seat {
  readonly id: UserId;
  readonly token: string;
}

export interface Room {
  readonly id: ClassId;
  readonly teacher: Seat;
  readonly students: readonly Seat[];
}

export interface School {
  /** Holds the database; each server gets a copy of it. */
  readonly folder: string;
  readonly rooms: readonly Room[];
}

export interface SchoolSize {
  readonly classes: number;
  readonly students: number;
  /** All classes have the same students. */
  readonly shared?: boolean;
  /** Everybody's. */
  readonly passwordHash?: string;
}

/** An id that tells the class by its first eight digits: a load generator counts by them. */
const hex = (room: number, n: number) =>
  room.toString(16).padStart(8, "0") + n.toString(16).padStart(16, "0");

export const emailOf = ({ id }: Seat): string => `${id}@school.test`;

/** Fills a new database, before any server runs on it: a sign-up costs 27 ms of argon2 each. */
export async function buildSchool(size: SchoolSize): Promise<School> {
  const folder = scratch();
  const store = openSqliteStore(join(folder, "rollcall.db"), {
    opened: (db) => db.run("PRAGMA synchronous = OFF"),
  });
  const add = adding(store, size.passwordHash ?? "none");
  const seated = async (room: number) => {
    const students: Seat[] = [];
    while (students.length < size.students)
      students.push(await add("student", hex(room, students.length + 1)));
    return students;
  };
  const rooms: Room[] = [];
  for (let room = 0; room < size.classes; room++) {
    const teacher = await add("teacher", hex(room, 0));
    const students = (size.shared && rooms[0]?.students) || (await seated(room));
    const id = classIdSchema.parse(hex(room, 0));
    const studentIds = students.map((seat) => seat.id);
    await store.classes.add({
      id,
      name: `class ${room}`,
      teacherId: teacher.id,
      studentIds,
      archivedAt: null,
      settings: SETTINGS_AT_FIRST,
    });
    rooms.push({ id, teacher, students });
  }
  await store.close();
  return { folder, rooms };
}

function adding(store: Store, passwordHash: string) {
  const tokens = createTokens({ secret: SECRET, lifetimeMs: 86_400_000, clock });
  return async (role: Role, text: string): Promise<Seat> => {
    const id = userIdSchema.parse(text);
    const createdAt = clock.now();
    const named = { id, name: `${role} ${id}`, email: `${id}@school.test`, role };
    const user = localUser({ ...named, passwordHash, createdAt });
    await store.users.add(user);
    return { id, token: await tokens.issue(user) };
  };
}
