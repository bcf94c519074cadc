import type { SessionId, UserId } from "../../src/core/ids.ts";
import type { LoggedEvent } from "../../src/core/session/events.ts";
import type { Figures } from "../../src/core/session/summary.ts";
import type { StormFigures } from "./figures.ts";
import { type Lane, type Mark, sameMark } from "./lane.ts";
import type { Pupil, StormClass } from "./storm-school.ts";

export type Report = (kind: "lost" | "duplicated" | "unsent" | "gaps" | null, what: string) => void;

/** What was asked for one class and what was promised, against which its log is held after a kill. */
export class Ledger {
  /** The session that runs as far as is known; null where none does. */
  session: SessionId | null = null;
  /** The marks that the session's log was seen to hold after an earlier kill. */
  #known: readonly Mark[] = [];
  lanes: Lane[] = [];
  /** A start was asked for and not answered. */
  startAsked = false;
  endAsked = false;
  /** What an answer over HTTP said of the end. */
  endAnswered: Figures | null = null;
  readonly #enrolAsked = new Set<UserId>();
  readonly #enrolAnswered = new Set<UserId>();
  readonly #spare: Pupil[];
  /** The statuses of the running session, or else the final ones of the last; who is not in it has none. */
  statuses: ReadonlyMap<UserId, string> = new Map();
  /** On the roll when the class was last looked at. */
  roll: readonly Pupil[];

  constructor(readonly cls: StormClass) {
    this.roll = cls.students;
    this.#spare = [...cls.spare];
  }

  /** What the sockets and answers said of this session's end. */
  ends(): Figures[] {
    const seen = this.lanes.flatMap((lane) => lane.ends);
    return this.endAnswered ? [this.endAnswered, ...seen] : seen;
  }

  /** The next student to enrol, noted as asked for. */
  nextToEnrol(): Pupil | undefined {
    const next = this.#spare.pop();
    if (next) this.#enrolAsked.add(next.id);
    return next;
  }

  enrolled(student: UserId): void {
    this.#enrolAnswered.add(student);
  }

  /** Holds the marks of the log against what was sent and promised in the last life. */
  checkMarks(log: readonly LoggedEvent[], figures: StormFigures, report: Report): void {
    const marks = log.filter((event) => event.type === "marked");
    const missing = this.#known.filter((mark, at) => !sameMark(marks[at], mark)).length;
    if (missing > 0) report("lost", `${missing} marks of earlier rounds are gone or changed`);
    const found = this.#match(marks.slice(this.#known.length), report);
    for (const lane of this.lanes) {
      figures.sent += lane.sent.length;
      figures.acknowledged += lane.acknowledged;
      for (let lost = found.get(lane) ?? 0; lost < lane.acknowledged; lost++)
        report("lost", `mark ${lost + 1} of ${lane.acknowledged} acknowledged is gone`);
      for (const fault of lane.faults) report(null, fault);
    }
    this.#known = marks.map(({ student, status }) => ({ student, status }));
    for (const event of log) this.#checkAuthor(event, report);
  }

  /** How many of each lane's marks the new part of the log holds, each lane's in the order of its sending. */
  #match(marks: readonly Mark[], report: Report): Map<Lane, number> {
    const found = new Map<Lane, number>();
    for (const mark of marks) {
      const lane = this.lanes.find((one) => one.owns(mark.student));
      const at = lane ? (found.get(lane) ?? 0) : 0;
      if (lane && sameMark(lane.sent[at], mark)) found.set(lane, at + 1);
      else if (lane?.sent.slice(0, at).some((earlier) => sameMark(earlier, mark)))
        report("duplicated", `${mark.student} ${mark.status} is there again`);
      else report("unsent", `nobody sent ${mark.student} ${mark.status} here`);
    }
    return found;
  }

  #checkAuthor(event: LoggedEvent, report: Report): void {
    const byTeacher = event.by === this.cls.teacher.id;
    const bySystem = event.by === null && event.via === "system";
    const asked = {
      started: byTeacher && event.via === "http",
      marked: byTeacher && (event.via === "plain" || event.via === "socket-io"),
      ended: byTeacher && this.endAsked,
      enrolled: (byTeacher || bySystem) && event.type === "enrolled" && this.#enrolAsked.has(event.student),
      startedAgain: false,
      markedMany: false,
      undone: false,
      withdrawn: false,
      entered: false,
      left: false,
    }[event.type];
    if (!asked) report("unsent", `nobody asked for ${JSON.stringify(event).slice(0, 200)}`);
  }

  /** The class's roll has everyone who was promised a place, nobody unasked, and is the session's. */
  checkRoll(roll: readonly UserId[], ofSession: ReadonlySet<UserId> | null, report: Report): void {
    const there = new Set(roll);
    const before = this.roll.map(({ id }) => id);
    const promised = [...before, ...this.#enrolAnswered];
    for (const id of promised) if (!there.has(id)) report("lost", `the enrolment of ${id} is gone`);
    for (const id of roll)
      if (!before.includes(id) && !this.#enrolAsked.has(id)) report("unsent", `nobody enrolled ${id}`);
    const differs = ofSession && (ofSession.size !== there.size || roll.some((id) => !ofSession.has(id)));
    if (differs) report(null, `the session's roll of ${ofSession.size} is not the class's of ${there.size}`);
    this.roll = [...this.cls.students, ...this.cls.spare].filter(({ id }) => there.has(id));
  }

  /** What was promised in the last life is settled; `session` runs on, and `statuses` is what students must be told. */
  settle(session: SessionId | null, statuses: ReadonlyMap<UserId, string>): void {
    if (session === null) this.#known = [];
    this.session = session;
    this.statuses = statuses;
    this.lanes = [];
    this.startAsked = false;
    this.endAsked = false;
    this.endAnswered = null;
  }
}
