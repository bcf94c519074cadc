import { z } from "zod";
import type { StormFigures } from "./figures.ts";
import type { Ledger } from "./ledger.ts";
import type { Random } from "./random.ts";
import type { ServerProcess } from "./server-process.ts";

export type Phase = "storm" | "done" | "start" | "enrol" | "boot";

/** What a phase plays with; it ends with the server killed and every lane's socket gone. */
export interface Play {
  readonly server: ServerProcess;
  readonly ledgers: readonly Ledger[];
  readonly random: Random;
  readonly figures: StormFigures;
  /** Asks for a start and notes the answer. */
  readonly start: (ledger: Ledger) => Promise<void>;
}

interface PhaseOfStorm {
  /** Every class has its session before the storm begins. */
  readonly startsFirst: boolean;
  readonly play: (play: Play) => Promise<void>;
}

/** Unacknowledged marks per socket; the server lets 1,024 wait. */
const WINDOWS = [1, 8, 64, 500] as const;

/** Where a kill falls: each phase brings the server to its place and kills it there. */
export const PHASES: Readonly<Record<Phase, PhaseOfStorm>> = {
  /** Marks at full speed from every socket. */
  storm: { startsFirst: true, play: (play) => storm(play, play.random.between(2, 150)) },
  /** The end of every class is asked for, with a few marks before it. */
  done: { startsFirst: true, play: middleOfDone },
  /** Classes that have no session start one, and mark as soon as it is answered. */
  start: { startsFirst: false, play: rightAfterStart },
  /** Students are enrolled one after the other while the marks come. */
  enrol: { startsFirst: true, play: duringEnrolment },
  /** Killed in the storm, and twice more while it recovers from that. */
  boot: { startsFirst: true, play: (play) => storm(play, play.random.between(2, 30)) },
};

async function storm({ server, ledgers, random }: Play, ms: number): Promise<void> {
  const running = lanesOf(ledgers).map((lane) => lane.run(random.pick(WINDOWS)));
  await pause(ms);
  await server.kill9();
  await Promise.all(running);
}

async function middleOfDone({ server, ledgers, random }: Play): Promise<void> {
  const running: Promise<void>[] = [];
  for (const { lanes } of ledgers) for (const lane of lanes) running.push(lane.run(64, random.below(50)));
  await (random.next() < 0.7 ? quiet(ledgers) : pause(random.between(0, 10)));
  for (const ledger of ledgers) {
    ledger.endAsked = true;
    for (const lane of ledger.lanes) lane.expectEnd();
    if (random.next() < 0.25) running.push(endOverHttp(server, ledger));
    else random.pick(ledger.lanes).end();
  }
  // In a third of the rounds the first end has just been told and the others are under way.
  if (random.next() < 0.33) await firstEnd(ledgers);
  await pause(random.between(0, 8));
  await server.kill9();
  await Promise.all(running);
}

const lanesOf = (ledgers: readonly Ledger[]) => ledgers.flatMap((ledger) => ledger.lanes);

/** Nothing that was sent waits for its acknowledgement: the end is all that the server is at. */
async function quiet(ledgers: readonly Ledger[]): Promise<void> {
  const lanes = lanesOf(ledgers);
  while (lanes.some((lane) => lane.acknowledged < lane.sent.length && lane.faults.length === 0)) await turn();
}

/** Some class has been told its end. */
async function firstEnd(ledgers: readonly Ledger[]): Promise<void> {
  const lanes = lanesOf(ledgers);
  while (lanes.every((lane) => lane.ends.length === 0 && lane.faults.length === 0)) await turn();
}

async function endOverHttp(server: ServerProcess, ledger: Ledger): Promise<void> {
  const { id, teacher } = ledger.cls;
  const answer = await server.ask("POST", "/attendance/end", teacher.token, { classId: id });
  if (answer) ledger.endAnswered = figuresSchema.parse(answer.data);
}

const figuresSchema = z.object({ present: z.int(), absent: z.int(), total: z.int() });

async function rightAfterStart({ server, ledgers, random, start }: Play): Promise<void> {
  const running: Promise<void>[] = [];
  const started = ledgers.map(async (ledger) => {
    await start(ledger);
    if (ledger.session) for (const lane of ledger.lanes) running.push(lane.run(random.pick(WINDOWS)));
  });
  await pause(random.between(0, 15));
  await server.kill9();
  await Promise.all(started);
  await Promise.all(running);
}

async function duringEnrolment({ server, ledgers, random, figures }: Play): Promise<void> {
  const running = ledgers.flatMap(({ lanes }) => lanes.map((lane) => lane.run(random.pick(WINDOWS))));
  const enrolling = ledgers.map((ledger) => enrolOneByOne(server, ledger, figures));
  await pause(random.between(0, 60));
  await server.kill9();
  await Promise.all([...running, ...enrolling]);
}

/** At most so many in a round: the roll need not grow without bound. */
const ENROLMENTS_MAX = 5;

async function enrolOneByOne(server: ServerProcess, ledger: Ledger, figures: StormFigures): Promise<void> {
  const { id, teacher } = ledger.cls;
  for (let count = 0; count < ENROLMENTS_MAX; count++) {
    const student = ledger.nextToEnrol();
    if (!student) return;
    figures.enrolments++;
    const body = { studentId: student.id };
    const answer = await server.ask("POST", `/class/${id}/add-student`, teacher.token, body);
    if (answer?.status !== 200) return;
    ledger.enrolled(student.id);
  }
}

/** Waits to a fraction of a millisecond, which a timer cannot, and lets frames in meanwhile. */
async function pause(ms: number): Promise<void> {
  const over = performance.now() + ms;
  while (performance.now() < over) await turn();
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
