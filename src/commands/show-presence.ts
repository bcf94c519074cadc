import { sessionPageInput } from "../../protocol/http.ts";
import { ok } from "../core/errors.ts";
import type { UserId } from "../core/ids.ts";
import { neededOf, type PresenceRule, propose } from "../core/presence/policy.ts";
import { hereSince, lengthOf, timeInRoom } from "../core/presence/time-in-room.ts";
import type { Session } from "../core/session/state.ts";
import { personAnswer } from "./answers.ts";
import { command } from "./command.ts";
import { pageOf } from "./page.ts";
import { teacherOfSession } from "./policies.ts";
import { attendees, bridgeOf, readSession } from "./session-log.ts";
import { proposalOf, proposedByAnswer, setByAnswer, timeAnswer } from "./time-answer.ts";

const iso = (at: number) => new Date(at).toISOString();

/** PR14, PR15: who is in the room now, since when, for how long in all, and what the class's rule would make of it. */
export const showPresence = command({
  input: sessionPageInput,
  allow: teacherOfSession,
  refusals: ["log-damaged"],
  run: async ({ context, input, subject: { head, cls } }) => {
    const read = await readSession(context, head, (session, now) => {
      const everyone = attendees(session);
      const from = input.after === undefined ? 0 : everyone.indexOf(input.after) + 1;
      const asked =
        input.after !== undefined && from === 0 ? [] : everyone.slice(from, from + input.limit + 1);
      return seen(session, asked, now, { rule: cls.settings.presence, bridgeMs: bridgeOf(context, session) });
    });
    if (!read.ok) return read;
    const { rows, ...about } = read.value;
    const { entries, last } = await pageOf(context, input.limit, async (count) => rows.slice(0, count));
    const people = await context.store.users.byIds(entries.map(({ id }) => id));
    const byId = new Map(people.map((user) => [user.id, user]));
    const students = entries.map(({ id, ...row }) => {
      const user = byId.get(id);
      return { ...(user ? personAnswer(user) : { _id: id, name: null, email: null }), ...row };
    });
    return ok({ sessionId: head.id, classId: head.classId, ...about, students, next: last?.id ?? null });
  },
});

interface Measures {
  readonly rule: PresenceRule | null;
  readonly bridgeMs: number;
}

function seen(session: Readonly<Session>, asked: readonly UserId[], now: number, measures: Measures) {
  const { bridgeMs } = measures;
  const sessionMs = lengthOf(session, now);
  // An ended session goes by what it ended with.
  const rule = session.endedAt === null ? measures.rule : null;
  const rows = asked.map((id) => {
    const time = timeInRoom(session, id, now, bridgeMs);
    const since = session.endedAt === null ? hereSince(time) : null;
    return {
      id,
      status: session.marks.get(id)?.status ?? null,
      here: since !== null,
      since: since === null ? null : iso(since),
      ...timeAnswer(time),
      proposal:
        rule && session.roster.has(id)
          ? propose(rule, { inRoomMs: time.inRoomMs, sessionMs, bridgeMs }).status
          : proposalOf(session, id, time.inRoomMs),
    };
  });
  return {
    startedAt: iso(session.startedAt),
    endedAt: session.endedAt === null ? null : iso(session.endedAt),
    at: iso(now),
    sessionMs,
    bridgeMs,
    rule: rule && { ...rule, neededMs: neededOf(rule, sessionMs, bridgeMs) },
    setBy: setByAnswer(session),
    proposedBy: proposedByAnswer(session),
    rows,
  };
}
