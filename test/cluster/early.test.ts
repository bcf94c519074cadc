import { expect, setDefaultTimeout, test } from "bun:test";
import { seedOf } from "../faults/random.ts";
import { Crowd } from "./faults/crowd.ts";
import { Fleet } from "./faults/fleet.ts";

setDefaultTimeout(120_000);
const ROUNDS_MAX = 6;

test("CL21 servers that acknowledge before a majority has it are caught by what they lose", async () => {
  const fleet = await Fleet.begin({ script: "test/cluster/faults/early-process.ts" });
  try {
    await fleet.start();
    const crowd = await Crowd.begin(fleet, {
      seed: seedOf(process.env.CLUSTER_SEED),
      classes: 3,
      sockets: 4,
    });
    const lost: string[] = [];
    for (let round = 0; round < ROUNDS_MAX && lost.length === 0; round++) {
      crowd.go({ ends: false });
      await Bun.sleep(700);
      await Promise.all(fleet.nodes.map((node) => node.kill9()));
      await fleet.start();
      await Bun.sleep(500);
      lost.push(...(await crowd.findings()).lost);
    }
    crowd.halt();
    console.log(`early acknowledgements: ${lost.length} lost, the first: ${lost[0]}`);
    expect(lost.length).toBeGreaterThan(0);
  } finally {
    await fleet.end();
  }
});
