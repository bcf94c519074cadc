import { contender, figureOf, interleaved, type Measure } from "../measure.ts";
import { buildSchool } from "../school.ts";
import { bare, plain, RIVALS, v1 } from "../systems.ts";

/** A whole class is marked at once. */
export const storm: Measure = {
  name: "storm",
  about: "1,000 marks of 1,000 connected students at once over 10 of their teacher's sockets, in ms",
  run: async (options) => {
    const school = await buildSchool({ classes: 1, students: options.quick ? 30 : 1000 });
    const seats = { teacherSockets: 10, studentSockets: 1 };
    const rows = await interleaved(
      options,
      [bare, plain, v1, ...RIVALS].map((system) => contender(system, school, seats, { kind: "storm" })),
    );
    const reach = (system: typeof plain, figure: string, what: string, limit: number) => ({
      what: `${system.dialect}: ${what}`,
      unit: "ms",
      value: figureOf(rows, system, figure),
      limit,
    });
    return {
      rows,
      reaches: [plain, v1].flatMap((system) => [
        reach(system, "acknowledgedMs", "all acknowledged durable", 250),
        reach(system, "completeMs", "every screen complete", 1000),
      ]),
    };
  },
};
