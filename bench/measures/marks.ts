import { contender, figureOf, interleaved, type Measure } from "../measure.ts";
import { buildSchool } from "../school.ts";
import { bare, plain, RIVALS, v1 } from "../systems.ts";

/** 50 teachers mark as fast as they can. */
export const marks: Measure = {
  name: "marks",
  about: "50 teachers' sockets, a class each, 64 marks of each on their way at any time: marks a second",
  run: async (options) => {
    const { quick } = options;
    const school = await buildSchool({ classes: quick ? 5 : 50, students: 30 });
    const work = {
      kind: "marks",
      pipelined: 64,
      warmMs: quick ? 100 : 1500,
      measureMs: quick ? 200 : 2500,
    } as const;
    const seats = { teacherSockets: 1, studentSockets: 0 };
    const rows = await interleaved(
      options,
      [bare, plain, v1, ...RIVALS].map((system) => contender(system, school, seats, work)),
    );
    const value = figureOf(rows, plain, "marksPerSecond");
    return {
      rows,
      reaches: [{ what: "durable marks, plain", unit: "/s", value, limit: 25_000, atLeast: true }],
    };
  },
};
