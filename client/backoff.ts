import type { CLOSE } from "../protocol/v1.ts";

/** What to do once a socket is closed: docs/PROTOCOL.md has the table. */
export type Retry = "soon" | "later" | "with-new-credentials" | "never";

const LATER = [1008, 1013];
const NEW_CREDENTIALS: (typeof CLOSE)["unauthorized"] = 4401;
const NO_FIRST_FRAME: (typeof CLOSE)["noFirstFrame"] = 4408;

/** Whether and when to connect again after this close code. Codes 4400 to 4499 that are not known say: never. */
export function retryAfter(code: number): Retry {
  if (LATER.includes(code)) return "later";
  if (code === NEW_CREDENTIALS) return "with-new-credentials";
  return code >= 4400 && code < 4500 && code !== NO_FIRST_FRAME ? "never" : "soon";
}

const BASE_MS = 500;
const CAP_MS = 30_000;
/** "later" waits at least this long: whoever was too fast or too many has to make room first. */
const LATER_MS = 5000;

/** Full jitter: anything between nothing and a bound that doubles, so that a thousand clients do not come back at once. */
export class Backoff {
  #tries = 0;

  constructor(private readonly random: () => number) {}

  /** How long to wait before the next try, in milliseconds; `cap` is the most, before what "later" adds. */
  next(retry: Retry, cap = CAP_MS): number {
    const most = Math.min(cap, BASE_MS * 2 ** this.#tries++);
    return this.random() * most + (retry === "later" ? LATER_MS : 0);
  }

  /** It went well: the next wait is a short one again. */
  reset(): void {
    this.#tries = 0;
  }
}
