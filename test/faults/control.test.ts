import { expect, setDefaultTimeout, test } from "bun:test";
import { fileURLToPath } from "node:url";
import { KillStorm, type StormDialect } from "./kill-storm.ts";
import { seedOf } from "./random.ts";

setDefaultTimeout(300_000);
const ROUNDS_MAX = 8;
const script = fileURLToPath(import.meta.resolve("./control-server.ts"));

const dialects: StormDialect[] = ["plain", "v1"];

test.each(dialects)("D12 a server that acknowledges before the commit is caught over %s", async (dialect) => {
  const seed = seedOf(process.env.STORM_SEED);
  const storm = await KillStorm.begin({ seed, script, dialects: [dialect] });
  try {
    for (let round = 0; round < ROUNDS_MAX && storm.figures.lost === 0; round++) await storm.round("storm");
  } finally {
    await storm.end();
  }
  console.log(JSON.stringify({ ...storm.figures, seed }));
  expect(storm.figures.acknowledged).toBeGreaterThan(0);
  expect(storm.figures.lost).toBeGreaterThan(0);
  // It is caught by what it loses, on disk or from a screen, not because it could not serve.
  expect(storm.faults.filter((fault) => !/: (lost|gaps):/.test(fault))).toEqual([]);
});
