import { contender, figureOf, interleaved, type Measure } from "../measure.ts";
import { buildSchool } from "../school.ts";
import { inCalls } from "../systems.ts";

/** A class that comes into its video room while it is marked. */
export const entering: Measure = {
  name: "entering",
  about: "200 students enter one video room within 10 s, 20 marks a second: a mark's way to the last, in ms",
  run: async (options) => {
    const { quick } = options;
    const school = await buildSchool({ classes: 1, students: quick ? 10 : 200 });
    const work = {
      kind: "entering",
      perSecond: 20,
      warmMs: quick ? 100 : 1500,
      measureMs: quick ? 500 : 10_000,
    } as const;
    const seats = { teacherSockets: 1, studentSockets: 1 };
    const rows = await interleaved(options, [contender(inCalls, school, seats, work)]);
    const value = figureOf(rows, inCalls, "times");
    return { rows, reaches: [{ what: "p95 beside that of a quiet room", unit: "×", value, limit: 2 }] };
  },
};
