import type { ClassId, SessionId, UserId } from "./ids.ts";
import type { LoggedEvent, Status } from "./session/events.ts";
import type { Session } from "./session/state.ts";

/** One student's final status in one session: a projection of that session's log. */
export interface AttendanceRecord {
  readonly sessionId: SessionId;
  readonly classId: ClassId;
  readonly studentId: UserId;
  readonly status: Status;
  /** When the session ended, milliseconds since the epoch. */
  readonly at: number;
}

/** E3: the records that an ended session's log stands for; none while it runs. */
export function recordsOf(session: Session, log: readonly LoggedEvent[]): AttendanceRecord[] {
  const ended = log.findLast((event) => event.type === "ended");
  if (ended?.type !== "ended") return [];
  return ended.statuses.map(([studentId, status]) => ({
    sessionId: session.id,
    classId: session.classId,
    studentId,
    status,
    at: ended.at,
  }));
}
