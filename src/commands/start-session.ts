import { classInput } from "../../protocol/http.ts";
import { ok } from "../core/errors.ts";
import { command } from "./command.ts";
import { teacherOfClass } from "./policies.ts";

/** H18: starting where one already runs answers the running one; no mark is dropped. */
export const startSession = command({
  input: classInput,
  allow: teacherOfClass,
  run: async ({ context, author, subject: cls }) => {
    const started = await context.sessions.start(cls, author);
    if (!started.ok) return started;
    const { live, seq } = started.value;
    const { session } = live;
    return ok({
      seq,
      classId: cls.id,
      startedAt: new Date(session.startedAt).toISOString(),
      roomId: session.roomId,
      sessionId: session.id,
    });
  },
});
