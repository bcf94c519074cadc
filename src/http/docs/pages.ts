import { z } from "zod";
import { failureAnswer } from "../../../protocol/http.ts";
import page from "../../../web/static/docs.html" with { type: "text" };
import { refuse } from "../../core/errors.ts";
import { failure } from "../answers.ts";
import type { Page, Route } from "../route.ts";
import { asyncApi } from "./asyncapi.ts";
import { cached, etagOf, once, type Served } from "./cached.ts";
import { eventsPage } from "./events-page.ts";
import { FILES } from "./files.ts";
import { openApi } from "./openapi.ts";
import { plainReference } from "./plain-messages.ts";
import { socketIoReference } from "./socket-io-messages.ts";
import { v1Reference } from "./v1-messages.ts";

const HTML = "text/html; charset=utf-8";
const JSON_TYPE = "application/json";
/** Swagger UI sets styles of its own; no script but our files runs. */
const POLICY = {
  "Content-Security-Policy":
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
};

/** The dialects in the order in which the reference tells of them. */
export const dialects = () => [plainReference(), v1Reference(), socketIoReference()];

/** The documents and the pages that show them. They are made when somebody first asks, of what `all` then gives. */
export function documentPages(
  all: () => { readonly routes: readonly Route[]; readonly pages: readonly Page[] },
): Page[] {
  const http = once(() => openApi(all().routes, all().pages));
  const events = once(() => asyncApi(dialects()));
  return [
    shown(
      "/docs",
      "The HTTP reference",
      "This reference: Swagger UI over `/docs/openapi.json`.",
      once(() => served(String(page), HTML)),
    ),
    shown(
      "/docs/events",
      "The socket reference",
      "Every event of the three dialects, to read.",
      once(async () => served(await eventsPage(await events()), HTML)),
    ),
    told(
      "/docs/openapi.json",
      "The HTTP reference for programs",
      "OpenAPI 3.1.",
      { openapi: "3.1.0" },
      once(async () => json(await http())),
    ),
    told(
      "/docs/asyncapi.json",
      "The socket reference for programs",
      "AsyncAPI 3.0.",
      { asyncapi: "3.0.0" },
      once(async () => json(await events())),
    ),
    files,
  ];
}

const served = (body: string, type: string): Served => ({ body, type, etag: etagOf(body) });
const json = (document: unknown): Served => served(JSON.stringify(document), JSON_TYPE);

type Make = () => Served | Promise<Served>;

const shown = (path: string, summary: string, description: string, make: Make): Page => ({
  method: "GET",
  path,
  tag: "Pages",
  summary,
  description,
  answers: { 200: { description: "The page.", type: HTML, schema: z.string(), example: "<!doctype html>…" } },
  serve: async (_, request) => cached(request, await make(), POLICY),
});

const told = (path: string, summary: string, standard: string, example: unknown, make: Make): Page => ({
  method: "GET",
  path,
  tag: "Pages",
  summary,
  description: `${standard} Made from the schemas that check what is sent.`,
  answers: {
    200: { description: "The document.", type: JSON_TYPE, schema: z.looseObject({}), example },
  },
  serve: async (_, request) => cached(request, await make()),
});

const files: Page = {
  method: "GET",
  path: "/docs/files/:file",
  tag: "Pages",
  summary: "A file of these pages",
  description:
    "Styles, scripts and the icon of the reference, Swagger UI's among them; nothing comes from elsewhere.",
  answers: {
    200: { description: "The file.", type: "text/css", schema: z.string(), example: ".swagger-ui {…}" },
    404: {
      description: "Not found",
      type: JSON_TYPE,
      schema: failureAnswer.extend({ error: z.literal("Not found") }),
      example: { success: false, error: "Not found" },
    },
  },
  serve: (_, request) => {
    const make = FILES.get(new URL(request.url).pathname.split("/").at(-1) ?? "");
    return make ? cached(request, make()) : failure(refuse("not-found"));
  },
};
