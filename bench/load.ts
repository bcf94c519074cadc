import { type Outcome, outcome, type Scenario } from "./load/scenario.ts";
import { pinned } from "./machine.ts";
import { BUN, ROOT } from "./process.ts";

/** Runs a scenario in a process of its own on the load's core. Rejects where it failed. */
export async function underLoad(scenario: Scenario): Promise<Outcome> {
  const child = Bun.spawn(pinned("load", [BUN, "bench/load/main.ts"]), {
    cwd: ROOT,
    stdin: new Blob([JSON.stringify(scenario)]),
    stdout: "pipe",
    stderr: "inherit",
  });
  const said = await child.stdout.text();
  if ((await child.exited) !== 0) throw new Error(`the load of ${scenario.kind} ended badly`);
  return outcome.parse(JSON.parse(said));
}
