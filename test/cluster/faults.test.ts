import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { seedOf } from "../faults/random.ts";
import { Crowd } from "./faults/crowd.ts";
import { FAULTS } from "./faults/faults.ts";
import { Fleet } from "./faults/fleet.ts";
import { play } from "./faults/play.ts";

setDefaultTimeout(120_000);
const seed = seedOf(process.env.CLUSTER_SEED);
const LASTS_MS = 3000;

let fleet: Fleet;
let crowd: Crowd;
beforeAll(async () => {
  fleet = await Fleet.begin();
  await fleet.start();
  crowd = await Crowd.begin(fleet, { seed, classes: 3, sockets: 10 });
});
afterAll(async () => {
  await crowd?.end();
  await fleet?.end();
});

for (const fault of FAULTS) {
  test(`CL20 nothing is lost, twice or out of order, and screens are right in time: ${fault.name}`, async () => {
    const { line, faults, outcome } = await play(fault, { fleet, crowd, lastsMs: LASTS_MS });
    console.log(`${line} (seed ${seed})`);
    expect(faults).toEqual([]);
    expect(outcome.acknowledged).toBeGreaterThan(0);
  });
}
