import { expect, setDefaultTimeout, test } from "bun:test";
import type { StormFigures } from "./figures.ts";
import { KillStorm, type StormDialect } from "./kill-storm.ts";
import type { Phase } from "./phases.ts";
import { seedOf } from "./random.ts";

setDefaultTimeout(300_000);
const seed = seedOf(process.env.STORM_SEED);
console.log(`kill storm: STORM_SEED=${seed} repeats its choices`);

/** A round of each phase, all on one data folder: nothing promised is lost, nothing is there twice or unasked, no log has a gap. */
async function survive(
  phases: readonly Phase[],
  dialects: readonly StormDialect[] = ["plain"],
): Promise<StormFigures> {
  const storm = await KillStorm.begin({ seed, dialects });
  try {
    for (const phase of phases) await storm.round(phase);
    await storm.settle();
  } finally {
    await storm.end();
  }
  console.log(JSON.stringify(storm.figures));
  expect(storm.faults).toEqual([]);
  expect(storm.figures).toMatchObject({ lost: 0, duplicated: 0, unsent: 0, gaps: 0 });
  return storm.figures;
}

test("D10 twelve kills in a marking storm, in starts, enrolments and recoveries lose nothing acknowledged", async () => {
  const once: Phase[] = ["start", "storm", "enrol", "storm", "boot", "storm"];
  const { acknowledged } = await survive([...once, ...once]);
  expect(acknowledged).toBeGreaterThan(0);
});

test("D11 after a kill in the middle of DONE an end is whole or has not happened", async () => {
  const { endsWhole, endsNotHappened } = await survive(Array.from({ length: 8 }, () => "done"));
  expect(endsWhole + endsNotHappened).toBe(24);
});

test("D13 kills under all three dialects: what v1 clients send again is there once, and every resumed screen is complete", async () => {
  const once: Phase[] = ["storm", "done", "storm", "boot", "enrol"];
  const { acknowledged, resent } = await survive([...once, ...once], ["plain", "v1", "socket-io"]);
  expect(acknowledged).toBeGreaterThan(0);
  expect(resent).toBeGreaterThan(0);
});
