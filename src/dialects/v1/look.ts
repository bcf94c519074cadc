import type { Context } from "../../commands/context.ts";
import { frameText, type RefusalCode } from "../../core/errors.ts";
import type { ClassId, UserId } from "../../core/ids.ts";
import type { Connection } from "../../hub/connection.ts";
import { text } from "./frames.ts";

/** LO1, LO2: a teacher's socket looks at one of the teacher's classes, or at none any more. */
export async function look(context: Context, connection: Connection, classId: ClassId | null): Promise<void> {
  const { presence } = context.hub;
  if (classId === null) return presence.leave(connection);
  const refusal = refusalOf(connection, classId);
  if (refusal) {
    const message = frameText(refusal);
    connection.wire.send(text({ type: "error", code: refusal, message, class: classId }));
    return;
  }
  // Whoever answers from another node must be heard here.
  await context.neighbours.hear(classId);
  const roll = await rollOf(context, classId);
  // Archived meanwhile: the socket has been told so.
  if (connection.classes.has(classId)) presence.look(connection, classId, roll);
}

function refusalOf({ actor, classes }: Connection, classId: ClassId): RefusalCode | null {
  if (actor.role !== "teacher") return "teacher-only";
  return classes.has(classId) ? null : "not-class-teacher";
}

async function rollOf({ sessions, store }: Context, classId: ClassId): Promise<Iterable<UserId>> {
  const live = sessions.memory.ofClass(classId);
  return live ? live.session.roster : ((await store.classes.byId(classId))?.studentIds ?? []);
}
