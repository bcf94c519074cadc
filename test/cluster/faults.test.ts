import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { seedOf } from "../faults/random.ts";
import { Crowd } from "./faults/crowd.ts";
import { FAULTS } from "./faults/faults.ts";
import { Fleet } from "./faults/fleet.ts";
import { play } from "./faults/play.ts";

setDefaultTimeout(120_000);
const seed = seedOf(process.env.CLUSTER_SEED);
const LASTS_MS = 3000;
/** A hundred marks a second, of all desks together: what the campaign sends would take both cores. */
const PAUSE_MS = 150;
/** The promise is held to by the campaign: here other tests have the processors too. */
const RIGHT_MS = 20_000;

let fleet: Fleet;
let crowd: Crowd;
beforeAll(async () => {
  fleet = await Fleet.begin();
  await fleet.start();
  crowd = await Crowd.begin(fleet, { seed, classes: 3, sockets: 10, pauseMs: PAUSE_MS });
});
afterAll(async () => {
  await crowd?.end();
  await fleet?.end();
});

for (const fault of FAULTS) {
  test(`CL20 nothing is lost, twice or out of order, and screens are right in time: ${fault.name}`, async () => {
    const { line, faults, outcome } = await play(fault, { fleet, crowd, lastsMs: LASTS_MS }, RIGHT_MS);
    console.log(`${line} (seed ${seed})`);
    expect(faults).toEqual([]);
    expect(outcome.acknowledged).toBeGreaterThan(0);
  });
}
