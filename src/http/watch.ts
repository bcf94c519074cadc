import { timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { failureAnswer, healthAnswer, liveAnswer } from "../../protocol/http.ts";
import { refuse } from "../core/errors.ts";
import { sha256 } from "../log/seal.ts";
import { failure, success } from "./answers.ts";
import { bearer } from "./bearer.ts";
import type { Page } from "./route.ts";

const JSON_TYPE = "application/json";
const CANNOT_SAVE = "The server cannot save right now";

const health: Page = {
  method: "GET",
  path: "/health",
  tag: "Operation",
  summary: "Whether the server can serve",
  description: "Asks the database to commit, at most once a second: an answer may be 1 s old.",
  answers: {
    200: {
      description: "It can serve.",
      type: JSON_TYPE,
      schema: z.object({ success: z.literal(true), data: healthAnswer }),
      example: { success: true, data: { status: "ok", database: "ok" } },
    },
    503: {
      description: "It cannot serve now, or is restarting; try again after `Retry-After` seconds.",
      type: JSON_TYPE,
      schema: failureAnswer.extend({ data: healthAnswer.optional() }),
      example: { success: false, error: CANNOT_SAVE, data: { status: "failing", database: "cannot commit" } },
    },
  },
  serve: async (parts) => {
    const answer = await parts.health.ask();
    if (answer.status !== "failing") return success(answer);
    const body = { success: false, error: CANNOT_SAVE, data: answer };
    return Response.json(body, { status: 503, headers: { "Retry-After": "2" } });
  },
};

const live: Page = {
  method: "GET",
  path: "/health/live",
  tag: "Operation",
  summary: "Whether the process answers",
  description:
    "Asks nothing else of it: a server whose database is away would not be mended by a restart. Send requests by `/health`, restart by this.",
  answers: {
    200: {
      description: "It does.",
      type: JSON_TYPE,
      schema: z.object({ success: z.literal(true), data: liveAnswer }),
      example: { success: true, data: { status: "ok" } },
    },
  },
  serve: () => success({ status: "ok" }),
};

const metrics: Page = {
  method: "GET",
  path: "/metrics",
  tag: "Operation",
  summary: "Figures for Prometheus",
  description:
    "In Prometheus' text format. Where the operator has set METRICS_TOKEN, it is asked for as a Bearer token.",
  answers: {
    200: {
      description: "The figures.",
      type: "text/plain",
      schema: z.string(),
      example: "# HELP rollcall_connections Open sockets, by dialect\n# TYPE rollcall_connections gauge\n",
    },
    401: {
      description: "METRICS_TOKEN is set, and this is not it.",
      type: JSON_TYPE,
      schema: failureAnswer,
      example: { success: false, error: "Unauthorized, token missing or invalid" },
    },
  },
  serve: async ({ metrics: figures, metricsToken }, request) => {
    const given = bearer(request.headers.get("Authorization"));
    if (metricsToken !== undefined && !alike(given ?? "", metricsToken))
      return failure(refuse("unauthorized"));
    const { body, type } = await figures.exposition();
    return new Response(body, { headers: { "Content-Type": type } });
  },
};

/** Whether two secrets are alike, in a time that tells nothing of where they differ. */
const alike = (a: string, b: string): boolean =>
  timingSafeEqual(Buffer.from(sha256(a)), Buffer.from(sha256(b)));

/** /health, /health/live and /metrics: what an operator watches. */
export const watchPages: readonly Page[] = [health, live, metrics];
