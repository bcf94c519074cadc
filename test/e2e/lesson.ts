import { type Person, type School, school, startSession } from "./people";
import { connect, connectAll, type PlainClient } from "./plain-client";
import type { Reachable } from "./server";

/** A class whose session runs, with a socket of the teacher's and one of every student's. */
export interface Lesson extends School {
  desk: PlainClient;
  seats: PlainClient[];
}

/** A running lesson of a new teacher with `size` new students. */
export async function lesson(server: Reachable, size: number): Promise<Lesson> {
  const enrolled = await school(server, size);
  await startSession(server, enrolled.teacher, enrolled.classId);
  return seated(server, enrolled);
}

/** The school with a socket for everyone. */
export async function seated(server: Reachable, enrolled: School): Promise<Lesson> {
  const [desk, seats] = await Promise.all([
    connect(server, enrolled.teacher),
    connectAll(server, enrolled.students),
  ]);
  return { ...enrolled, desk, seats };
}

/** The nth student and their socket. */
export function seat(of: Lesson, n: number): { person: Person; socket: PlainClient } {
  const [person, socket] = [of.students[n], of.seats[n]];
  if (!person || !socket) throw new Error(`the lesson has no seat ${n}`);
  return { person, socket };
}

/** All sockets of the lesson, the teacher's first. */
export const everyone = (of: Lesson): PlainClient[] => [of.desk, ...of.seats];
