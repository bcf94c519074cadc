import { classInput } from "../../protocol/http.ts";
import { ok, refuse } from "../core/errors.ts";
import { command } from "./command.ts";
import { endLive } from "./end-session.ts";
import { findClass, teacherOfClass } from "./policies.ts";

/** H18: starting where one already runs answers the running one; no mark is dropped. */
export const startSession = command({
  input: classInput,
  allow: teacherOfClass,
  refusals: ["log-damaged"],
  run: async ({ context, author, subject: cls }) => {
    const started = await context.sessions.start(cls, author);
    if (!started.ok) return started;
    const { live, seq } = started.value;
    const { session } = live;
    // K3: whoever archived the class in between has not seen this session, so it ends here.
    if (!(await findClass(context, { classId: cls.id })).ok) {
      const ended = await endLive(context, live, { by: author.by, via: author.via });
      return ended.ok || ended.code === "no-active-session" ? refuse("class-not-found") : ended;
    }
    await context.neighbours.started(live);
    return ok({
      seq,
      classId: cls.id,
      startedAt: new Date(session.startedAt).toISOString(),
      roomId: session.roomId,
      sessionId: session.id,
    });
  },
});
