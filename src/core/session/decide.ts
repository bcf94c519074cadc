import { type Refusal, refuse } from "../errors.ts";
import type { ClassId, RoomId, UserId } from "../ids.ts";
import type { FinalStatus, SessionEvent, Status, UndoneMark, Witness } from "./events.ts";
import type { Session } from "./state.ts";
import { type Figures, figures } from "./summary.ts";

/** Something to tell the class that the log does not hold. */
export interface Notice {
  readonly type: "summary";
  /** The dialect whose sockets are told: the one that asked. */
  readonly dialect: "plain";
  readonly figures: Figures;
}

export interface Accepted<T> {
  readonly ok: true;
  readonly events: readonly SessionEvent[];
  readonly value: T;
  readonly notice?: Notice;
}

/** What a rule says to a command: the events that follow from it and an answer, or a refusal. */
export type Decision<T> = Accepted<T> | Refusal;

const accept = <T>(value: T, ...events: SessionEvent[]): Accepted<T> => ({ ok: true, events, value });

/** S1: a session starts with the roll as the class has it at that moment. */
export function start(
  classId: ClassId,
  teacherId: UserId,
  roomId: RoomId,
  roster: readonly UserId[],
): SessionEvent {
  return { type: "started", classId, teacherId, roomId, roster: [...new Set(roster)] };
}

/** V3: whether the session runs. */
export function runs(session: Session): Decision<void> {
  return session.endedAt === null ? accept(undefined) : refuse("no-active-session");
}

/** C3: a start that found the session running. */
export function startedAgain(session: Session): Decision<void> {
  if (session.endedAt !== null) return refuse("no-active-session");
  return accept(undefined, { type: "startedAgain" });
}

/** M1–M3: a mark is for a student on the roll of a running session and replaces the one before; the log keeps both. */
export function mark(session: Session, student: UserId, status: Status): Decision<Status> {
  if (session.endedAt !== null) return refuse("no-active-session");
  if (!session.roster.has(student)) return refuse("student-not-enrolled");
  return accept(status, { type: "marked", student, status });
}

/** Whom a bulk mark is for: everyone on the roll, those without a mark, or those named. */
export type Whom = "all" | "rest" | readonly UserId[];

/** M4: many marks are one event; for all or the rest it may be nobody, for a list each must be on the roll. */
export function markMany(session: Session, whom: Whom, status: Status): Decision<readonly UserId[]> {
  if (session.endedAt !== null) return refuse("no-active-session");
  const students = chosen(session, whom);
  if (!students.every((student) => session.roster.has(student))) return refuse("student-not-enrolled");
  return accept(students, { type: "markedMany", students, status });
}

function chosen(session: Session, whom: Whom): readonly UserId[] {
  if (whom === "all") return [...session.roster];
  if (whom === "rest") return [...session.roster].filter((student) => !session.marks.has(student));
  return [...new Set(whom)];
}

/** M5: undo takes back the marks that event `of` made and that still stand; marks made since are left alone. */
export function undo(session: Session, of: number): Decision<void> {
  if (session.endedAt !== null) return refuse("no-active-session");
  const marks = [...session.marks].flatMap(([student, mark]): UndoneMark[] =>
    mark.seq === of ? [[student, mark.before]] : [],
  );
  return marks.length === 0 ? refuse("nothing-to-undo") : accept(undefined, { type: "undone", of, marks });
}

/** R1: enrolling during a session puts the student on its roll; twice changes nothing. */
export function enrol(session: Session, student: UserId): Decision<void> {
  if (session.endedAt !== null || session.roster.has(student)) return accept(undefined);
  return accept(undefined, { type: "enrolled", student });
}

/** R2: withdrawing takes the student off the roll; marks already made stay. */
export function withdraw(session: Session, student: UserId): Decision<void> {
  if (session.endedAt !== null || !session.roster.has(student)) return accept(undefined);
  return accept(undefined, { type: "withdrawn", student });
}

/** Somebody's device at the door of the video room: when, in milliseconds since the epoch, and by what it is known. */
export interface Passage {
  readonly user: UserId;
  readonly device: string;
  readonly when: number;
  readonly witness: Witness;
}

const isInside = (session: Session, { user, device }: Passage): boolean =>
  (session.stays.get(user) ?? []).some((stay) => stay.device === device && stay.to === null);

/** PR6: a device that is in the room already enters no second time; nobody enters the room of an ended session. */
export function enter(session: Session, passage: Passage): Decision<void> {
  if (session.endedAt !== null) return refuse("no-active-session");
  return isInside(session, passage) ? accept(undefined) : accept(undefined, { type: "entered", ...passage });
}

/** PR6: a device that is not in the room leaves no second time; the end has seen everyone out. */
export function leave(session: Session, passage: Passage): Decision<void> {
  if (session.endedAt !== null || !isInside(session, passage)) return accept(undefined);
  return accept(undefined, { type: "left", ...passage });
}

/** R3: the class's roll is the truth; whatever the session's roll differs by is put in its log. */
export function reconcile(session: Session, roll: readonly UserId[]): SessionEvent[] {
  if (session.endedAt !== null) return [];
  const onRoll = new Set(roll);
  const enrolled = [...onRoll].filter((student) => !session.roster.has(student));
  const withdrawn = [...session.roster].filter((student) => !onRoll.has(student));
  return [
    ...enrolled.map((student): SessionEvent => ({ type: "enrolled", student })),
    ...withdrawn.map((student): SessionEvent => ({ type: "withdrawn", student })),
  ];
}

/** E1–E4: the end gives every student a final status, the unmarked absent. There is one end. */
export function end(session: Session, roll: readonly UserId[]): Decision<Figures> {
  if (session.endedAt !== null) return refuse("no-active-session");
  const changes = reconcile(session, roll);
  const statuses = finalStatuses(session, new Set(roll));
  const present = statuses.filter(([, status]) => status === "present").length;
  const absent = statuses.length - present;
  const value = { present, absent, total: statuses.length };
  return { ok: true, events: [...changes, { type: "ended", statuses, present, absent }], value };
}

/** E2: everyone on the roll, and whoever was marked before leaving it. */
function finalStatuses(session: Session, roll: ReadonlySet<UserId>): FinalStatus[] {
  const everyone = new Set([...roll, ...session.marks.keys()]);
  return [...everyone].map((student) => [student, session.marks.get(student)?.status ?? "absent"]);
}

/** HI1: those marked so far, and how many are on the roll. */
export function soFar(session: Session): Decision<Figures> {
  return accept({ ...figures(session), total: session.roster.size });
}

/** Q1: the summary counts those marked so far and is told to the class in the dialect that asked. */
export function summarise(session: Session): Decision<Figures> {
  if (session.endedAt !== null) return refuse("no-active-session");
  const value = figures(session);
  return { ok: true, events: [], value, notice: { type: "summary", dialect: "plain", figures: value } };
}

/** SI4: those whose mark says present, in the order of their first marks. */
export function presentStudents(session: Session): Decision<readonly UserId[]> {
  if (session.endedAt !== null) return refuse("no-active-session");
  return accept([...session.marks].flatMap(([student, { status }]) => (status === "present" ? student : [])));
}

/** Q2: a student's own status, null while unmarked. */
export function statusOf(session: Session, student: UserId): Decision<Status | null> {
  if (session.endedAt !== null) return refuse("no-active-session");
  return accept(session.marks.get(student)?.status ?? null);
}
