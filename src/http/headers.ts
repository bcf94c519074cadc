import type { HonoRequest, MiddlewareHandler } from "hono";
import { CSRF_HEADER } from "./entry.ts";

/** What must be known of the server's surroundings to answer a browser. */
export interface Surroundings {
  /** Whether the operator lets pages of this origin act by a cookie. */
  isListed(origin: string): boolean;
  /** Whether the browser asks over https. */
  readonly isSecure: (request: HonoRequest) => boolean;
}

export const NOWHERE_SPECIAL: Surroundings = {
  isListed: () => false,
  isSecure: () => false,
};

const EXPOSED = { "Access-Control-Expose-Headers": "Retry-After" };
const PREFLIGHT = {
  "Access-Control-Allow-Methods": "GET, POST, PATCH, DELETE, OPTIONS",
  "Access-Control-Allow-Headers": `Authorization, Content-Type, ${CSRF_HEADER}`,
  "Access-Control-Max-Age": "86400",
};

/**
 * What carries a token is served from any origin, without credentials. Pages of the origins that the operator lists
 * may use their cookie too.
 */
export const cors =
  ({ isListed }: Surroundings): MiddlewareHandler =>
  async (c, next) => {
    const origin = c.req.header("Origin");
    const allowed =
      origin !== undefined && isListed(origin)
        ? { "Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true" }
        : { "Access-Control-Allow-Origin": "*" };
    const headers = { ...allowed, ...EXPOSED };
    if (c.req.method === "OPTIONS")
      return new Response(null, { status: 204, headers: { ...headers, ...PREFLIGHT, Vary: "Origin" } });
    await next();
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
    c.res.headers.append("Vary", "Origin");
  };

const CSP = "Content-Security-Policy";
const DEFAULT_POLICY =
  "default-src 'self'; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
const TWO_YEARS_S = 63_072_000;

/** No inline script, no framing, no guessing of types, and https for good once it was https; answers with people's data are not kept by caches. */
export const securityHeaders =
  ({ isSecure }: Surroundings): MiddlewareHandler =>
  async (c, next) => {
    await next();
    const { headers } = c.res;
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    if (isSecure(c.req)) headers.set("Strict-Transport-Security", `max-age=${TWO_YEARS_S}`);
    if (!headers.has(CSP)) headers.set(CSP, DEFAULT_POLICY);
    if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");
  };
