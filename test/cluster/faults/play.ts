import type { Crowd, Outcome } from "./crowd.ts";
import type { FAULTS, Scene } from "./faults.ts";

/** Marking goes on this long before and after, in ms. */
const AROUND_MS = 500;
/** Every screen is right this long after the healing, in ms, on a machine that has nothing else to do. */
const RIGHT_MS = 5000;

interface Played {
  readonly line: string;
  /** What was not as promised, a sentence each. */
  readonly faults: readonly string[];
  readonly outcome: Outcome;
}

/** Plays one fault while the crowd marks, waits until all is right again, and holds everything against the history. */
export async function play(
  fault: (typeof FAULTS)[number],
  scene: Scene,
  rightMs = RIGHT_MS,
): Promise<Played> {
  const { crowd } = scene;
  const before = crowd.history.asked.size;
  crowd.go(fault);
  await Bun.sleep(AROUND_MS);
  const said = await fault.play(scene);
  const healedAt = performance.now();
  await Bun.sleep(AROUND_MS);
  const outcome = await crowd.examine(healedAt, await crowd.settle());
  return {
    line: `fault ${fault.name}: ${wordsOf(outcome, crowd, before)}${said ? `; ${said}` : ""}`,
    faults: faultsOf(outcome, said, rightMs),
    outcome,
  };
}

function wordsOf(outcome: Outcome, { history }: Crowd, before: number): string {
  const { lost, twice, other, rightAfterMs, losses, unsaved } = outcome;
  return `${history.asked.size - before} sent, ${outcome.acknowledged} of ${outcome.sent} acknowledged so far, ${unsaved} could once not be saved, ${losses} connections lost; ${lost.length} lost, ${twice.length} twice, ${other.length} otherwise wrong, all right ${rightAfterMs} ms after the healing`;
}

function faultsOf(
  { lost, twice, other, rightAfterMs }: Outcome,
  said: string | null,
  rightMs: number,
): string[] {
  const late =
    rightAfterMs === null || rightAfterMs > rightMs ? [`right only after ${rightAfterMs ?? "never"} ms`] : [];
  return [...lost, ...twice, ...other, ...late, ...(said?.startsWith("WRONG") ? [said] : [])];
}
