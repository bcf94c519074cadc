import { timingSafeEqual } from "node:crypto";
import type { Authenticate } from "../commands/authenticate.ts";
import type { Visit } from "../commands/visit.ts";
import { ok, type Result, refuse } from "../core/errors.ts";
import type { Actor } from "../core/people.ts";
import type { Asked } from "../hub/connection.ts";
import type { BrowserSessions } from "../ports/browser-sessions.ts";
import { bearer } from "./bearer.ts";
import { type EntryParts, HttpVisit } from "./visit.ts";

interface Parts {
  readonly byToken: Authenticate["byToken"];
  readonly browsers: Pick<BrowserSessions, "csrfToken">;
}

/**
 * AC10: who opens a socket by a cookie: null unless the request has one and comes from a page of ours, else what finds
 * out who that is. A browser names its page's origin with every socket.
 */
export function cookieOf(parts: EntryParts, asked: Asked): (() => Promise<Actor | null>) | null {
  const visit = new HttpVisit(parts, asked);
  if (visit.cookie("browser") === null || !visit.isOwn || asked.headers.get("origin") === null) return null;
  return async () => (await visit.signedIn())?.actor ?? null;
}

export const CSRF_HEADER = "X-CSRF-Token";
const READS: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/**
 * AC8: who sends a request; null where that is nobody. One with Authorization lives by that alone. One that lives by
 * its cookie must come from a page of ours, and where it changes anything, say so and carry the CSRF token.
 */
export async function whoAsks(
  { byToken, browsers }: Parts,
  { method, headers }: Request,
  visit: Visit,
): Promise<Result<Actor | null, "bad-origin" | "bad-csrf">> {
  const authorization = headers.get("authorization");
  if (authorization !== null) return ok(await byToken(bearer(authorization)));
  if (visit.cookie("browser") === null) return ok(await byToken(null));
  const signedIn = await visit.signedIn();
  if (!signedIn) return ok(null);
  const changes = !READS.has(method);
  if (!visit.isOwn || (changes && headers.get("origin") === null)) return refuse("bad-origin");
  if (changes && !alike(headers.get(CSRF_HEADER) ?? "", browsers.csrfToken(signedIn.secret)))
    return refuse("bad-csrf");
  return ok(signedIn.actor);
}

/** The token has one length: what it is tells nothing. */
const alike = (given: string, right: string): boolean =>
  given.length === right.length && timingSafeEqual(Buffer.from(given), Buffer.from(right));
