import { classPageInput, pageInput } from "../../protocol/http.ts";
import { ok } from "../core/errors.ts";
import type { SessionId } from "../core/ids.ts";
import { soFar } from "../core/session/decide.ts";
import type { HeldSession, SessionsOf } from "../ports/store.ts";
import { command } from "./command.ts";
import type { Context } from "./context.ts";
import { pageOf } from "./page.ts";
import { teacherOfClass, usersWho } from "./policies.ts";

/** HI1: a page of the class's sessions, the last started first. */
export const listSessions = command({
  input: classPageInput,
  allow: teacherOfClass,
  run: async ({ context, input, subject: cls }) => ok(await held(context, { classId: cls.id }, input)),
});

/** HI1: the same of all the teacher's classes, archived ones too. */
export const listMySessions = command({
  input: pageInput,
  allow: usersWho("teacher"),
  run: async ({ context, input, actor }) => ok(await held(context, { teacherId: actor.id }, input)),
});

interface Asked {
  readonly before?: SessionId | undefined;
  readonly limit: number;
}

/** A page of such sessions, the last started first. */
export async function held(context: Context, of: SessionsOf, { before, limit }: Asked) {
  const { entries, last } = await pageOf(context, limit, (count) =>
    context.store.sessions.held(of, before ?? null, count),
  );
  const sessions = await Promise.all(entries.map((one) => heldAnswer(context, one)));
  return { sessions, next: last?.id ?? null };
}

/** A session as a list shows it; of a running one what is marked so far. */
export async function heldAnswer({ find }: Context, held: HeldSession) {
  const { id, classId, startedAt, endedAt, present, absent } = held;
  const live = endedAt === null ? await find.byId(id) : undefined;
  const now = await live?.ask(soFar);
  const counts = now?.ok ? now.value : { present, absent, total: present + absent };
  return {
    sessionId: id,
    classId,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
    ...counts,
  };
}
