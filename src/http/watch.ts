import { timingSafeEqual } from "node:crypto";
import type { Hono } from "hono";
import { refuse } from "../core/errors.ts";
import { sha256 } from "../log/seal.ts";
import { failure, success } from "./answers.ts";
import type { HttpParts } from "./app.ts";
import { bearer } from "./bearer.ts";

/** /health and /metrics: what an operator watches. */
export function addWatchRoutes(app: Hono, { health, metrics, metricsToken }: HttpParts): void {
  app.get("/health", async () => {
    const answer = await health.ask();
    if (answer.status === "ok") return success(answer);
    const body = { success: false, error: "The server cannot save right now", data: answer };
    return Response.json(body, { status: 503, headers: { "Retry-After": "2" } });
  });
  app.get("/metrics", async (c) => {
    const given = bearer(c.req.header("Authorization"));
    if (metricsToken !== undefined && !alike(given ?? "", metricsToken))
      return failure(refuse("unauthorized"));
    const { body, type } = await metrics.exposition();
    return new Response(body, { headers: { "Content-Type": type } });
  });
}

/** Whether two secrets are alike, in a time that tells nothing of where they differ. */
const alike = (a: string, b: string): boolean =>
  timingSafeEqual(Buffer.from(sha256(a)), Buffer.from(sha256(b)));
