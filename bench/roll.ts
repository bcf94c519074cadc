import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { z } from "zod";
import { LargeRoll, WATCH_LONG_TASKS } from "../test/web/large-roll.ts";

/**
 * node scripts/run.mjs bench/roll.ts [--minutes 10] [--students 1000] [--rate 200]: the live screen of a large class in
 * Chromium while marks arrive; tells of each minute its long tasks, those over 50 ms by the clock, the processor time of
 * the heaviest task in its last seconds, and the heap after a collection. On a busy machine a task of 5 ms is often long
 * by the clock; only its processor time is ours.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    students: { type: "string", default: "1000" },
    rate: { type: "string", default: "200" },
  },
});
const [minutes, students, rate] = [values.minutes, values.students, values.rate].map(Number);

/** The heap in MB, once what is garbage has been collected. */
async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = z.object({ usedSize: z.number() }).parse(await session.send("Runtime.getHeapUsage"));
  await session.detach();
  return Math.round(usedSize / 2 ** 20 / 0.01) * 0.01;
}

const TRACED_MS = 5000;
const Traced = z.object({
  traceEvents: z.array(z.looseObject({ name: z.string(), tdur: z.number().optional() })),
});

/** The processor time of the page's heaviest task while marks arrive, in ms. */
async function heaviestOf(roll: LargeRoll, perSecond: number): Promise<number> {
  const { page } = roll.watched;
  const browser = page.context().browser();
  if (!browser) throw new Error("the page's browser is gone");
  await browser.startTracing(page, { categories: ["toplevel"] });
  await roll.mark(perSecond, TRACED_MS);
  const { traceEvents } = Traced.parse(JSON.parse((await browser.stopTracing()).toString()));
  const tasks = traceEvents.filter(({ name }) => name.endsWith("RunTask"));
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000;
}

const roll = await LargeRoll.open(students ?? 1000);
const { page, complaints } = roll.watched;
try {
  await page.evaluate(WATCH_LONG_TASKS);
  await roll.mark(rate ?? 200, 5000);
  await page.evaluate("window.longTasks.length = 0");
  const heaps: number[] = [];
  for (let minute = 1; minute <= (minutes ?? 10); minute++) {
    await roll.mark(rate ?? 200, 60_000 - TRACED_MS);
    const heaviest = await heaviestOf(roll, rate ?? 200);
    const long = await page.evaluate("window.longTasks.splice(0).join(', ')");
    heaps.push(await heapOf(page));
    // Collecting by force is a long task of its own.
    await page.evaluate("new Promise((done) => setTimeout(() => done(window.longTasks.splice(0)), 200))");
    const heap = heaps.at(-1)?.toFixed(1);
    console.log(
      `minute ${minute}: heap ${heap} MB, long tasks ${long || "none"}; heaviest ${heaviest.toFixed(1)} ms of processor`,
    );
  }
  console.log(JSON.stringify({ students, rate, heapMb: heaps, complaints }));
} finally {
  await roll.close();
}
