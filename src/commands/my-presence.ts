import { classInput } from "../../protocol/http.ts";
import { ok, type Result } from "../core/errors.ts";
import type { ClassId, UserId } from "../core/ids.ts";
import { hereSince, lengthOf, timeInRoom } from "../core/presence/time-in-room.ts";
import type { Session } from "../core/session/state.ts";
import { command } from "./command.ts";
import type { Context } from "./context.ts";
import { studentOfClass } from "./policies.ts";
import { bridgeOf, readSession } from "./session-log.ts";
import { timeAnswer } from "./time-answer.ts";

const iso = (at: number) => new Date(at).toISOString();

/** PR14: the student's own time in the room of the class's running session. */
export const myPresence = command({
  input: classInput,
  allow: studentOfClass,
  refusals: ["log-damaged"],
  run: async ({ context, actor, subject: cls }): Promise<Result<Own>> => {
    const head = await context.store.sessions.runningOf(cls.id);
    if (!head) return ok({ classId: cls.id, session: null });
    const read = await readSession(context, head, (session, now) => ownTime(context, session, actor.id, now));
    return read.ok ? ok({ classId: cls.id, session: read.value }) : read;
  },
});

interface Own {
  readonly classId: ClassId;
  readonly session: ReturnType<typeof ownTime> | null;
}

function ownTime(context: Context, session: Readonly<Session>, user: UserId, now: number) {
  const time = timeInRoom(session, user, now, bridgeOf(context, session));
  const since = session.endedAt === null ? hereSince(time) : null;
  return {
    sessionId: session.id,
    startedAt: iso(session.startedAt),
    at: iso(now),
    sessionMs: lengthOf(session, now),
    here: since !== null,
    since: since === null ? null : iso(since),
    ...timeAnswer(time),
  };
}
