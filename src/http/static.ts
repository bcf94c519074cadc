import type { Hono } from "hono";
import home from "../../web/static/home.html" with { type: "text" };
import css from "../../web/static/index.css" with { type: "text" };
import page from "../../web/static/index.html" with { type: "text" };
import script from "../../web/static/index.js" with { type: "text" };

const HTML = "text/html; charset=utf-8";

const FILES: readonly (readonly [path: string, body: unknown, type: string])[] = [
  ["/", home, HTML],
  ["/static/index.html", page, HTML],
  ["/static/index.css", css, "text/css; charset=utf-8"],
  ["/static/index.js", script, "text/javascript; charset=utf-8"],
];

/** The pages that come with the server, held in memory so that one binary carries them. */
export function addStaticRoutes(app: Hono): void {
  for (const [path, body, type] of FILES) {
    const headers = { "Content-Type": type, "Cache-Control": "no-cache" };
    app.get(path, () => new Response(String(body), { headers }));
  }
}
