import type { Clock } from "../../ports/clock.ts";
import type { Mongo } from "./connect.ts";

/** How often the database is asked for its time, in ms. */
const ASK_MS = 2000;
/** Of so many first answers the quickest counts: its time is the least old. */
const FIRST_ASKED = 3;

export interface MongoClock extends Clock {
  stop(): void;
}

/**
 * The database's clock, carried on between two questions by this process's own count of time, so that neither a
 * wrong clock of this machine nor a jump of it is seen anywhere. Rejects where the database does not answer.
 */
export async function databaseClock({ db }: Mongo): Promise<MongoClock> {
  /** What the database's time is ahead of performance.now(). */
  const ask = async () => {
    const asked = performance.now();
    const { localTime } = await db.command({ hello: 1 });
    const answered = performance.now();
    if (!(localTime instanceof Date)) throw new Error("MongoDB did not say what time it is");
    return { ahead: localTime.getTime() - (asked + answered) / 2, tookMs: answered - asked };
  };
  const first = [await ask()];
  while (first.length < FIRST_ASKED) first.push(await ask());
  let { ahead } = first.toSorted((a, b) => a.tookMs - b.tookMs)[0] ?? { ahead: 0 };
  const timer = setInterval(() => {
    ask().then(
      (told) => {
        ahead = told.ahead;
      },
      () => "carried on as before",
    );
  }, ASK_MS);
  timer.unref();
  return { now: () => Math.round(performance.now() + ahead), stop: () => clearInterval(timer) };
}
