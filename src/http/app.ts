import { Hono, type Context as HonoContext, type HonoRequest } from "hono";
import type { Authenticate } from "../commands/authenticate.ts";
import type { Context } from "../commands/context.ts";
import { ok, refuse } from "../core/errors.ts";
import type { HealthCheck } from "../observe/health.ts";
import type { Metrics } from "../observe/metrics.ts";
import { download, failure, success } from "./answers.ts";
import { readJson } from "./body.ts";
import { documentPages } from "./docs/pages.ts";
import { whoAsks } from "./entry.ts";
import { cors, NOWHERE_SPECIAL, type Surroundings, securityHeaders } from "./headers.ts";
import { outsidePages } from "./outside-pages.ts";
import type { RequestLog } from "./request-log.ts";
import type { Page, Route } from "./route.ts";
import { accountRoutes } from "./routes/account.ts";
import { adminRoutes } from "./routes/admin.ts";
import { attendanceRoutes } from "./routes/attendance.ts";
import { authRoutes } from "./routes/auth.ts";
import { browserRoutes } from "./routes/browsers.ts";
import { classRoutes } from "./routes/classes.ts";
import { sessionRoutes } from "./routes/sessions.ts";
import { videoPages, videoRoutes } from "./routes/video.ts";
import { staticPages } from "./static.ts";
import { type EntryParts, HttpVisit } from "./visit.ts";
import { watchPages } from "./watch.ts";
import { webPages } from "./web-app.ts";

export interface HttpParts {
  readonly context: Context;
  readonly byToken: Authenticate["byToken"];
  readonly entry: EntryParts;
  readonly health: HealthCheck;
  readonly metrics: Metrics;
  readonly requests: RequestLog;
  readonly metricsToken: string | undefined;
  readonly bodyBytesMax: number;
}

/** Answers a request of the peer at this address. */
export type ServeHttp = (request: Request, peer: string) => Promise<Response>;

/** Every route that runs a command. */
export const ROUTES: readonly Route[] = [
  ...authRoutes,
  ...browserRoutes,
  ...accountRoutes,
  ...adminRoutes,
  ...classRoutes,
  ...attendanceRoutes,
  ...sessionRoutes,
  ...videoRoutes,
];

/** Every other address: health and metrics, pages, and the documents, which describe all of these. */
export const PAGES: readonly Page[] = [
  ...webPages,
  ...watchPages,
  ...outsidePages,
  ...videoPages,
  ...staticPages,
  ...documentPages(() => ({ routes: ROUTES, pages: PAGES })),
];

/** The HTTP side: routes, pages, health and metrics; every other path a JSON 404, every other method a 405. */
export function createHttp(parts: HttpParts): ServeHttp {
  const visits = new WeakMap<Request, HttpVisit>();
  const visitOf = ({ raw }: HonoRequest): HttpVisit => found(visits.get(raw));
  const router = createRouter(
    {
      route: (route, c) => answer(parts, route, c, visitOf(c.req)),
      page: async (page, c) => {
        const visit = visitOf(c.req);
        return withCookies(await page.serve(parts, c.req.raw, visit), visit);
      },
    },
    {
      isListed: (origin) => parts.entry.origins.isListed(origin),
      isSecure: (request) => visitOf(request).secure,
    },
  );
  router.onError((error, c) => {
    parts.context.troubled("a request failed", error, { request: parts.requests.idOf(c.req.raw) });
    return failure(refuse("internal"));
  });
  return (request, peer) => {
    const { headers } = request;
    visits.set(request, new HttpVisit(parts.entry, { url: new URL(request.url), headers, peer }));
    return parts.requests.around(request, () => router.fetch(request));
  };
}

interface Respond {
  readonly route: (route: Route, c: HonoContext) => Promise<Response>;
  readonly page: (page: Page, c: HonoContext) => Promise<Response> | Response;
}

/** Every address, whoever responds: the tests compare its routes with the documents. */
export function createRouter(respond: Respond, surroundings: Surroundings = NOWHERE_SPECIAL): Hono {
  const router = new Hono();
  router.use(cors(surroundings), securityHeaders(surroundings));
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
  visit: HttpVisit,
): Promise<Response> {
  const where = { request: parts.requests.idOf(c.req.raw) };
  const isPublic = command.roles === "anyone";
  const { byToken, context } = parts;
  const who = isPublic ? ok(null) : await whoAsks({ byToken, browsers: context.browsers }, c.req.raw, visit);
  if (!who.ok) {
    context.refused(who.code);
    return failure(who);
  }
  const actor = who.value;
  const raw = async () => {
    const body = await readJson(c.req.raw, parts.bodyBytesMax);
    const asked = query && pick(c.req.query(), query);
    return body.ok && isObject(body.value) ? ok({ ...body.value, ...asked, ...c.req.param() }) : body;
  };
  const result = await command.execute(context, { actor, raw, via: "http", where, visit });
  if (!result.ok) return failure(result);
  const response = file
    ? download(file.of(result.value), file.type)
    : success(result.value, status, beside?.of(result.value));
  return withCookies(response, visit);
}

function withCookies(response: Response, { setCookies }: HttpVisit): Response {
  for (const cookie of setCookies) response.headers.append("Set-Cookie", cookie);
  return response;
}

function found(visit: HttpVisit | undefined): HttpVisit {
  if (!visit) throw new Error("a request came in past the door");
  return visit;
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
