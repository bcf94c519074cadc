import { contender, figureOf, interleaved, type Measure } from "../measure.ts";
import { buildSchool } from "../school.ts";
import { bare, bareOne, expressSocketIo, expressWs, plain, RIVALS, type System, v1 } from "../systems.ts";

/** 1,000 sockets of one class: what a delivery costs the server. */
export const fanout: Measure = {
  name: "fanout",
  about: "1,000 sockets of one class, 4 and 16 marks on their way at any time: server CPU per delivery",
  run: async (options) => {
    const { quick } = options;
    const school = await buildSchool({ classes: 1, students: quick ? 20 : 999 });
    const lengths = quick ? { warmMs: 100, measureMs: 200 } : { warmMs: 1200, measureMs: 2500 };
    const work = { kind: "fanout", outstanding: [4, 16], ...lengths } as const;
    const seats = { teacherSockets: 1, studentSockets: 1 };
    const rows = await interleaved(
      options,
      [bareOne, bare, plain, v1, ...RIVALS].map((system) => contender(system, school, seats, work)),
    );
    const four = (system: System) => figureOf(rows, system, "cpuUs@4");
    const sixteen = (system: System) => figureOf(rows, system, "cpuUs@16");
    const node = Math.min(four(expressWs), four(expressSocketIo));
    const reach = (what: string, value: number, limit: number) => ({ what, unit: "×", value, limit });
    return {
      rows,
      // "One by one" is taken as the harder of its two readings: a publish for each mark as it comes, where the four
      // that are on their way share writes. One a turn costs three times that and would make every reach easy.
      reaches: [
        reach("plain, 4 on their way, beside bare publish as they come", four(plain) / four(bare), 1),
        reach("plain, 4 on their way, beside the cheaper of the Node ones", four(plain) / node, 0.2),
        reach("plain, 16 on their way, beside bare publish with 4", sixteen(plain) / four(bare), 0.7),
        reach("v1, 4 on their way, beside bare publish as they come", four(v1) / four(bare), 1),
        reach("v1, 16 on their way, beside bare publish with 4", sixteen(v1) / four(bare), 0.7),
      ],
    };
  },
};
