import { contender, figureOf, interleaved, type Measure } from "../measure.ts";
import { buildSchool } from "../school.ts";
import { relaying } from "../systems.ts";

/** Candidates between two peers of a video room, by rollcall.v1. */
export const signals: Measure = {
  name: "signals",
  about:
    "8 video rooms, in each 4 candidates on their way from the teacher to a student: server CPU a signal, in µs",
  run: async (options) => {
    const { quick } = options;
    const school = await buildSchool({ classes: quick ? 1 : 8, students: 1 });
    const work = {
      kind: "signals",
      outstanding: 4,
      warmMs: quick ? 100 : 1500,
      measureMs: quick ? 300 : 5000,
    } as const;
    const seats = { teacherSockets: 1, studentSockets: 1 };
    const rows = await interleaved(options, [contender(relaying, school, seats, work)]);
    const value = figureOf(rows, relaying, "cpuUs");
    return { rows, reaches: [{ what: "a relayed signal", unit: "µs", value, limit: 30 }] };
  },
};
