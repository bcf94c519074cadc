import { type Contender, contender, figureOf, interleaved, type Measure, type Options } from "../measure.ts";
import { buildSchool, type School } from "../school.ts";
import { bare, plain, type System } from "../systems.ts";

const SOCKETS = [100, 1000, 5000, 15_000];
const CLASSES = [1, 10, 100, 1000, 3000];
const STUDENTS_PER_CLASS = 4;

/** The cost of a delivery as a class grows, and as classes become many. */
export const growth: Measure = {
  name: "growth",
  about:
    "Server CPU per delivery in µs: one class of 100 to 15,000 sockets, three each; 1 to 3,000 classes of five sockets",
  run: async (options) => {
    const sockets = options.quick ? [30, 60, 90] : SOCKETS;
    const classes = options.quick ? [1, 5, 10] : CLASSES;
    const oneClass = await Promise.all(sockets.map(async (n) => ({ n, school: await large(n) })));
    const many = await Promise.all(classes.map(async (n) => ({ n, school: await many5(n) })));
    const contenders = [bare, plain].flatMap((system) => [
      ...oneClass.map(({ n, school }) => sized(system, school, `${n} sockets`, 3, 4, options)),
      ...many.map(({ n, school }) => sized(system, school, `${n} classes`, 1, 10, options)),
    ]);
    const rows = await interleaved(options, contenders);
    const cost = (size: string) => figureOf(rows, { name: `${plain.name}, ${size}` }, "cpuUs");
    // With a hundred sockets the commit is most of what a delivery costs; from a thousand on it is the delivery.
    const [few, most] = [sockets[1], sockets.at(-1)];
    // In one class marks of the same moment are one batch; only from ten on has each its own, as in a thousand.
    const [some, all] = [classes[1], classes.at(-1)];
    return {
      rows,
      reaches: [
        {
          what: `${most} sockets beside ${few}`,
          unit: "×",
          value: cost(`${most} sockets`) / cost(`${few} sockets`),
          limit: 1.2,
        },
        {
          what: `${all} classes beside ${some}`,
          unit: "×",
          value: cost(`${all} classes`) / cost(`${some} classes`),
          limit: 1.2,
        },
      ],
    };
  },
};

const large = (sockets: number): Promise<School> =>
  buildSchool({ classes: 1, students: Math.round(sockets / 3) });
const many5 = (classes: number): Promise<School> => buildSchool({ classes, students: STUDENTS_PER_CLASS });

function sized(
  system: System,
  school: School,
  size: string,
  studentSockets: number,
  outstanding: number,
  { quick }: Options,
): Contender {
  const lengths = quick ? { warmMs: 100, measureMs: 200 } : { warmMs: 800, measureMs: 2000 };
  const work = { kind: "fanout", outstanding: [outstanding], ...lengths } as const;
  const one = contender(system, school, { teacherSockets: 1, studentSockets }, work);
  return {
    name: `${system.name}, ${size}`,
    round: async () => {
      const figures = Object.entries(await one.round());
      return Object.fromEntries(figures.map(([name, value]) => [name.replace(/@.*/, ""), value]));
    },
  };
}
