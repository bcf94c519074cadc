import type { Clock } from "../ports/clock.ts";
import type { AppendOutcome, SessionStore } from "../ports/store.ts";
import type { LiveSession } from "./live-session.ts";
import type { Turn } from "./turn.ts";

/** What a commit was like: for the metrics. */
export interface CommitReport {
  readonly events: number;
  readonly seconds: number;
  readonly failed: boolean;
  /** Another node was first with one of its batches. */
  readonly conflicted: boolean;
}

interface Writing {
  readonly live: LiveSession;
  readonly turn: Turn;
}

/**
 * Group commit: once a turn of the event loop, every session with something to decide takes its turn, and all
 * their batches go to the store together, in one commit where it can.
 */
export class Committer {
  #waiting = new Set<LiveSession>();
  #scheduled = false;

  constructor(
    private readonly sessions: Pick<SessionStore, "append">,
    private readonly clock: Clock,
    private readonly report: (report: CommitReport) => void,
  ) {}

  /** The session has something to decide; it is taken at the end of this turn of the event loop. */
  schedule(live: LiveSession): void {
    this.#waiting.add(live);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#run());
  }

  #run(): void {
    this.#scheduled = false;
    const at = this.clock.now();
    const writing: Writing[] = [];
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const live of waiting) {
      const turn = live.takeTurn(at);
      if (turn?.batch) writing.push({ live, turn });
      else if (turn) live.written(turn);
    }
    if (writing.length > 0) this.#append(writing);
  }

  #append(writing: readonly Writing[]): void {
    const began = performance.now();
    const batches = writing.flatMap(({ turn }) => turn.batch ?? []);
    const outcomes = this.#ask(batches);
    const told = writing.map(({ live, turn }, index) => settle(live, turn, outcomes[index]));
    const events = batches.reduce((sum, batch) => sum + batch.events.length, 0);
    const seconds = () => (performance.now() - began) / 1000;
    void Promise.all(told).then((became) =>
      this.report({
        events,
        seconds: seconds(),
        failed: became.includes("failed"),
        conflicted: became.includes("conflict"),
      }),
    );
  }

  #ask(batches: Parameters<SessionStore["append"]>[0]): Promise<AppendOutcome>[] {
    try {
      return this.sessions.append(batches);
    } catch (error) {
      return batches.map(() => Promise.reject(error));
    }
  }
}

/** Tells the session what became of its batch. */
async function settle(
  live: LiveSession,
  turn: Turn,
  outcome: Promise<AppendOutcome> | undefined,
): Promise<AppendOutcome | "failed"> {
  let result: AppendOutcome | undefined;
  try {
    result = await outcome;
  } catch (error) {
    live.failed(turn, error);
    return "failed";
  }
  if (result === "ok") live.written(turn);
  else await live.conflicted(turn);
  return result ?? "failed";
}
