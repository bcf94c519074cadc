import { z } from "zod";
import icon from "../../web/static/icon.svg" with { type: "text" };
import css from "../../web/static/index.css" with { type: "text" };
import page from "../../web/static/index.html" with { type: "text" };
import script from "../../web/static/index.js" with { type: "text" };
import type { Page } from "./route.ts";

const HTML = "text/html; charset=utf-8";
const CSS = "text/css; charset=utf-8";
const SCRIPT = "text/javascript; charset=utf-8";

type File = readonly [path: string, body: unknown, type: string, summary: string, example: string];

const FILES: readonly File[] = [
  ["/static/index.html", page, HTML, "Try everything by hand", "<!doctype html>…"],
  ["/static/icon.svg", icon, "image/svg+xml", "The sign of these pages", "<svg>…</svg>"],
  ["/static/index.css", css, CSS, "The look of these pages", ":root {…}"],
  ["/static/index.js", script, SCRIPT, "What moves the page to try everything by hand", "const sender = …"],
];

/** The pages that come with the server, held in memory so that one binary carries them. */
export const staticPages: readonly Page[] = FILES.map(([path, body, type, summary, example]) => ({
  method: "GET",
  path,
  tag: "Pages",
  summary,
  description: `${summary}: a file that comes with the server, the same for everyone.`,
  answers: { 200: { description: "The file.", type, schema: z.string(), example } },
  serve: () => new Response(String(body), { headers: { "Content-Type": type, "Cache-Control": "no-cache" } }),
}));
