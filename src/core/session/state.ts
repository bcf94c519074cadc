import type { ClassId, RoomId, SessionId, UserId } from "../ids.ts";
import type { Stay } from "../presence/intervals.ts";
import type { LoggedEvent, PolicyMeasure, PolicyTrace, Status } from "./events.ts";

export interface Mark {
  readonly status: Status;
  /** The status that it replaced; null where the student was unmarked. */
  readonly before: Status | null;
  /** The event that made it. */
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly by: UserId | null;
}

/** A session as its log tells it. Changed by `apply` alone. */
export interface Session {
  readonly id: SessionId;
  readonly classId: ClassId;
  readonly teacherId: UserId;
  readonly roomId: RoomId;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  endedAt: number | null;
  /** Who is on the roll now, in the order of enrolment. */
  readonly roster: Set<UserId>;
  /** The mark that counts, for each student who has one; a withdrawn student's stays. */
  readonly marks: Map<UserId, Mark>;
  /** Who was in the video room by which device, in the order in which it became known. */
  readonly stays: Map<UserId, Stay[]>;
  /** The gap that still counted as being there when it ended, in ms; null before, and where nobody was in the room. */
  bridgeMs: number | null;
  /** By what policy the end set marks, where it did. */
  policy: PolicyTrace | null;
  /** What policy proposed marks at the end, where one did. */
  proposed: PolicyMeasure | null;
  /** How many of `marks` say present. */
  present: number;
  /** C1: the commands that are in this log by their clients' ids, as `commandKey` has them. */
  readonly commands: Map<string, KnownCommand>;
  /** The sequence number of the last event applied. */
  headSeq: number;
}

export interface KnownCommand {
  readonly seq: number;
  readonly digest: string;
}

/** A command id is its author's own: the same id of another author is another command. */
export const commandKey = (author: UserId, id: string): string => `${author}\n${id}`;

/** S1: the first event of a log starts the session. Throws where it is another: such a log is broken. */
export function begin(id: SessionId, first: LoggedEvent): Session {
  if (first.type !== "started" || first.seq !== 1)
    throw new Error(`session ${id}: the log does not begin with started`);
  const session: Session = {
    id,
    classId: first.classId,
    teacherId: first.teacherId,
    roomId: first.roomId,
    startedAt: first.at,
    endedAt: null,
    roster: new Set(first.roster),
    marks: new Map(),
    stays: new Map(),
    bridgeMs: null,
    policy: null,
    proposed: null,
    present: 0,
    commands: new Map(),
    headSeq: 1,
  };
  remember(session, first);
  return session;
}

/**
 * Folds one event into the session, in place: a roll of 5,000 must not be copied for every mark.
 * Throws where the sequence has a gap or runs on after the end, for such a log is broken.
 */
export function apply(session: Session, event: LoggedEvent): void {
  if (event.seq !== session.headSeq + 1) {
    throw new Error(`session ${session.id}: event ${event.seq} follows ${session.headSeq}`);
  }
  if (session.endedAt !== null) throw new Error(`session ${session.id}: event ${event.seq} follows the end`);
  switch (event.type) {
    case "started":
      throw new Error(`session ${session.id}: started twice`);
    case "startedAgain":
      break;
    case "enrolled":
      session.roster.add(event.student);
      break;
    case "withdrawn":
      session.roster.delete(event.student);
      break;
    case "marked":
      setMark(session, event.student, event.status, event);
      break;
    case "markedMany":
      for (const student of event.students) setMark(session, student, event.status, event);
      break;
    case "undone":
      for (const [student, status] of event.marks) setMark(session, student, status, event);
      break;
    case "entered":
      enter(session, event);
      break;
    case "left":
      leave(session, event);
      break;
    case "ended":
      for (const [student, status] of event.statuses) {
        if (!session.marks.has(student)) setMark(session, student, status, event);
      }
      for (const [user, stays] of session.stays)
        for (const { device, to } of stays)
          if (to === null) leave(session, { user, device, when: event.at, witness: "end" });
      session.endedAt = event.at;
      session.bridgeMs = event.bridgeMs ?? null;
      session.policy = event.policy ?? null;
      session.proposed = event.proposed ?? null;
      break;
    default:
      event satisfies never;
  }
  session.headSeq = event.seq;
  remember(session, event);
}

function setMark(
  session: Session,
  student: UserId,
  status: Status | null,
  { seq, at, by }: LoggedEvent,
): void {
  const before = session.marks.get(student)?.status ?? null;
  session.present += Number(status === "present") - Number(before === "present");
  if (status === null) session.marks.delete(student);
  else session.marks.set(student, { status, before, seq, at, by });
}

type Passing = Pick<Extract<LoggedEvent, { type: "left" }>, "user" | "device" | "when" | "witness">;

function enter(session: Session, { user, device, when, witness }: Passing): void {
  const stay: Stay = { device, from: when, fromBy: witness, to: null, toBy: null };
  const stays = session.stays.get(user);
  if (stays) stays.push(stay);
  else session.stays.set(user, [stay]);
}

/** Who has left already left sooner than was thought (PR61), or as was thought. */
function leave(session: Session, { user, device, when, witness }: Passing): void {
  const stays = session.stays.get(user) ?? [];
  const index = stays.findLastIndex((stay) => stay.device === device);
  const stay = stays[index];
  if (stay && (stay.to === null || when < stay.to)) stays[index] = { ...stay, to: when, toBy: witness };
}

function remember(session: Session, { by, command, seq }: LoggedEvent): void {
  if (by !== null && command)
    session.commands.set(commandKey(by, command.id), { seq, digest: command.digest });
}

/** The same session, apart: what is applied to the one is not seen in the other. */
export const copyOf = (session: Session): Session => ({
  ...session,
  roster: new Set(session.roster),
  marks: new Map(session.marks),
  stays: new Map([...session.stays].map(([user, stays]) => [user, [...stays]])),
  commands: new Map(session.commands),
});

/** The session that a whole log tells. Throws on an empty or broken log. */
export function replay(id: SessionId, log: readonly LoggedEvent[]): Session {
  const [first, ...rest] = log;
  if (!first) throw new Error(`session ${id}: the log is empty`);
  const session = begin(id, first);
  for (const event of rest) apply(session, event);
  return session;
}
