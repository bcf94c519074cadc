import type { Context } from "../../commands/context.ts";
import { type Result, refuse } from "../../core/errors.ts";
import type { ClassId, SessionId } from "../../core/ids.ts";
import type { LoggedEvent } from "../../core/session/events.ts";
import type { Session } from "../../core/session/state.ts";
import type { Connection } from "../../hub/connection.ts";
import type { LiveSession } from "../../log/live-session.ts";
import { loadLog } from "../../log/load.ts";
import { eventsFrame, snapshotFrame, text } from "./frames.ts";

const asked = () => ({ ok: true, events: [], value: undefined }) as const;
const sideOf = ({ actor }: Connection) => (actor.role === "teacher" ? "teacher" : "student");

/**
 * C5: tells the socket what it lacks of a running session, from `after` on or all of it, and calls `listen` at that
 * very moment: what it is told and what it then hears have neither a gap nor an overlap.
 */
export async function catchUp(
  live: LiveSession,
  connection: Connection,
  after: number | null,
  listen: () => void,
): Promise<void> {
  const told = await live.ask(asked, () => {
    // Whoever was withdrawn meanwhile hears no more of the class.
    if (!connection.classes.has(live.session.classId)) return;
    tell(connection, live.session, after, live.after(after ?? 0));
    listen();
  });
  if (!told.ok) connection.wire.close(1011, "the session could not be read, connect again");
}

/** The events after `after`, or the snapshot where they cannot be told one by one or it was never heard of. */
function tell(
  connection: Connection,
  session: Readonly<Session>,
  after: number | null,
  events: readonly LoggedEvent[] | null,
): void {
  const { wire } = connection;
  const side = sideOf(connection);
  if (after !== null && after > session.headSeq) {
    const message = `The session has only come to ${session.headSeq}; here it is whole`;
    wire.send(text({ type: "error", code: "resume-from-future", message, session: session.id }));
  }
  if (after === null || events === null) wire.send(snapshotFrame(session, side));
  else if (events.length > 0) wire.send(eventsFrame(session, [after + 1, session.headSeq], events, side));
}

/** Resumes any session that the socket may hear, running or ended; another is as unknown as one that never was. */
export async function resume(
  context: Context,
  connection: Connection,
  id: SessionId,
  after: number,
): Promise<void> {
  const live = context.sessions.byId(id);
  if (live) {
    if (!connection.classes.has(live.session.classId)) return unknown(connection, id);
    return catchUp(live, connection, after, () => undefined);
  }
  const ended = await loadEnded(context, connection.classes, id);
  if (!ended.ok || !connection.classes.has(ended.value.session.classId)) return unknown(connection, id);
  const { session, log } = ended.value;
  const far = session.headSeq - after > context.limits.RESUME_EVENTS_MAX;
  tell(connection, session, after, far || after > session.headSeq ? null : log.slice(after));
}

async function loadEnded(
  { store }: Context,
  classes: ReadonlySet<ClassId>,
  id: SessionId,
): Promise<Result<{ session: Session; log: readonly LoggedEvent[] }>> {
  const head = await store.sessions.head(id);
  if (!head || !classes.has(head.classId)) return refuse("no-active-session");
  return { ok: true, value: await loadLog(store.sessions, id) };
}

function unknown({ wire }: Connection, session: SessionId): void {
  wire.send(
    text({
      type: "error",
      code: "unknown-session",
      message: "There is no such session among your classes",
      session,
    }),
  );
}
