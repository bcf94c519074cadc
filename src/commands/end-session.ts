import { endInput } from "../../protocol/http.ts";
import { nothing } from "../../protocol/plain.ts";
import { ok, type Result, refuse } from "../core/errors.ts";
import type { UserId } from "../core/ids.ts";
import type { Class } from "../core/people.ts";
import { end } from "../core/session/decide.ts";
import type { Source } from "../core/session/events.ts";
import type { Figures } from "../core/session/summary.ts";
import type { LiveSession } from "../log/live-session.ts";
import { command, type Policy } from "./command.ts";
import type { Context } from "./context.ts";
import { findClass } from "./policies.ts";
import { sessionCommand } from "./session-command.ts";

type Author = { readonly by: UserId; readonly via: Source };

/** E1: the roll of the class as it is now counts; the answer comes once the records stand. */
async function endLive(context: Context, live: LiveSession, author: Author): Promise<Result<Figures>> {
  const cls = await context.store.classes.byId(live.session.classId);
  const roll = cls?.studentIds ?? [...live.session.roster];
  return live.commit(author, (now) => end(now, roll));
}

/** DONE, by a frame. */
export const endSession = sessionCommand({
  roles: ["teacher"],
  input: nothing,
  pipelined: false,
  run: ({ context, live, connection, via }) => endLive(context, live, { by: connection.actor.id, via }),
});

/** The teacher of the class that is named, if one is named. */
const teacherOfNamedClass: Policy<{ readonly classId?: Class["id"] | undefined }, Class | null> = {
  roles: ["teacher"],
  find: async (context, { classId }) => (classId ? findClass(context, { classId }) : ok(null)),
  refusal: (actor, cls) => (cls === null || cls.teacherId === actor.id ? null : "not-class-teacher"),
};

/** The same over HTTP: the session of the class named, else the teacher's most recently started. */
export const endNamedSession = command({
  input: endInput,
  allow: teacherOfNamedClass,
  run: async ({ context, actor, via, subject: cls }) => {
    const { sessions } = context;
    const live = cls ? sessions.ofClass(cls.id) : sessions.latestOfTeacher(actor.id);
    if (!live) return refuse("no-active-session");
    const ended = await endLive(context, live, { by: actor.id, via });
    if (!ended.ok) return ended;
    const { classId, id } = live.session;
    return ok({ message: "Attendance persisted", ...ended.value, classId, sessionId: id });
  },
});
