import type { Group, Outcome, Scenario } from "./load/scenario.ts";
import { underLoad } from "./load.ts";
import type { Room, School } from "./school.ts";
import { type System, startSessions } from "./systems.ts";

/** How a run is cut: `quick` shows that everything runs, its figures say nothing. */
export interface Options {
  readonly rounds: number;
  readonly quick: boolean;
  /** Only systems whose name has one of these in it. */
  readonly only?: readonly string[];
}

/** What one system came to: the medians over the rounds. */
export interface Row {
  readonly system: string;
  readonly figures: Outcome;
}

/** What was to be reached, and whether it was. */
export interface Reach {
  readonly what: string;
  readonly unit: string;
  readonly value: number;
  /** The most it may be, or the least where `atLeast`. */
  readonly limit: number;
  readonly atLeast?: boolean;
}

export interface Result {
  readonly rows: readonly Row[];
  readonly reaches: readonly Reach[];
}

export interface Measure {
  readonly name: string;
  /** What it measures, in a sentence. */
  readonly about: string;
  run(options: Options): Promise<Result>;
}

/** Whether a reach was met; one that could not be measured was not. */
export const met = ({ value, limit, atLeast }: Reach): boolean => (atLeast ? value >= limit : value <= limit);

/** A thing that is measured: its name, and one round of it. */
export interface Contender {
  readonly name: string;
  round(): Promise<Outcome>;
}

/** Runs every contender once a round, one after the other, so that what disturbs the machine disturbs all; gives medians. */
export async function interleaved({ rounds, only }: Options, all: readonly Contender[]): Promise<Row[]> {
  const contenders = all.filter(({ name }) => only?.some((part) => name.includes(part)) ?? true);
  const outcomes = new Map(contenders.map(({ name }) => [name, new Map<string, number[]>()]));
  for (let round = 1; round <= rounds; round++) {
    for (const { name, round: run } of contenders) {
      const outcome = await run();
      console.error(`  round ${round} of ${rounds}, ${name}: ${brief(outcome)}`);
      for (const [figure, value] of Object.entries(outcome)) {
        const values = outcomes.get(name)?.get(figure) ?? [];
        outcomes.get(name)?.set(figure, [...values, value]);
      }
    }
  }
  return [...outcomes].map(([system, figures]) => ({
    system,
    figures: Object.fromEntries([...figures].map(([figure, values]) => [figure, median(values)])),
  }));
}

/** The middle one; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const ranked = values.toSorted((a, b) => a - b);
  const [low, high] = [ranked[(ranked.length - 1) >> 1], ranked[ranked.length >> 1]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

const brief = (outcome: Outcome): string =>
  Object.entries(outcome)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(3))}`)
    .join(", ");

/** A figure of a system; NaN where that was not measured. */
export const figureOf = (rows: readonly Row[], { name }: { readonly name: string }, figure: string): number =>
  rows.find(({ system }) => system === name)?.figures[figure] ?? Number.NaN;

type Targeted = "url" | "pid" | "dialect" | "global" | "groups" | "teacherSockets" | "studentSockets";
type Distribute<S> = S extends Scenario ? Omit<S, Targeted> : never;

/** A round against a system: a server of its own, sessions of every class started, the load, the server's end. */
export function contender(
  system: System,
  school: School,
  seats: { readonly teacherSockets: number; readonly studentSockets: number; readonly sessions?: false },
  work: Distribute<Scenario>,
): Contender {
  const { name, dialect, global } = system;
  return {
    name,
    round: async () => {
      const served = await system.serve(school);
      try {
        const sessions = seats.sessions === false ? [] : await startSessions(served, school.rooms);
        const groups = school.rooms.map((room, n) => groupOf(room, sessions[n] ?? ""));
        const { url, pid } = served;
        return await underLoad({ url, pid, dialect, global, groups, ...seats, ...work });
      } finally {
        await served.stop("SIGKILL");
      }
    },
  };
}

/** A class as the load knows it. */
export const groupOf = ({ id, teacher, students }: Room, session: string): Group => ({
  room: id,
  session,
  teacher,
  students: [...students],
});
