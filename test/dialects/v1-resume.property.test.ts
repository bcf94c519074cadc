import { expect, test } from "bun:test";
import fc from "fast-check";
import { loadLog } from "../../src/log/load.ts";
import { createMemoryStore } from "../../src/store/memory/index.ts";
import { type Act, acts, classId, rolls, teacher, user } from "../core/arbitrary.ts";
import { addClass } from "../faults/node.ts";
import { House, quiet, turn } from "./house.ts";
import { type Cut, Observer, truth } from "./observer.ts";

const cuts = fc.array(fc.record({ frames: fc.nat(6), pause: fc.nat(12) }), { maxLength: 12 });
const turns = fc.nat(4);
const steps = acts.chain((all) => fc.tuple(...all.map((act) => fc.record({ act: fc.constant(act), turns }))));
const schools = fc.record({
  roll: rolls,
  steps,
  resumeEvents: fc.constantFrom(1, 3, 1000),
  cuts: fc.record({ desk: cuts, seat: cuts }),
});

const seat = user(0);

/** A class whose teacher does things, and what its observers make of it. */
async function lesson(
  roll: readonly ReturnType<typeof user>[],
  resumeEvents: number,
  cut: { desk: Cut[]; seat: Cut[] },
) {
  const store = createMemoryStore();
  await addClass(store, [...new Set([...roll, seat])]);
  const house = await new House(store, { resumeEvents }).start();
  const hand = house.connect({ frame: () => undefined, closed: () => undefined });
  hand.send({ type: "hello", token: teacher });
  hand.send({ type: "start", id: "start", class: classId });
  const observers = [
    new Observer(house, teacher, cut.desk),
    new Observer(house, teacher, []),
    new Observer(house, seat, cut.seat),
    new Observer(house, seat, []),
  ];
  return { store, house, hand, observers };
}

type Lesson = Awaited<ReturnType<typeof lesson>>;

let ids = 0;

/** Does it by the teacher's frames, or as the routes do. An end is followed by the next start. */
function perform({ house, hand }: Lesson, act: Act): void {
  const id = `command ${ids++}`;
  const session = house.context.sessions.memory.ofClass(classId)?.session.id;
  switch (act.verb) {
    case "mark":
      hand.send({ type: "mark", id, session, student: act.student, status: act.status });
      break;
    case "markMany":
      hand.send({ type: "markMany", id, session, whom: act.whom, status: act.status });
      break;
    case "undo":
      hand.send({ type: "undo", id, session, seq: act.of });
      break;
    case "enrol":
    case "withdraw":
      void house.place(act.student, act.verb === "enrol");
      break;
    case "enter":
    case "leave":
      house.pass(act);
      break;
    case "end":
      hand.send({ type: "end", id, session });
      hand.send({ type: "start", id: `${id} start`, class: classId });
      break;
  }
}

test("C5 and C6 any cuts at any frames equal no interruption, for teachers and students, by events or snapshots", async () => {
  await fc.assert(
    fc.asyncProperty(schools, async ({ roll, steps, resumeEvents, cuts }) => {
      const its = await lesson(roll, resumeEvents, cuts);
      const { store, house, observers } = its;
      for (const step of steps) {
        perform(its, step.act);
        for (let left = step.turns; left > 0; left--) await turn();
      }
      await quiet();
      for (const observer of observers) observer.stay();
      await quiet();
      const running = await store.sessions.runningOf(classId);
      if (!running) throw new Error("no session runs");
      const members = new Set([teacher, ...((await store.classes.byId(classId))?.studentIds ?? [])]);
      for (const { who, sessions, faults } of observers) {
        expect(faults).toEqual([]);
        expect(sessions.all.has(running.id)).toBe(members.has(who));
        for (const [id, state] of sessions.all) {
          const head = (await store.sessions.page(null, 1000)).find((one) => one.id === id);
          if (!head) throw new Error(`nobody started ${id}`);
          expect(state).toEqual(truth((await loadLog(store.sessions, head.id)).session, who));
        }
      }
      expect(house.troubles).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
