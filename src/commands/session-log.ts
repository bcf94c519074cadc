import { ok, type Result, refuse } from "../core/errors.ts";
import type { UserId } from "../core/ids.ts";
import type { Session } from "../core/session/state.ts";
import type { LoadedLog } from "../log/load.ts";
import { loadLog } from "../log/load.ts";
import type { SessionHead } from "../ports/store.ts";
import type { Context } from "./context.ts";

/** The session's whole log; an ended one's is kept for those who ask again. */
export async function readLog(
  context: Context,
  head: Pick<SessionHead, "id" | "endedAt">,
): Promise<Result<LoadedLog>> {
  try {
    const { endedLogs, store } = context;
    return ok(await (head.endedAt === null ? loadLog(store.sessions, head.id) : endedLogs.get(head.id)));
  } catch (error) {
    context.troubled(`the log of session ${head.id} could not be read`, error);
    return refuse("log-damaged");
  }
}

/** The gap that counts as being there: of an ended session as it did then, in milliseconds. */
export const bridgeOf = ({ limits }: Pick<Context, "limits">, { bridgeMs }: Readonly<Session>): number =>
  bridgeMs ?? limits.PRESENCE_BRIDGE_MS;

/**
 * Reads something off the session as it stands, everyone who has come in or left by now among it: at once where it
 * runs in memory, else from its log.
 */
export async function readSession<T>(
  context: Context,
  head: Pick<SessionHead, "id" | "endedAt">,
  read: (session: Readonly<Session>, now: number) => T,
): Promise<Result<T>> {
  await context.visitors.settle(head.id);
  const live = head.endedAt === null ? await context.find.byId(head.id) : undefined;
  const now = context.clock.now();
  if (live) return live.ask((session) => ({ ok: true, events: [], value: read(session, now) }));
  const log = await readLog(context, head);
  return log.ok ? ok(read(log.value.session, now)) : log;
}

/** Everyone whom the session is about: the roll in its order, then whoever was marked and withdrawn. */
export const attendees = ({ roster, marks }: Readonly<Session>): UserId[] => [
  ...new Set([...roster, ...marks.keys()]),
];
