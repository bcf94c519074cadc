import pino from "pino";
import type { Config } from "../config.ts";

export type Log = pino.Logger;

/** Structured logs on stderr: JSON lines, or a readable form where stderr is a terminal. */
export async function createLog(level: Config["LOG_LEVEL"]): Promise<Log> {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (!process.stderr.isTTY) return pino(options, pino.destination({ fd: 2, sync: true }));
  // What makes it readable takes as long to load as the rest of the log.
  const { default: pretty } = await import("pino-pretty");
  return pino(options, pretty({ destination: 2, sync: true }));
}
