import type { Outcome, Scenario } from "../load/scenario.ts";
import { underLoad } from "../load.ts";
import { type Contender, groupOf } from "../measure.ts";
import type { Served } from "../process.ts";
import type { Room, School } from "../school.ts";
import { startSessions } from "../systems.ts";
import type { Stack } from "./stack.ts";

type Set = "url" | "pid" | "dialect" | "global" | "groups";
type Distribute<S> = S extends Scenario ? Omit<S, Set> : never;

export interface Work {
  readonly name: string;
  readonly dialect: Scenario["dialect"];
  readonly nodes: number;
  /** What the load does, given where the nodes are. */
  readonly load: (urls: readonly string[]) => Distribute<Scenario>;
}

/** A round on nodes of its own over a database that holds the school: sessions of every class, the load, their end. */
export const onNodes = (stack: Stack, school: School, work: Work): Contender => ({
  name: work.name,
  round: async () => {
    const nodes = await stack.serve(await stack.hold(school), work.nodes);
    try {
      const [first] = nodes;
      if (!first) throw new Error("no node");
      const sessions = await startSessions(first, school.rooms);
      const groups = school.rooms.map((room: Room, n) => groupOf(room, sessions[n] ?? ""));
      const load = work.load(nodes.map(({ url }) => url));
      const { url, pid } = first;
      const outcome = await underLoad({ url, pid, dialect: work.dialect, global: false, groups, ...load });
      return { ...outcome, ...(await commitsOf(nodes)) };
    } finally {
      await stopAll(nodes);
    }
  },
});

/** Ends all of them, those that are gone already too. */
export const stopAll = (nodes: readonly Served[]): Promise<unknown> =>
  Promise.all(nodes.map((node) => node.stop("SIGKILL")));

/** What the nodes' metrics say of their commits; a node that was killed says nothing. */
async function commitsOf(nodes: readonly Served[]): Promise<Outcome> {
  const texts = await Promise.all(nodes.map(metricsOf));
  const sum = (name: string) => texts.reduce((total, text) => total + sampleOf(text, name), 0);
  const commits = sum("rollcall_commit_events_count");
  const conflicts = sum("rollcall_commit_conflicts_total");
  return { commits, conflicts, eventsPerCommit: sum("rollcall_commit_events_sum") / commits };
}

/** A node's metrics; empty where it is gone. */
export const metricsOf = ({ url }: Served): Promise<string> =>
  fetch(`${url}/metrics`).then(
    (answer) => answer.text(),
    () => "",
  );

/** A figure without labels, by its name; 0 where it is not there. */
export function sampleOf(metrics: string, name: string): number {
  const line = metrics.split("\n").find((each) => each.startsWith(`${name} `));
  return Number(line?.split(" ")[1] ?? 0);
}
