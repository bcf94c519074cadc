import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { z } from "zod";
import { LargeRoll, WATCH_LONG_TASKS } from "../test/web/large-roll.ts";

/**
 * node scripts/run.mjs bench/roll.ts [--minutes 10] [--students 1000] [--rate 200]: the live screen of a large class in
 * Chromium while marks arrive; tells of each minute its long tasks, those over 50 ms, and the heap after a collection.
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

const roll = await LargeRoll.open(students ?? 1000);
const { page, complaints } = roll.watched;
try {
  await page.evaluate(WATCH_LONG_TASKS);
  await roll.mark(rate ?? 200, 5000);
  await page.evaluate("window.longTasks.length = 0");
  const heaps: number[] = [];
  for (let minute = 1; minute <= (minutes ?? 10); minute++) {
    await roll.mark(rate ?? 200, 60_000);
    const long = await page.evaluate("window.longTasks.splice(0).join(', ')");
    heaps.push(await heapOf(page));
    // Collecting by force is a long task of its own.
    await page.evaluate("new Promise((done) => setTimeout(() => done(window.longTasks.splice(0)), 200))");
    console.log(`minute ${minute}: heap ${heaps.at(-1)?.toFixed(1)} MB, long tasks ${long || "none"}`);
  }
  console.log(JSON.stringify({ students, rate, heapMb: heaps, complaints }));
} finally {
  await roll.close();
}
