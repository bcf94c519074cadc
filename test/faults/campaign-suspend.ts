import { parseArgs } from "node:util";
import { besiege } from "./besieged.ts";
import { seedOf } from "./random.ts";
import { suspend } from "./suspension.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    rounds: { type: "string", default: "2" },
    seed: { type: "string" },
  },
});
const [seconds, rounds, seed] = [Number(values.seconds), Number(values.rounds), seedOf(values.seed)];
let wrong = false;
console.log(`The server is suspended ${rounds} times for ${seconds} s, seed ${seed}.`);
for (let round = 1; round <= rounds; round++) {
  const siege = await besiege({ classes: 10, students: 30, spare: 0 });
  const { figures, faults, reconnected, rival } = await suspend(siege, seconds * 1000, seed + round);
  await siege.end();
  const { sent, acknowledged, resent, lost, duplicated } = figures;
  wrong ||= faults.length > 0;
  for (const fault of faults) console.log(fault);
  console.log(JSON.stringify({ round, sent, acknowledged, resent, lost, duplicated, reconnected, rival }));
}
process.exit(wrong ? 1 : 0);
