import { parseArgs } from "node:util";
import { KillStorm, type StormDialect } from "./kill-storm.ts";
import type { Phase } from "./phases.ts";
import { seedOf } from "./random.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "1000" },
    dialects: { type: "string", default: "plain,v1,socket-io" },
    seed: { type: "string" },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Error(`--rounds takes a whole number, not ${values.rounds}`);
const seed = seedOf(values.seed);
const ALL: readonly StormDialect[] = ["plain", "v1", "socket-io"];
const dialects = ALL.filter((dialect) => values.dialects.split(",").includes(dialect));
if (dialects.length !== values.dialects.split(",").length)
  throw new Error(`--dialects takes some of ${ALL}, not ${values.dialects}`);

const TELL_EVERY = 50;
/** Where only v1 clients take part there is nothing to start, end or enrol but by themselves. */
const alone = dialects.length === 1 && dialects[0] === "v1";
const PHASES: readonly Phase[] = alone
  ? ["storm", "storm", "boot"]
  : ["storm", "done", "start", "enrol", "storm", "done", "done", "boot"];

const began = performance.now();
const seconds = () => Math.round((performance.now() - began) / 100) / 10;
console.log(`A kill -9 in each of ${rounds} rounds over ${dialects}, seed ${seed}.`);
const storm = await KillStorm.begin({
  seed,
  dialects,
  school: { classes: 3, students: 24, spare: Math.max(60, rounds) },
});
try {
  for (let round = 1; round <= rounds; round++) {
    await storm.round(PHASES[round % PHASES.length] ?? "storm");
    if (round % TELL_EVERY > 0) continue;
    const { sent, acknowledged, resent, lost } = storm.figures;
    console.log(
      `round ${round}: ${sent} sent, ${acknowledged} acknowledged, ${resent} sent again, ${lost} lost, ${seconds()} s`,
    );
  }
  await storm.settle();
} finally {
  await storm.end();
}
for (const fault of storm.faults) console.log(fault);
console.log(JSON.stringify({ ...storm.figures, faults: storm.faults.length, seconds: seconds(), seed }));
process.exit(storm.faults.length > 0 ? 1 : 0);
