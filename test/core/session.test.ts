import { expect, test } from "bun:test";
import {
  end,
  enrol,
  mark,
  markMany,
  reconcile,
  start,
  statusOf,
  summarise,
  undo,
  withdraw,
} from "../../src/core/session/decide.ts";
import { apply, begin, replay } from "../../src/core/session/state.ts";
import { begun, carryOut, classId, roomId, sessionId, teacher, user } from "./arbitrary.ts";

const [asha, ben, chi] = [user(1), user(2), user(3)];

test("S1 a session starts with the roll as given, each student once", () => {
  expect(start(classId, teacher, roomId, [asha, ben, asha])).toMatchObject({ roster: [asha, ben] });
  expect([...begun([asha, ben]).session.roster]).toEqual([asha, ben]);
});

test("S3 a log that does not begin with started, has a gap or runs on after its end is refused", () => {
  const { session, log } = begun([asha]);
  const marked = {
    seq: 3,
    at: 1,
    by: teacher,
    via: "plain",
    type: "marked",
    student: asha,
    status: "present",
  } as const;
  expect(() => apply(session, marked)).toThrow("event 3 follows 1");
  expect(() => begin(sessionId, marked)).toThrow("does not begin with started");
  expect(() => replay(sessionId, [])).toThrow("empty");
  carryOut(session, log, end(session, [asha]));
  expect(() => apply(session, marked)).toThrow("follows the end");
});

test("M1 a mark needs a running session", () => {
  const { session, log } = begun([asha]);
  carryOut(session, log, end(session, [asha]));
  expect(mark(session, asha, "present")).toEqual({ ok: false, code: "no-active-session" });
});

test("M2 a mark needs a student on the roll", () => {
  expect(mark(begun([asha]).session, ben, "present")).toEqual({ ok: false, code: "student-not-enrolled" });
});

test("M3 the last mark counts and the log keeps both", () => {
  const { session, log } = begun([asha]);
  carryOut(session, log, mark(session, asha, "present"));
  carryOut(session, log, mark(session, asha, "absent"));
  expect(session.marks.get(asha)?.status).toBe("absent");
  expect(log.flatMap((event) => (event.type === "marked" ? event.status : []))).toEqual([
    "present",
    "absent",
  ]);
});

test("R1 enrolling puts a student on the roll once", () => {
  const { session, log } = begun([asha]);
  carryOut(session, log, enrol(session, ben));
  carryOut(session, log, enrol(session, ben));
  expect([...session.roster]).toEqual([asha, ben]);
  expect(log).toHaveLength(2);
});

test("R2 withdrawing takes a student off the roll, and a mark made before stays", () => {
  const { session, log } = begun([asha, ben]);
  carryOut(session, log, mark(session, ben, "present"));
  carryOut(session, log, withdraw(session, ben));
  carryOut(session, log, withdraw(session, ben));
  expect([...session.roster]).toEqual([asha]);
  expect(session.marks.get(ben)?.status).toBe("present");
  expect(log).toHaveLength(3);
});

test("R3 the session's roll is brought to the class's by events", () => {
  const { session, log } = begun([asha, ben]);
  const events = reconcile(session, [ben, chi]);
  expect(events).toEqual([
    { type: "enrolled", student: chi },
    { type: "withdrawn", student: asha },
  ]);
  carryOut(session, log, { ok: true, events, value: undefined });
  expect(reconcile(session, [ben, chi])).toEqual([]);
});

test("E1 the end makes the unmarked absent", () => {
  const { session } = begun([asha, ben, chi]);
  carryOut(session, [], mark(session, ben, "present"));
  const decision = end(session, [asha, ben, chi]);
  expect(decision).toMatchObject({ ok: true, value: { present: 1, absent: 2, total: 3 } });
});

test("E2 a withdrawn student has a final status only if marked before", () => {
  const { session, log } = begun([asha, ben, chi]);
  carryOut(session, log, mark(session, asha, "present"));
  carryOut(session, log, end(session, [chi]));
  expect(log.at(-1)).toMatchObject({
    type: "ended",
    statuses: [
      [chi, "absent"],
      [asha, "present"],
    ],
    present: 1,
    absent: 1,
  });
});

test("E4 there is one end", () => {
  const { session, log } = begun([asha, ben]);
  carryOut(session, log, end(session, [asha, ben]));
  expect(end(session, [asha, ben, chi])).toEqual({ ok: false, code: "no-active-session" });
});

test("Q1 the summary counts those marked so far", () => {
  const { session } = begun([asha, ben, chi]);
  carryOut(session, [], mark(session, asha, "present"));
  carryOut(session, [], mark(session, ben, "absent"));
  expect(summarise(session)).toMatchObject({ ok: true, value: { present: 1, absent: 1, total: 2 } });
});

test("Q2 a student's status is null until marked", () => {
  const { session } = begun([asha]);
  expect(statusOf(session, asha)).toMatchObject({ ok: true, value: null });
  carryOut(session, [], mark(session, asha, "absent"));
  expect(statusOf(session, asha)).toMatchObject({ ok: true, value: "absent" });
});

test("M4 a bulk mark is one event, for all, the rest, or a list of students on the roll", () => {
  const { session, log } = begun([asha, ben]);
  carryOut(session, log, mark(session, asha, "absent"));
  carryOut(session, log, markMany(session, "rest", "present"));
  expect(log.at(-1)).toMatchObject({ type: "markedMany", students: [ben], status: "present" });
  carryOut(session, log, markMany(session, "all", "present"));
  expect(log.at(-1)).toMatchObject({ students: [asha, ben] });
  carryOut(session, log, markMany(session, [ben, ben], "absent"));
  expect(log.at(-1)).toMatchObject({ students: [ben] });
  expect(markMany(session, [asha, chi], "absent")).toEqual({ ok: false, code: "student-not-enrolled" });
  expect(markMany(session, "rest", "absent")).toMatchObject({ ok: true, value: [] });
  expect(log).toHaveLength(5);
});

test("M5 an undo gives back the status before, unmarked too, and leaves marks made since alone", () => {
  const { session, log } = begun([asha, ben, chi]);
  carryOut(session, log, mark(session, asha, "absent"));
  carryOut(session, log, markMany(session, "all", "present"));
  carryOut(session, log, mark(session, chi, "absent"));
  carryOut(session, log, undo(session, 3));
  expect(log.at(-1)).toMatchObject({
    type: "undone",
    of: 3,
    marks: [
      [asha, "absent"],
      [ben, null],
    ],
  });
  expect([asha, ben, chi].map((who) => session.marks.get(who)?.status)).toEqual([
    "absent",
    undefined,
    "absent",
  ]);
  expect(undo(session, 3)).toEqual({ ok: false, code: "nothing-to-undo" });
  expect(undo(session, 2)).toEqual({ ok: false, code: "nothing-to-undo" });
});
