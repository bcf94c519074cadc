import { contender, figureOf, interleaved, type Measure } from "../measure.ts";
import { buildSchool } from "../school.ts";
import { bare, plain, RIVALS, v1 } from "../systems.ts";

/** 300 students and 20 marks a second: how long until a mark is on all screens. */
export const latency: Measure = {
  name: "latency",
  about: "300 students, 20 marks a second: from a mark's sending until the last student has it, in ms",
  run: async (options) => {
    const { quick } = options;
    const school = await buildSchool({ classes: 1, students: quick ? 10 : 300 });
    const work = {
      kind: "latency",
      perSecond: 20,
      warmMs: quick ? 100 : 1500,
      measureMs: quick ? 300 : 7000,
    } as const;
    const seats = { teacherSockets: 1, studentSockets: 1 };
    const rows = await interleaved(
      options,
      [bare, plain, v1, ...RIVALS].map((system) => contender(system, school, seats, work)),
    );
    const over = (system: typeof plain) => figureOf(rows, system, "p95") - figureOf(rows, bare, "p95");
    return {
      rows,
      reaches: [
        { what: "plain: p95 over that of bare publish", unit: "ms", value: over(plain), limit: 4 },
        { what: "v1: p95 over that of bare publish", unit: "ms", value: over(v1), limit: 2 },
      ],
    };
  },
};
