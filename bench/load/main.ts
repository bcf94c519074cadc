import { failover } from "./failover.ts";
import { fanout } from "./fanout.ts";
import { idle } from "./idle.ts";
import { entering, latency } from "./latency.ts";
import { marks } from "./marks.ts";
import { type Outcome, type Scenario, scenario } from "./scenario.ts";
import { signals } from "./signals.ts";
import { storm } from "./storm.ts";

/** The load: one scenario by JSON on stdin, what it came to by JSON on stdout. */
function run(given: Scenario): Promise<Outcome> {
  switch (given.kind) {
    case "fanout":
      return fanout(given);
    case "latency":
      return latency(given);
    case "storm":
      return storm(given);
    case "marks":
      return marks(given);
    case "failover":
      return failover(given);
    case "entering":
      return entering(given);
    case "signals":
      return signals(given);
    case "idle":
      return idle(given);
  }
}

console.log(JSON.stringify(await run(scenario.parse(await Bun.stdin.json()))));
// Sockets that are still closing keep no one waiting.
process.exit(0);
