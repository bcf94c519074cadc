import { parseArgs } from "node:util";
import { Crowd } from "../cluster/faults/crowd.ts";
import { FAULTS } from "../cluster/faults/faults.ts";
import { Fleet } from "../cluster/faults/fleet.ts";
import { play } from "../cluster/faults/play.ts";
import { Random, seedOf } from "./random.ts";

/**
 * Faults of several servers, mixed from a seed, for as long as is asked: node …/campaign-cluster.ts --minutes 30.
 * With 30 classes of 10 sockets each it wants more than two cores; --classes 3 does on a small machine.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "30" },
    classes: { type: "string", default: "30" },
    sockets: { type: "string", default: "10" },
    seed: { type: "string" },
    only: { type: "string" },
  },
});

const seed = seedOf(values.seed);
const random = new Random(seed);
const until = performance.now() + Number(values.minutes) * 60_000;
const chosen = FAULTS.filter(({ name }) => values.only === undefined || name.startsWith(`${values.only} `));
console.log(
  `seed ${seed}, ${values.classes} classes of ${values.sockets} sockets, ${values.minutes} minutes`,
);

const counted = new Map<string, number>();
let wrong = 0;
const fleet = await Fleet.begin();
try {
  await fleet.start();
  const crowd = await Crowd.begin(fleet, {
    seed,
    classes: Number(values.classes),
    sockets: Number(values.sockets),
  });
  // Each once, then as chance has it.
  for (let round = 0; performance.now() < until; round++) {
    const fault = chosen[round] ?? random.pick(chosen);
    const lastsMs = fault.name.includes("SIGSTOP") ? 20_000 : random.between(2000, 8000);
    const { line, faults } = await play(fault, { fleet, crowd, lastsMs });
    counted.set(fault.name, (counted.get(fault.name) ?? 0) + 1);
    wrong += faults.length;
    console.log(`${new Date().toISOString()} ${line}`);
    for (const one of faults.slice(0, 20)) console.log(`  WRONG ${one}`);
    for (const node of fleet.nodes) {
      const said = node.complaints();
      if (faults.length > 0 && said !== "") console.log(said.slice(0, 4000));
    }
  }
  await crowd.end();
} finally {
  await fleet.end();
}
console.log(JSON.stringify({ seed, faults: Object.fromEntries(counted), wrong }));
process.exit(wrong > 0 ? 1 : 0);
