import { CallStage, type Carrier } from "../call-stage.ts";
import { freeOfCores, keepToLoadCore } from "../machine.ts";
import { type Contender, figureOf, interleaved, type Measure, median, type Options } from "../measure.ts";

const MESH = { name: "mesh" } as const;
const LIVEKIT = { name: "LiveKit" } as const;

/** A third page that comes into a call of two, in real Chromium. */
export const join: Measure = {
  name: "join",
  about:
    "A third page comes into a call of two, all in one Chromium with made-up cameras: from its press on “Go in” until a picture of somebody else moves, in ms; and LiveKit killed and restarted, until both who stay see each other again",
  run: async (options) => {
    // Three pages that code pictures want all the cores that there are.
    freeOfCores(process.pid);
    try {
      const rows = await interleaved(options, [contender("mesh", options), contender("LiveKit", options)]);
      const reach = (what: string, value: number, limit: number) => ({ what, unit: "ms", value, limit });
      return {
        rows,
        reaches: [
          reach("mesh: the first picture", figureOf(rows, MESH, "firstMs"), 1500),
          reach("LiveKit: the first picture", figureOf(rows, LIVEKIT, "firstMs"), 2500),
          reach("LiveKit restarted: everyone is back", figureOf(rows, LIVEKIT, "backMs"), 10_000),
        ],
      };
    } finally {
      keepToLoadCore();
    }
  },
};

/** Joins of a round: the figure is their median. */
const JOINS = 7;

const contender = (carrier: Carrier, { quick }: Options): Contender => ({
  name: carrier,
  round: async () => {
    const stage = await CallStage.open(carrier);
    try {
      const took: number[] = [];
      for (let n = 0; n < (quick ? 1 : JOINS); n++) took.push(await stage.join());
      const firstMs = median(took);
      const slowestMs = Math.max(...took);
      return carrier === "mesh" ? { firstMs, slowestMs } : { firstMs, slowestMs, backMs: await stage.back() };
    } finally {
      await stage.close();
    }
  },
});
