import { elsewhere } from "../cluster/elsewhere.ts";
import { floors } from "../cluster/floors.ts";
import { onNodes, type Work } from "../cluster/nodes.ts";
import { Stack } from "../cluster/stack.ts";
import {
  type Contender,
  contender,
  figureOf,
  interleaved,
  type Measure,
  type Options,
  type Reach,
  type Result,
  type Row,
} from "../measure.ts";
import { buildSchool } from "../school.ts";
import { plain } from "../systems.ts";

/** Several servers over MongoDB and Redis, beside one on MongoDB and one on SQLite. */
export const cluster: Measure = {
  name: "cluster",
  about:
    "one server on SQLite, one on MongoDB, three on MongoDB and Redis; beside a bare majority write and Redis's way",
  run: async (options) => {
    const stack = await Stack.start(options.quick ? 1 : 3);
    try {
      return await measured(stack, options);
    } finally {
      await stack.end();
    }
  },
};

const DESK = { teacherSockets: 1, studentSockets: 0 };
/** STUDENT_WINDOW_MS, as it is delivered: students of the plain dialect hear a mark so much later. */
const WINDOW_MS = 2;

const bare = (stack: Stack, quick: boolean): Contender => ({
  name: "bare majority write, Redis round trip",
  round: () => floors(stack, quick ? 20 : 500),
});

const across = (dialect: "plain" | "v1", quick: boolean): Work => ({
  name: `mark on one node, screens on another, ${dialect}`,
  dialect,
  nodes: 3,
  load: ([a = "", b = ""]) => ({
    kind: "latency",
    desksAt: [a],
    seatsAt: [b],
    teacherSockets: 1,
    studentSockets: 1,
    perSecond: 20,
    ...(quick ? { warmMs: 100, measureMs: 300 } : { warmMs: 1500, measureMs: 7000 }),
  }),
});

const marks = (nodes: 1 | 3, quick: boolean): Work => ({
  name: nodes === 1 ? "marks, one node on MongoDB" : "marks, three nodes",
  dialect: "plain",
  nodes,
  load: (urls) => ({ ...marking(quick), desksAt: urls }),
});

/** Every mark a batch of its own: what MongoDB has to write when many classes mark at an unhurried pace. */
const oneByOne = (nodes: 1 | 3, quick: boolean): Work => ({
  name: nodes === 1 ? "one mark a batch, 500 classes, one node" : "one mark a batch, 500 classes, three",
  dialect: "plain",
  nodes,
  load: (urls) => ({ ...marking(quick), pipelined: 1, desksAt: urls }),
});

const marking = (quick: boolean) =>
  ({
    kind: "marks",
    pipelined: 64,
    ...DESK,
    ...(quick ? { warmMs: 100, measureMs: 200 } : { warmMs: 1500, measureMs: 2500 }),
  }) as const;

const STORM: Work = {
  name: "1,000 marks of one class over three nodes",
  dialect: "v1",
  nodes: 3,
  load: (urls) => ({ kind: "storm", desksAt: urls, teacherSockets: 12, studentSockets: 0 }),
};

const killed = (quick: boolean): Work => ({
  name: "a node killed under its 200 sockets",
  dialect: "v1",
  nodes: 3,
  load: (urls) => ({ kind: "failover", desksAt: urls, ...DESK, perSecond: 20, warmMs: quick ? 200 : 3000 }),
});

async function measured(stack: Stack, options: Options): Promise<Result> {
  const { quick } = options;
  const thirty = await buildSchool({ classes: quick ? 3 : 30, students: 30 });
  const one = await buildSchool({ classes: 1, students: quick ? 30 : 1000 });
  const seated = await buildSchool({ classes: 1, students: quick ? 10 : 200 });
  const small = await buildSchool({ classes: 1, students: 30 });
  const many = await buildSchool({ classes: quick ? 5 : 500, students: 30, shared: true });
  const rows = await interleaved(options, [
    bare(stack, quick),
    onNodes(stack, small, across("v1", quick)),
    onNodes(stack, small, across("plain", quick)),
    { ...contender(plain, thirty, DESK, marking(quick)), name: "marks, one node on SQLite" },
    onNodes(stack, thirty, marks(1, quick)),
    onNodes(stack, thirty, marks(3, quick)),
    onNodes(stack, many, oneByOne(1, quick)),
    onNodes(stack, many, oneByOne(3, quick)),
    onNodes(stack, one, STORM),
    onNodes(stack, seated, killed(quick)),
    elsewhere(stack, many),
  ]);
  return { rows, reaches: reaches(rows) };
}

function reaches(rows: readonly Row[]): Reach[] {
  const of = (name: string, figure: string) => figureOf(rows, { name }, figure);
  const ofBare = (figure: string) => of("bare majority write, Redis round trip", figure);
  const apart = (dialect: string, windowMs: number): Reach => ({
    what: `${dialect}: p95 from a mark on one node to the last screen on another, against 3 × (median write + median round trip)${windowMs > 0 ? " and the window" : ""}`,
    unit: "ms",
    value: of(`mark on one node, screens on another, ${dialect}`, "p95"),
    limit: 3 * (ofBare("writeP50") + ofBare("redisP50")) + windowMs,
  });
  return [
    apart("v1", 0),
    apart("plain", WINDOW_MS),
    {
      what: "durable marks of one node on MongoDB against one majority write at a time",
      unit: "×",
      value: of("marks, one node on MongoDB", "marksPerSecond") / ofBare("writesPerSecond"),
      limit: 20,
      atLeast: true,
    },
    {
      what: "1,000 marks of one class over three nodes, all durable",
      unit: "ms",
      value: of(STORM.name, "acknowledgedMs"),
      limit: 2000,
    },
    {
      what: "p95 until the sockets of a killed node have everything elsewhere",
      unit: "ms",
      value: of("a node killed under its 200 sockets", "backP95"),
      limit: 3000,
    },
    {
      ...{ what: "sessions and classes that a node holds for classes without a socket there", unit: "" },
      value:
        of("classes elsewhere", "sessionsHeldElsewhere") + of("classes elsewhere", "classesHeardElsewhere"),
      limit: 0,
    },
  ];
}
