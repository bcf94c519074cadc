import pino from "pino";
import pretty from "pino-pretty";
import type { Config } from "../config.ts";

export type Log = pino.Logger;

/** Structured logs on stderr: JSON lines, or a readable form where stderr is a terminal. */
export function createLog(level: Config["LOG_LEVEL"]): Log {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  return process.stderr.isTTY
    ? pino(options, pretty({ destination: 2, sync: true }))
    : pino(options, pino.destination({ fd: 2, sync: true }));
}
