import { expect, setDefaultTimeout, test } from "bun:test";
import { besiege } from "./besieged.ts";
import { seedOf } from "./random.ts";
import { suspend } from "./suspension.ts";

setDefaultTimeout(120_000);
const SUSPENDED_MS = 2500;

const cases: [string, Record<string, string>][] = [
  ["shorter than the deadline of silence", {}],
  ["longer than the deadline of silence", { PING_AFTER_MS: "500", SILENCE_MAX_MS: "2000" }],
];

test.each(cases)(
  "W45 a machine suspended for %s loses nothing acknowledged, and v1 clients go on from where they were",
  async (_what, env) => {
    const seed = seedOf(process.env.STORM_SEED);
    const siege = await besiege({ classes: 3, students: 20, spare: 0 }, env);
    try {
      const { figures, faults, reconnected, rival } = await suspend(siege, SUSPENDED_MS, seed);
      console.log(JSON.stringify({ ...figures, reconnected, seed }));
      expect(faults).toEqual([]);
      expect(figures.acknowledged).toBe(figures.sent);
      expect(figures.sent).toBeGreaterThan(0);
      expect(rival).toContain("in use by another Rollcall server");
    } finally {
      await siege.end();
    }
  },
);
