import { contender, figureOf, interleaved, type Measure } from "../measure.ts";
import { buildSchool } from "../school.ts";
import { bare, plain, RIVALS, v1 } from "../systems.ts";

/** 10,000 sockets that say nothing. */
export const idle: Measure = {
  name: "idle",
  about: "10,000 authenticated sockets that say nothing: the server's memory for each",
  run: async (options) => {
    const { quick } = options;
    const school = await buildSchool({ classes: quick ? 1 : 10, students: quick ? 50 : 1000 });
    const work = { kind: "idle", warmSockets: quick ? 10 : 500, settleMs: quick ? 100 : 2500 } as const;
    const seats = { teacherSockets: 0, studentSockets: 1, sessions: false } as const;
    const rows = await interleaved(
      options,
      [bare, plain, v1, ...RIVALS].map((system) => contender(system, school, seats, work)),
    );
    const value = figureOf(rows, plain, "bytesPerSocket") / 1024;
    return { rows, reaches: [{ what: "a socket, plain", unit: "KB", value, limit: 3.7 }] };
  },
};
