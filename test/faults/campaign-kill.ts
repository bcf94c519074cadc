import { parseArgs } from "node:util";
import { KillStorm } from "./kill-storm.ts";
import type { Phase } from "./phases.ts";
import { seedOf } from "./random.ts";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "1000" }, seed: { type: "string" } },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Error(`--rounds takes a whole number, not ${values.rounds}`);
const seed = seedOf(values.seed);

const TELL_EVERY = 50;
const PHASES: readonly Phase[] = ["storm", "done", "start", "enrol", "storm", "done", "done", "boot"];

const began = performance.now();
const seconds = () => Math.round((performance.now() - began) / 100) / 10;
console.log(`A kill -9 in each of ${rounds} rounds, seed ${seed}.`);
const storm = await KillStorm.begin({
  seed,
  school: { classes: 3, students: 24, spare: Math.max(60, rounds) },
});
try {
  for (let round = 1; round <= rounds; round++) {
    await storm.round(PHASES[round % PHASES.length] ?? "storm");
    if (round % TELL_EVERY > 0) continue;
    const { sent, acknowledged, lost } = storm.figures;
    console.log(
      `round ${round}: ${sent} marks sent, ${acknowledged} acknowledged, ${lost} lost, ${seconds()} s`,
    );
  }
} finally {
  await storm.end();
}
for (const fault of storm.faults) console.log(fault);
console.log(JSON.stringify({ ...storm.figures, faults: storm.faults.length, seconds: seconds(), seed }));
process.exit(storm.faults.length > 0 ? 1 : 0);
