import { type Refusal, refuse } from "../errors.ts";
import type { ClassId, RoomId, UserId } from "../ids.ts";
import { judge, neededOf, type PresenceRule, policyOf } from "../presence/policy.ts";
import { timeInRoom } from "../presence/time-in-room.ts";
import type {
  FinalStatus,
  PolicyMeasure,
  PolicyTrace,
  SessionEvent,
  Status,
  UndoneMark,
  Witness,
} from "./events.ts";
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

/** Through the door, in or out. */
export type Passing = Passage & { readonly type: "entered" | "left" };

/** Whether the device is in the room. */
const isInside = (session: Session, { user, device }: Passage): boolean =>
  (session.stays.get(user) ?? []).some((stay) => stay.device === device && stay.to === null);

/** PR61: whether somebody whom a carrier saw out left it sooner, when their network was cut. */
function leftSooner(session: Session, { type, user, device, when, witness }: Passing): boolean {
  if (type !== "left" || witness !== "last-sign-of-life") return false;
  const last = session.stays.get(user)?.findLast((stay) => stay.device === device);
  return last !== undefined && last.fromBy !== "socket" && last.to !== null && when < last.to;
}

/**
 * PR6, PR7: those who passed, in their order. A device that is in the room already enters no second time, and one that
 * is not leaves no second time, unless it left sooner. Of one person so many stays are kept and no more. The end has seen everyone out.
 */
export function pass(session: Session, passings: readonly Passing[], staysMax: number): Decision<void> {
  if (session.endedAt !== null) return refuse("no-active-session");
  const inside = new Map<string, boolean>();
  const entries = new Map<UserId, number>();
  const events = passings.filter((passing) => {
    const { user, device, type } = passing;
    const key = `${user}\n${device}`;
    const enters = type === "entered";
    const isThere = inside.get(key) ?? isInside(session, passing);
    if (isThere === enters && !leftSooner(session, passing)) return false;
    const stays = entries.get(user) ?? session.stays.get(user)?.length ?? 0;
    if (enters && stays >= staysMax) return false;
    if (enters) entries.set(user, stays + 1);
    inside.set(key, enters);
    return true;
  });
  return accept(undefined, ...events);
}

/** PR6: one device comes in. */
export const enter = (session: Session, passage: Passage): Decision<void> =>
  pass(session, [{ type: "entered", ...passage }], Number.POSITIVE_INFINITY);

/** PR6: one device leaves; where the session has ended, it has left already. */
export const leave = (session: Session, passage: Passage): Decision<void> =>
  session.endedAt === null
    ? pass(session, [{ type: "left", ...passage }], Number.POSITIVE_INFINITY)
    : accept(undefined);

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

/** What the end makes of time in the room. */
export interface EndOfRoom {
  /** The moment of the end, in milliseconds since the epoch. */
  readonly at: number;
  readonly bridgeMs: number;
  /** The class's, where it has one. */
  readonly rule: PresenceRule | null;
}

/**
 * E1–E4: the end gives every student a final status, the unmarked absent. There is one end. PR9: where the class lets
 * its policy set marks, the unmarked are what that says. PR19: where it proposes them, what it asked for is kept.
 */
export function end(session: Session, roll: readonly UserId[], room?: EndOfRoom): Decision<Figures> {
  if (session.endedAt !== null) return refuse("no-active-session");
  const changes = reconcile(session, roll);
  const measure = room?.rule ? measureOf(session, room, room.rule) : null;
  const policy = measure && room?.rule?.apply === "set" ? judged(session, roll, room, measure) : null;
  const statuses = finalStatuses(session, new Set(roll), policy);
  const present = statuses.filter(([, status]) => status === "present").length;
  const absent = statuses.length - present;
  const value = { present, absent, total: statuses.length };
  const ended = { type: "ended", statuses, present, absent, ...(policy && { policy }) } as const;
  if (!room || session.stays.size === 0) return { ok: true, events: [...changes, ended], value };
  const proposed = measure && !policy ? { proposed: measure } : {};
  return { ok: true, events: [...changes, { ...ended, bridgeMs: room.bridgeMs, ...proposed }], value };
}

/** PR5: what the class's rule asks for in the session as long as it was. */
function measureOf(session: Session, { at, bridgeMs }: EndOfRoom, rule: PresenceRule): PolicyMeasure {
  const sessionMs = Math.max(0, at - session.startedAt);
  return { policy: policyOf(rule), sessionMs, neededMs: neededOf(rule, sessionMs, bridgeMs) };
}

/** E2: everyone on the roll, and whoever was marked before leaving it. Marks by hand always win. */
function finalStatuses(
  session: Session,
  roll: ReadonlySet<UserId>,
  policy: PolicyTrace | null,
): FinalStatus[] {
  const everyone = new Set([...roll, ...session.marks.keys()]);
  const present = new Set(
    policy?.inRoom.flatMap(([student, ms]) => (judge(ms, policy.neededMs) === "present" ? student : [])),
  );
  const unmarked = (student: UserId): Status => (present.has(student) ? "present" : "absent");
  return [...everyone].map((student) => [student, session.marks.get(student)?.status ?? unmarked(student)]);
}

/** PR9: how long those were there who have no mark. */
function judged(
  session: Session,
  roll: readonly UserId[],
  { at, bridgeMs }: EndOfRoom,
  measure: PolicyMeasure,
): PolicyTrace {
  const inRoom = [...new Set(roll)].flatMap((student): PolicyTrace["inRoom"] => {
    const ms = session.marks.has(student) ? 0 : timeInRoom(session, student, at, bridgeMs).inRoomMs;
    return ms > 0 ? [[student, ms]] : [];
  });
  return { ...measure, inRoom };
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
