import { expect, test } from "bun:test";
import fc from "fast-check";
import { SETTINGS_AT_FIRST } from "../../src/core/class-settings.ts";
import type { Class } from "../../src/core/people.ts";
import { recordsOf } from "../../src/core/records.ts";
import type { Notice } from "../../src/core/session/decide.ts";
import type { LoggedEvent } from "../../src/core/session/events.ts";
import { replay } from "../../src/core/session/state.ts";
import { AuditLog } from "../../src/log/audit.ts";
import { loadLog } from "../../src/log/load.ts";
import { Sessions } from "../../src/log/sessions.ts";
import { verify } from "../../src/log/verify.ts";
import { createMemoryStore } from "../../src/store/memory/index.ts";
import { acts, classId, decide, rolls, teacher, user } from "../core/arbitrary.ts";

const clock = { now: () => 1_700_000_000_000 };

/** Sessions over a memory store, and everything that they told. */
async function open(roster: Class["studentIds"]) {
  const store = createMemoryStore();
  const told: (LoggedEvent | Notice)[] = [];
  const cls: Class = {
    id: classId,
    name: "9b",
    teacherId: teacher,
    studentIds: [],
    archivedAt: null,
    settings: SETTINGS_AT_FIRST,
  };
  await store.classes.add(cls);
  for (const student of roster) await store.classes.addStudent(classId, student, 100);
  const sessions = new Sessions({
    store,
    clock,
    audit: new AuditLog(store.audit, clock),
    writer: "test",
    tailEvents: 1000,
    publish: (_session, { items }) => told.push(...items),
    report: () => undefined,
    troubled: (what, id, error) => {
      throw new Error(`${what} ${id}`, { cause: error });
    },
  });
  const started = await sessions.start({ ...cls, studentIds: roster }, { by: teacher, via: "plain" });
  if (!started.ok) throw new Error(started.code);
  return { store, sessions, live: started.value.live, told };
}

test("L3 after any commands, asked all at once, log, state, records and what was told agree", async () => {
  await fc.assert(
    fc.asyncProperty(rolls, acts, async (roster, all) => {
      const { store, sessions, live, told } = await open(roster);
      const asked = all.map((act) =>
        live.commit({ by: teacher, via: "plain" }, (session) => decide(session, act)),
      );
      await Promise.all(asked);
      await sessions.idle();
      const { session, log, position } = await loadLog(store.sessions, live.session.id);
      expect(live.session).toEqual(session);
      expect(live.position).toEqual(position);
      expect(told).toEqual([...log]);
      expect(replay(session.id, log)).toEqual(session);
      const records = await store.records.ofSession(session.id);
      expect(new Set(records)).toEqual(new Set(recordsOf(session, log)));
      expect((await verify(store)).faults).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test("L4 marks asked in one turn of the event loop go in one batch, and each is answered", async () => {
  const { store, live } = await open([user(1), user(2)]);
  const mark = (n: number) =>
    live.commit({ by: teacher, via: "plain" }, (session) =>
      decide(session, { verb: "mark", student: user(n), status: "present" }),
    );
  const outcomes = await Promise.all([mark(1), mark(2), mark(3)]);
  expect(outcomes.map((outcome) => outcome.ok)).toEqual([true, true, false]);
  const batches = await store.sessions.read(live.session.id, 0);
  expect(batches.map(({ number }) => number)).toEqual([1, 2]);
});
