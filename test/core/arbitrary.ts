import fc from "fast-check";
import {
  type ClassId,
  isClassId,
  isRoomId,
  isSessionId,
  isUserId,
  type RoomId,
  type SessionId,
  type UserId,
} from "../../src/core/ids.ts";
import type { Decision } from "../../src/core/session/decide.ts";
import {
  end,
  enrol,
  enter,
  leave,
  mark,
  markMany,
  start,
  undo,
  type Whom,
  withdraw,
} from "../../src/core/session/decide.ts";
import type { LoggedEvent, Status } from "../../src/core/session/events.ts";
import { apply, begin, type Session } from "../../src/core/session/state.ts";

function given<T extends string>(guard: (text: string) => text is T, text: string): T {
  if (!guard(text)) throw new Error(`not an id: ${text}`);
  return text;
}

export const user = (n: number): UserId => given(isUserId, `user-${n}`);
export const teacher: UserId = given(isUserId, "teacher");
export const sessionId: SessionId = given(isSessionId, "5".repeat(24));
export const classId: ClassId = given(isClassId, "c".repeat(24));
export const roomId: RoomId = given(isRoomId, "0".repeat(24));

/** What a teacher may do to a session, as data. */
export type Act =
  | { readonly verb: "mark"; readonly student: UserId; readonly status: Status }
  | { readonly verb: "enrol" | "withdraw"; readonly student: UserId }
  | { readonly verb: "markMany"; readonly whom: Whom; readonly status: Status }
  | { readonly verb: "undo"; readonly of: number }
  | {
      readonly verb: "enter" | "leave";
      readonly user: UserId;
      readonly device: string;
      readonly when: number;
    }
  | { readonly verb: "end"; readonly roll: readonly UserId[] };

const student = fc.integer({ min: 0, max: 7 }).map(user);
const status = fc.constantFrom<Status>("present", "absent");
const roll = fc.uniqueArray(student, { maxLength: 8 });

export const rolls = roll;
export const acts = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ verb: fc.constant("mark" as const), student, status }) },
    {
      weight: 3,
      arbitrary: fc.record({ verb: fc.constantFrom("enrol" as const, "withdraw" as const), student }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        verb: fc.constant("markMany" as const),
        whom: fc.oneof(fc.constantFrom("all" as const, "rest" as const), roll),
        status,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ verb: fc.constant("undo" as const), of: fc.integer({ min: 1, max: 40 }) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        verb: fc.constantFrom("enter" as const, "leave" as const),
        user: student,
        device: fc.constantFrom("phone", "laptop"),
        when: fc.integer({ min: 0, max: 10_000 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ verb: fc.constant("end" as const), roll }) },
  ),
  { maxLength: 60 },
);

const passage = ({ user, device, when }: Extract<Act, { device: string }>) => ({
  user,
  device,
  when,
  witness: "socket" as const,
});

export function decide(session: Session, act: Act): Decision<unknown> {
  switch (act.verb) {
    case "mark":
      return mark(session, act.student, act.status);
    case "enrol":
      return enrol(session, act.student);
    case "withdraw":
      return withdraw(session, act.student);
    case "markMany":
      return markMany(session, act.whom, act.status);
    case "undo":
      return undo(session, act.of);
    case "enter":
      return enter(session, passage(act));
    case "leave":
      return leave(session, passage(act));
    case "end":
      return end(session, act.roll);
  }
}

/** A session's log begun with a roll, and the session itself. */
export function begun(roster: readonly UserId[]): { session: Session; log: LoggedEvent[] } {
  const first: LoggedEvent = {
    seq: 1,
    at: 1000,
    by: teacher,
    via: "plain",
    ...start(classId, teacher, roomId, roster),
  };
  return { session: begin(sessionId, first), log: [first] };
}

/** Does what the decision says: its events are applied and join the log. */
export function carryOut(session: Session, log: LoggedEvent[], decision: Decision<unknown>): void {
  if (!decision.ok) return;
  for (const event of decision.events) {
    const logged: LoggedEvent = {
      seq: session.headSeq + 1,
      at: 1000 + log.length,
      by: teacher,
      via: "plain",
      ...event,
    };
    apply(session, logged);
    log.push(logged);
  }
}
