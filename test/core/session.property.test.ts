import { expect, test } from "bun:test";
import fc from "fast-check";
import { recordsOf } from "../../src/core/records.ts";
import type { LoggedEvent } from "../../src/core/session/events.ts";
import { replay, type Session } from "../../src/core/session/state.ts";
import { figures } from "../../src/core/session/summary.ts";
import { type Act, acts, begun, carryOut, decide, rolls, sessionId } from "./arbitrary.ts";

function carryOutAll(
  roster: Parameters<typeof begun>[0],
  all: readonly Act[],
): { session: Session; log: LoggedEvent[] } {
  const { session, log } = begun(roster);
  for (const act of all) carryOut(session, log, decide(session, act));
  return { session, log };
}

const sessions = fc.tuple(rolls, acts).map(([roster, all]) => carryOutAll(roster, all));

test("L1 replaying any log gives the state that wrote it", () => {
  fc.assert(fc.property(sessions, ({ session, log }) => expect(replay(sessionId, log)).toEqual(session)));
});

test("L2 sequence numbers count from 1 without gaps", () => {
  fc.assert(
    fc.property(sessions, ({ session, log }) => {
      expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
      expect(session.headSeq).toBe(log.length);
    }),
  );
});

test("Q1 the figures are those of a count over the marks", () => {
  fc.assert(
    fc.property(sessions, ({ session }) => {
      const statuses = [...session.marks.values()].map((mark) => mark.status);
      const present = statuses.filter((status) => status === "present").length;
      expect(figures(session)).toEqual({
        present,
        absent: statuses.length - present,
        total: statuses.length,
      });
    }),
  );
});

test("E3 an ended session's records, figures, roll and marks agree; a running one has no records", () => {
  fc.assert(
    fc.property(sessions, ({ session, log }) => {
      const records = recordsOf(session, log);
      if (session.endedAt === null) return expect(records).toEqual([]);
      const present = records.filter((record) => record.status === "present").length;
      expect({ present, absent: records.length - present, total: records.length }).toEqual(figures(session));
      const people = records.map((record) => record.studentId);
      expect(new Set(people)).toEqual(new Set([...session.roster, ...session.marks.keys()]));
      for (const { studentId, status } of records)
        expect(status).toBe(session.marks.get(studentId)?.status ?? "absent");
    }),
  );
});

test("HI6 a record says since when and by whom: the mark that counts, or the server at the end", () => {
  fc.assert(
    fc.property(sessions, ({ session, log }) => {
      for (const { studentId, since, by } of recordsOf(session, log)) {
        const mark = session.marks.get(studentId);
        const event = log.find(({ seq }) => seq === mark?.seq);
        expect(since).toBe(event?.at ?? Number.NaN);
        const atEnd = event?.type === "ended" || event?.by === null;
        expect(by).toBe(atEnd ? "system" : event?.by === studentId ? "self" : "teacher");
      }
    }),
  );
});

test("E4 nothing follows an end", () => {
  fc.assert(
    fc.property(sessions, acts, ({ session, log }, later) => {
      if (session.endedAt === null) return;
      const before = log.length;
      for (const act of later) carryOut(session, log, decide(session, act));
      expect(log).toHaveLength(before);
    }),
  );
});
