import type { Context } from "../../commands/context.ts";
import { frameText } from "../../core/errors.ts";
import type { SessionId } from "../../core/ids.ts";
import type { LoggedEvent } from "../../core/session/events.ts";
import type { Session } from "../../core/session/state.ts";
import type { Connection } from "../../hub/connection.ts";
import { type Side, sideOf } from "../../hub/hub.ts";
import type { LiveSession } from "../../log/live-session.ts";
import { loadLog } from "../../log/load.ts";
import { eventsFrame, snapshotFrame, text } from "./frames.ts";

const asked = () => ({ ok: true, events: [], value: undefined }) as const;
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
  if (told.ok) return;
  // Its end waits for its records. The socket's other classes go on, and of this one it hears what comes.
  const message = frameText(told.code);
  connection.wire.send(text({ type: "error", code: told.code, message, session: live.session.id }));
  listen();
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
  if (after === null || events === null || statusesIn(events) > STATUSES_MAX)
    wire.send(snapshotOf(session, side));
  else if (events.length > 0) wire.send(eventsFrame(session, [after + 1, session.headSeq], events, side));
}

interface Snapshot {
  readonly seq: number;
  readonly texts: Map<Side, string>;
}

/** A class that comes back at once is told one and the same: 440 KB, for a class of 5,000. */
const snapshots = new WeakMap<Readonly<Session>, Snapshot>();

function snapshotOf(session: Readonly<Session>, side: Side): string {
  const kept = snapshots.get(session);
  const current = kept?.seq === session.headSeq ? kept : { seq: session.headSeq, texts: new Map() };
  snapshots.set(session, current);
  const frame = current.texts.get(side) ?? snapshotFrame(session, side);
  current.texts.set(side, frame);
  return frame;
}

/** Some 400 KB. More than that is told as a snapshot, which has one for each student, so that no frame chokes a socket. */
const STATUSES_MAX = 10_000;

function statusesIn(events: readonly LoggedEvent[]): number {
  return events.reduce((sum, event) => sum + statusesOf(event), 0);
}

function statusesOf(event: LoggedEvent): number {
  switch (event.type) {
    case "started":
      return event.roster.length;
    case "markedMany":
      return event.students.length;
    case "undone":
      return event.marks.length;
    case "ended":
      return event.statuses.length;
    default:
      return 1;
  }
}

/** Resumes any session that the socket may hear, running or ended; another is as unknown as one that never was. */
export async function resume(
  context: Context,
  connection: Connection,
  id: SessionId,
  after: number,
): Promise<void> {
  const live = await context.find.byId(id);
  if (live) {
    if (!connection.classes.has(live.session.classId)) return unknown(connection, id);
    return catchUp(live, connection, after, () => undefined);
  }
  const head = await context.store.sessions.head(id);
  if (!head || !connection.classes.has(head.classId)) return unknown(connection, id);
  // One that has begun elsewhere, and that cannot be taken up yet, goes on.
  const isOver = head.endedAt !== null;
  const { session, log } = await (isOver ? context.endedLogs.get(id) : loadLog(context.store.sessions, id));
  // Whoever was withdrawn meanwhile hears no more of the class.
  if (!connection.classes.has(head.classId)) return unknown(connection, id);
  const far = session.headSeq - after > context.limits.RESUME_EVENTS_MAX;
  tell(connection, session, after, far || after > session.headSeq ? null : log.slice(after));
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
