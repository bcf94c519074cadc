import { endInput } from "../../protocol/http.ts";
import { nothing } from "../../protocol/plain.ts";
import { ok, type Result, refuse } from "../core/errors.ts";
import type { Class } from "../core/people.ts";
import { end } from "../core/session/decide.ts";
import { type Figures, figures } from "../core/session/summary.ts";
import type { Author, LiveSession } from "../log/live-session.ts";
import { command, type Policy } from "./command.ts";
import type { Context } from "./context.ts";
import { findClass, teacherOfClass } from "./policies.ts";
import { sessionCommand } from "./session-command.ts";

/** E1: the roll of the class as it is now counts; the answer comes once the records stand. */
export async function endLive(
  context: Context,
  live: LiveSession,
  author: Author,
): Promise<Result<Figures & { readonly seq: number }>> {
  await context.visitors.settle(live.session.id);
  const cls = await context.store.classes.byId(live.session.classId);
  const roll = cls?.studentIds ?? [...live.session.roster];
  const rule = cls?.settings.presence ?? null;
  const bridgeMs = context.limits.PRESENCE_BRIDGE_MS;
  const ended = await live.commit(author, (now, at) => end(now, roll, { at, bridgeMs, rule }));
  return ended.ok ? ok({ seq: ended.value.seq, ...figures(live.session) }) : ended;
}

/** DONE, by a frame. */
export const endSession = sessionCommand({
  roles: ["teacher"],
  input: nothing,
  pipelined: false,
  run: ({ context, live, author }) => endLive(context, live, author),
});

/** The teacher of the class that is named, if one is named. */
const teacherOfNamedClass: Policy<
  { readonly classId?: Class["id"] | undefined },
  Class | null,
  "class-not-found" | "not-class-teacher"
> = {
  roles: ["teacher"],
  refusals: teacherOfClass.refusals,
  find: async (context, { classId }) => (classId ? findClass(context, { classId }) : ok(null)),
  refusal: (actor, cls) => (cls === null || cls.teacherId === actor.id ? null : "not-class-teacher"),
};

/** The same over HTTP: the session of the class named, else the teacher's most recently started. */
export const endNamedSession = command({
  input: endInput,
  allow: teacherOfNamedClass,
  refusals: ["no-active-session"],
  run: async ({ context, actor, author, subject: cls }) => {
    const { find, store } = context;
    const live = cls
      ? await find.current(cls.id)
      : await find.latestOfTeacher(actor.id, await store.classes.idsOf(actor.id));
    if (!live) return refuse("no-active-session");
    const ended = await endLive(context, live, author);
    if (!ended.ok) return ended;
    const { classId, id } = live.session;
    const { present, absent, total } = ended.value;
    return ok({ message: "Attendance persisted" as const, present, absent, total, classId, sessionId: id });
  },
});
