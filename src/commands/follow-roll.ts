import { ok, type Result } from "../core/errors.ts";
import type { ClassId, UserId } from "../core/ids.ts";
import type { Class } from "../core/people.ts";
import { enrol, withdraw } from "../core/session/decide.ts";
import type { Author } from "../log/live-session.ts";
import type { Context } from "./context.ts";
import { findClass } from "./policies.ts";

/** The student's sockets hear the class, on every node. */
function joined({ hub, neighbours }: Context, classId: ClassId, student: UserId): Promise<void> {
  hub.join(classId, student);
  return neighbours.membership(classId, student);
}

/** They hear it no more. */
function parted({ hub, neighbours }: Context, classId: ClassId, student: UserId): Promise<void> {
  hub.part(classId, student);
  return neighbours.membership(classId, student);
}

/**
 * R1, R2: after the class's roll was written, its running session and the student's sockets follow it. Gives the class.
 * A change of the same student's place that came meanwhile is followed too, so that the last one written holds.
 */
export async function followRoll(
  context: Context,
  classId: ClassId,
  student: UserId,
  author: Author,
): Promise<Result<Class>> {
  let cls = await findClass(context, { classId });
  for (;;) {
    if (!cls.ok) return cls;
    const isOnRoll = cls.value.studentIds.includes(student);
    // Whoever is enrolled listens before anyone is told, and whoever is withdrawn hears all that came before.
    if (isOnRoll) await joined(context, classId, student);
    const rule = isOnRoll ? enrol : withdraw;
    const live = await context.find.current(classId);
    const done = await live?.commit(author, (now) => rule(now, student));
    if (!isOnRoll) await parted(context, classId, student);
    if (done && !done.ok) return done;
    const now = await findClass(context, { classId });
    if (now.ok && now.value.studentIds.includes(student) === isOnRoll) return ok(now.value);
    cls = now;
  }
}
