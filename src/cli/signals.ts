import type { Log } from "../observe/log.ts";

/**
 * Ends the process gracefully on SIGTERM or SIGINT, at once on a second one, and in any case after `patienceMs`.
 * Returns what ends it for another reason.
 */
export function endOnSignals(patienceMs: number, log: Log, stop: () => Promise<void>): () => void {
  let ending = false;
  const end = () => {
    if (ending) process.exit(1);
    ending = true;
    setTimeout(() => {
      log.error("the shutdown took too long and was cut short; everything acknowledged is on disk");
      process.exit(0);
    }, patienceMs).unref();
    log.info("shutting down");
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, "the shutdown failed");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  return end;
}
