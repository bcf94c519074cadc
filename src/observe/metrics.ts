import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { CommitReport } from "../log/committer.ts";

/** What /metrics shows. Names follow Prometheus' conventions: base units, `_total` for counters. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #register = { registers: [this.#registry] };

  readonly connections = new Gauge({
    name: "rollcall_connections",
    help: "Open sockets, by dialect",
    labelNames: ["dialect"] as const,
    ...this.#register,
  });
  readonly framesIn = new Counter({
    name: "rollcall_frames_in_total",
    help: "Frames received",
    ...this.#register,
  });
  readonly published = new Counter({
    name: "rollcall_frames_published_total",
    help: "Frames given to a topic, each for all of its sockets",
    ...this.#register,
  });
  readonly sent = new Counter({
    name: "rollcall_frames_sent_total",
    help: "Frames sent to one socket",
    ...this.#register,
  });
  /** Counts the frames that were received and are not yet done with; asked whenever someone looks. */
  countWaiting: () => number = () => 0;
  readonly refusals = new Counter({
    name: "rollcall_refusals_total",
    help: "Requests refused and sockets closed by the server, by reason",
    labelNames: ["reason"] as const,
    ...this.#register,
  });
  readonly tokensRefused = new Counter({
    name: "rollcall_tokens_refused_total",
    help: "Tokens and tickets refused, by reason",
    labelNames: ["reason"] as const,
    ...this.#register,
  });
  readonly #batchEvents = new Histogram({
    name: "rollcall_commit_events",
    help: "Events in one commit",
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000],
    ...this.#register,
  });
  readonly #commitSeconds = new Histogram({
    name: "rollcall_commit_seconds",
    help: "Time of one commit",
    buckets: [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5],
    ...this.#register,
  });
  readonly #commitFailures = new Counter({
    name: "rollcall_commit_failures_total",
    help: "Commits that could not be written",
    ...this.#register,
  });

  constructor() {
    const count = () => this.countWaiting();
    new Gauge({
      name: "rollcall_frames_waiting",
      help: "Frames received and not yet done with",
      collect() {
        this.set(count());
      },
      ...this.#register,
    });
    // Event-loop lag is among these: nodejs_eventloop_lag_seconds.
    collectDefaultMetrics({ register: this.#registry });
  }

  committed({ events, seconds, failed }: CommitReport): void {
    this.#batchEvents.observe(events);
    this.#commitSeconds.observe(seconds);
    if (failed) this.#commitFailures.inc();
  }

  /** The text that Prometheus reads, and its content type. */
  async exposition(): Promise<{ readonly body: string; readonly type: string }> {
    return { body: await this.#registry.metrics(), type: this.#registry.contentType };
  }
}
