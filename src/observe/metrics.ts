import type { Registry } from "prom-client";
import type { CommitReport } from "../log/committer.ts";
import { Asked, Spread, Tally } from "./tallies.ts";

/** What /metrics shows. Names follow Prometheus' conventions: base units, `_total` for counters. */
export class Metrics {
  readonly connections = new Tally("rollcall_connections", "Open sockets, by dialect", "gauge", true);
  readonly framesIn = new Tally("rollcall_frames_in_total", "Frames received", "counter");
  readonly published = new Tally(
    "rollcall_frames_published_total",
    "Frames given to a topic, each for all of its sockets",
    "counter",
  );
  readonly sent = new Tally("rollcall_frames_sent_total", "Frames sent to one socket", "counter");
  /** Counts the frames that were received and are not yet done with; asked whenever someone looks. */
  countWaiting: () => number = () => 0;
  readonly #waiting = new Asked("rollcall_frames_waiting", "Frames received and not yet done with", () =>
    this.countWaiting(),
  );
  readonly refusals = new Tally(
    "rollcall_refusals_total",
    "Requests refused and sockets closed by the server, by reason",
    "counter",
    true,
  );
  readonly tokensRefused = new Tally(
    "rollcall_tokens_refused_total",
    "Tokens and tickets refused, by reason",
    "counter",
    true,
  );
  readonly #batchEvents = new Spread(
    "rollcall_commit_events",
    "Events in one commit",
    [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000],
  );
  readonly #commitSeconds = new Spread(
    "rollcall_commit_seconds",
    "Time of one commit",
    [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5],
  );
  readonly #commitFailures = new Tally(
    "rollcall_commit_failures_total",
    "Commits that could not be written",
    "counter",
  );
  readonly #conflicts = new Tally(
    "rollcall_commit_conflicts_total",
    "Commits that were decided anew because another server was first",
    "counter",
  );
  /** How many classes and sessions this server holds; asked whenever someone looks. */
  countHeld: () => { readonly classes: number; readonly sessions: number } = () => ({
    classes: 0,
    sessions: 0,
  });
  readonly #sessions = new Asked(
    "rollcall_sessions_held",
    "Sessions in memory",
    () => this.countHeld().sessions,
  );
  readonly #classes = new Asked(
    "rollcall_classes_heard",
    "Classes whose news of other servers is heard",
    () => this.countHeld().classes,
  );
  #process: Promise<Registry> | null = null;

  committed({ events, seconds, failed, conflicted }: CommitReport): void {
    if (conflicted) this.#conflicts.inc();
    this.#batchEvents.observe(events);
    this.#commitSeconds.observe(seconds);
    if (failed) this.#commitFailures.inc();
  }

  /** The text that Prometheus reads, and its content type. */
  async exposition(): Promise<{ readonly body: string; readonly type: string }> {
    this.#process ??= ofProcess();
    const registry = await this.#process;
    const ours = [
      this.connections,
      this.framesIn,
      this.published,
      this.sent,
      this.#waiting,
      this.refusals,
      this.tokensRefused,
      this.#batchEvents,
      this.#commitSeconds,
      this.#commitFailures,
      this.#conflicts,
      this.#sessions,
      this.#classes,
    ];
    const body = [...ours.map(({ text }) => text), await registry.metrics()].join("\n");
    return { body, type: registry.contentType };
  }
}

/**
 * Memory, CPU and the event loop's lag (nodejs_eventloop_lag_seconds), which take a timer of 10 ms: loaded and watched
 * from when somebody first looks.
 */
async function ofProcess(): Promise<Registry> {
  const { collectDefaultMetrics, Registry } = await import("prom-client");
  const register = new Registry();
  collectDefaultMetrics({ register });
  return register;
}
