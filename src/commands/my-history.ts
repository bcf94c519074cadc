import { classPageInput } from "../../protocol/http.ts";
import { ok } from "../core/errors.ts";
import { command } from "./command.ts";
import { pageOf } from "./page.ts";
import { studentOfClass } from "./policies.ts";
import { timeAnswer } from "./time-answer.ts";

const iso = (at: number) => new Date(at).toISOString();

/** HI4: the student's own statuses in the class's ended sessions, the last started first. */
export const myHistory = command({
  input: classPageInput,
  allow: studentOfClass,
  run: async ({ context, input, actor, subject: cls }) => {
    await context.sessions.finishBehind(cls.id);
    const { entries, last } = await pageOf(context, input.limit, (count) =>
      context.store.records.ofStudent(cls.id, actor.id, input.before ?? null, count),
    );
    const sessions = entries.map(({ sessionId, startedAt, at, status, since, by, room }) => ({
      sessionId,
      startedAt: iso(startedAt),
      endedAt: iso(at),
      status,
      since: iso(since),
      by,
      ...timeAnswer(room),
    }));
    return ok({ sessions, next: last?.sessionId ?? null });
  },
});
