import type { ClassId, SessionId, UserId } from "./ids.ts";
import { type TimeInRoom, timeInRoom } from "./presence/time-in-room.ts";
import type { LoggedEvent, Status } from "./session/events.ts";
import type { Mark, Session } from "./session/state.ts";

/** Whose mark a status is: a teacher's, the student's own, or the server's, for whoever had none at the end. */
export type MarkedBy = "teacher" | "self" | "system";

/** One student's final status in one session: a projection of that session's log. */
export interface AttendanceRecord {
  readonly sessionId: SessionId;
  readonly classId: ClassId;
  readonly studentId: UserId;
  readonly status: Status;
  /** When the status was given, milliseconds since the epoch. */
  readonly since: number;
  readonly by: MarkedBy;
  /** When the session ended, milliseconds since the epoch. */
  readonly at: number;
  /** The time in its video room; null for who was never there. */
  readonly room: TimeInRoom | null;
}

/** E3, HI6: the records that an ended session's log stands for, each with its mark's time and giver; none while it runs. */
export function recordsOf(session: Session, log: readonly LoggedEvent[]): AttendanceRecord[] {
  const ended = log.findLast((event) => event.type === "ended");
  if (ended?.type !== "ended") return [];
  return ended.statuses.map(([studentId, status]) => ({
    sessionId: session.id,
    classId: session.classId,
    studentId,
    status,
    since: session.marks.get(studentId)?.at ?? ended.at,
    by: markedBy(studentId, session.marks.get(studentId), ended.seq),
    at: ended.at,
    room: roomOf(session, studentId, ended.at),
  }));
}

const roomOf = (session: Session, student: UserId, at: number): TimeInRoom | null =>
  session.stays.has(student) ? timeInRoom(session, student, at, session.bridgeMs ?? 0) : null;

/** HI6: whose mark it is; what the event `end` gave is the server's, whoever asked for the end. */
export function markedBy(student: UserId, mark: Mark | undefined, end: number | null): MarkedBy {
  if (!mark || mark.by === null || mark.seq === end) return "system";
  return mark.by === student ? "self" : "teacher";
}
