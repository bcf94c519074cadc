import { StartError } from "../core/start-error.ts";
import { verify } from "../log/verify.ts";
import type { Clock } from "../ports/clock.ts";
import type { Origin } from "../ports/origin.ts";
import type { Store } from "../ports/store.ts";
import { moveAudit, moveTrail } from "./audit.ts";
import { moveChat } from "./chat.ts";
import { type Comparison, compare } from "./compare.ts";
import { moveDoors } from "./doors.ts";
import type { Move, Source } from "./parts.ts";
import { moveClasses, moveUsers } from "./people.ts";
import { moveSessions } from "./sessions.ts";

/** What becomes of each part of a store: a new part does not compile until somebody has decided. */
const STEPS: Readonly<
  Record<Exclude<keyof Store, "probe" | "close">, readonly ((move: Move) => Promise<void>)[]>
> = {
  users: [moveUsers],
  classes: [moveClasses],
  // With their records.
  sessions: [moveSessions],
  records: [],
  audit: [moveAudit],
  trail: [moveTrail],
  // Behind the sessions whose they are.
  doors: [moveDoors],
  chat: [moveChat],
  // They live for seconds.
  tickets: [],
  // People sign in again: a browser's session is not worth taking along.
  browsers: [],
  // Who serves the one store does not serve the other.
  nodes: [],
  origin: [],
};

export interface MoveParts extends Move {
  /** Names the source to whoever looks at the target. */
  readonly from: string;
  readonly clock: Clock;
}

/**
 * Moves everything into the target and compares both sides whole; the source is read alone. A run that was cut short
 * is gone on with by the next, and one that was finished only compared. Throws StartError where it cannot go on.
 */
export async function moveStore(parts: MoveParts): Promise<Comparison> {
  const { source, target, tell } = parts;
  await refuseHalf(source);
  const origin = await begin(parts);
  if (origin.finishedAt === null) {
    for (const steps of Object.values(STEPS)) for (const step of steps) await step(parts);
  }
  tell("Comparing both sides…");
  const comparison = await compare(source, target);
  const { faults } = await verify(target);
  const differences = [...comparison.differences, ...faults];
  if (differences.length === 0 && origin.finishedAt === null)
    await target.origin.write({ ...origin, finishedAt: parts.clock.now() });
  return { ...comparison, differences };
}

/** Nobody serves or moves a store that does not hold all yet. Throws StartError. */
export async function refuseHalf({ origin }: Pick<Source, "origin">): Promise<void> {
  const half = await origin.read();
  if (!half || half.finishedAt !== null) return;
  throw new StartError(
    `Not everything is in this database yet: run rollcall migrate --from ${half.from} again, which goes on where it stopped.`,
  );
}

/** Claims the target for this source. */
async function begin({ target, from, clock }: MoveParts): Promise<Origin> {
  const known = await target.origin.read();
  if (known?.from === from) return known;
  if (known || !(await isEmpty(target)))
    throw new StartError(
      known
        ? `The target was filled from ${known.from}: name that one, or an empty target.`
        : "The target holds data already: name an empty database, for two cannot be made into one.",
    );
  const origin = { from, startedAt: clock.now(), finishedAt: null };
  await target.origin.write(origin);
  return origin;
}

async function isEmpty({ users, classes, sessions, audit }: Store): Promise<boolean> {
  const found = await Promise.all([
    users.page("", null, 1),
    classes.page(null, 1),
    sessions.pageByStart(null, 1),
    audit.read(0, 1),
  ]);
  return found.every(({ length }) => length === 0);
}
