import { Hono, type Context as HonoContext, type HonoRequest } from "hono";
import type { Authenticate } from "../commands/authenticate.ts";
import type { Context } from "../commands/context.ts";
import type { Visit } from "../commands/visit.ts";
import { ok, refuse } from "../core/errors.ts";
import type { HealthCheck } from "../observe/health.ts";
import type { Metrics } from "../observe/metrics.ts";
import { download, failure, success } from "./answers.ts";
import { bearer } from "./bearer.ts";
import { readJson } from "./body.ts";
import { originOf, proxiesOf } from "./client-address.ts";
import { documentPages } from "./docs/pages.ts";
import { cors, securityHeaders } from "./headers.ts";
import type { RequestLog } from "./request-log.ts";
import type { Page, Route } from "./route.ts";
import { attendanceRoutes } from "./routes/attendance.ts";
import { authRoutes } from "./routes/auth.ts";
import { classRoutes } from "./routes/classes.ts";
import { sessionRoutes } from "./routes/sessions.ts";
import { staticPages } from "./static.ts";
import { watchPages } from "./watch.ts";
import { webPages } from "./web-app.ts";

export interface HttpParts {
  readonly context: Context;
  readonly authenticate: Authenticate["byToken"];
  readonly health: HealthCheck;
  readonly metrics: Metrics;
  readonly requests: RequestLog;
  readonly metricsToken: string | undefined;
  readonly bodyBytesMax: number;
  readonly trustProxy: string | undefined;
}

/** Answers a request of the peer at this address. */
export type ServeHttp = (request: Request, peer: string) => Promise<Response>;

/** Every route that runs a command. */
export const ROUTES: readonly Route[] = [
  ...authRoutes,
  ...classRoutes,
  ...attendanceRoutes,
  ...sessionRoutes,
];

/** Every other address: health and metrics, pages, and the documents, which describe all of these. */
export const PAGES: readonly Page[] = [
  ...webPages,
  ...watchPages,
  ...staticPages,
  ...documentPages(() => ({ routes: ROUTES, pages: PAGES })),
];

/** The HTTP side: routes, pages, health and metrics; every other path a JSON 404, every other method a 405. */
export function createHttp(parts: HttpParts): ServeHttp {
  const peers = new WeakMap<Request, string>();
  const trusted = proxiesOf(parts.trustProxy);
  const visitOf = ({ raw }: HonoRequest): Visit => originOf(peers.get(raw) ?? "", raw.headers, trusted);
  const router = createRouter({
    route: (route, c) => answer(parts, route, c, visitOf(c.req)),
    page: (page, c) => page.serve(parts, c.req.raw),
  });
  router.onError((error, c) => {
    parts.context.troubled("a request failed", error, { request: parts.requests.idOf(c.req.raw) });
    return failure(refuse("internal"));
  });
  return (request, peer) => {
    peers.set(request, peer);
    return parts.requests.around(request, () => router.fetch(request));
  };
}

interface Respond {
  readonly route: (route: Route, c: HonoContext) => Promise<Response>;
  readonly page: (page: Page, c: HonoContext) => Promise<Response> | Response;
}

/** Every address, whoever responds: the tests compare its routes with the documents. */
export function createRouter(respond: Respond): Hono {
  const router = new Hono();
  router.use(cors, securityHeaders);
  for (const route of ROUTES) router.on(route.method, route.path, (c) => respond.route(route, c));
  for (const page of PAGES) router.on(page.method, page.path, (c) => respond.page(page, c));
  refuseOtherMethods(router);
  router.notFound(() => failure(refuse("not-found")));
  return router;
}

async function answer(
  parts: HttpParts,
  { command, status, beside, file, query }: Route,
  c: HonoContext,
  visit: Visit,
): Promise<Response> {
  const where = { request: parts.requests.idOf(c.req.raw) };
  const isPublic = command.roles === "anyone";
  const actor = isPublic ? null : await parts.authenticate(bearer(c.req.header("Authorization")));
  const raw = async () => {
    const body = await readJson(c.req.raw, parts.bodyBytesMax);
    const asked = query && pick(c.req.query(), query);
    return body.ok && isObject(body.value) ? ok({ ...body.value, ...asked, ...c.req.param() }) : body;
  };
  const result = await command.execute(parts.context, { actor, raw, via: "http", where, visit });
  if (!result.ok) return failure(result);
  return file
    ? download(file.of(result.value), file.type)
    : success(result.value, status, beside?.of(result.value));
}

const pick = (from: Readonly<Record<string, string>>, names: readonly string[]) =>
  Object.fromEntries(names.flatMap((name) => (name in from ? [[name, from[name]]] : [])));

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A known path with another method says which methods it has. */
function refuseOtherMethods(app: Hono): void {
  const methods = new Map<string, Set<string>>();
  for (const { method, path } of app.routes) {
    if (method !== "ALL") methods.set(path, (methods.get(path) ?? new Set()).add(method));
  }
  for (const [path, known] of methods) {
    const Allow = [...known, ...(known.has("GET") ? ["HEAD"] : []), "OPTIONS"].join(", ");
    app.all(path, () => failure(refuse("method-not-allowed"), { Allow }));
  }
}
