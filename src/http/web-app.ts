import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { z } from "zod";
import { failureAnswer } from "../../protocol/http.ts";
import { SCREENS } from "../../protocol/screens.ts";
import { REFUSALS, refuse } from "../core/errors.ts";
import { failure } from "./answers.ts";
import { cached, etagOf, once } from "./docs/cached.ts";
import type { Page } from "./route.ts";

/** Where `npm start` builds the web app. */
const FOLDER = join(import.meta.dir, "..", "..", "dist", "web");
const HTML = "text/html; charset=utf-8";
const JSON_TYPE = "application/json";
const SCRIPT = "text/javascript; charset=utf-8";
const TYPES: Readonly<Record<string, string>> = {
  ".js": SCRIPT,
  ".css": "text/css; charset=utf-8",
  ".json": JSON_TYPE,
  ".webmanifest": "application/manifest+json",
  ".png": "image/png",
};
/** No inline script; Mantine sets its variables in a style of its own. */
const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const FOR_EVER = "public, max-age=31536000, immutable";

/** The files of the built app by name, without their compressed forms; none where it has not been built. */
const files = once((): ReadonlySet<string> => {
  try {
    return new Set(readdirSync(FOLDER).filter((name) => !/\.(br|gz)$/.test(name)));
  } catch {
    return new Set();
  }
});
const entry = once(() => {
  const html = readFileSync(join(FOLDER, "index.html"), "utf8");
  return { html, etag: etagOf(html) };
});
const WORKER = "service-worker.js";
const worker = once(() => {
  const script = readFileSync(join(FOLDER, WORKER), "utf8");
  return { script, etag: etagOf(script) };
});

const FILE_OR_NOT: Page["answers"] = {
  200: { description: "The file.", type: "text/javascript", schema: z.string(), example: "import …" },
  404: {
    description: "Not found",
    type: JSON_TYPE,
    schema: failureAnswer.extend({ error: z.literal("Not found") }),
    example: { success: false, error: "Not found" },
  },
};

/** The app's own screens and what they need; every other unknown path stays a JSON 404. */
export const webPages: readonly Page[] = [
  ...Object.entries(SCREENS).map(screen),
  // People know it by this address; it is the same page, which shows the video classroom alone there.
  screen(["the video classroom", "/static/classroom.html"]),
  asset(),
  serviceWorker(),
];

function screen([name, path]: [string, string]): Page {
  return {
    method: "GET",
    path,
    tag: "Pages",
    summary: `The web app: ${name}`,
    description:
      "A screen of the web app. Each is the same page, which then shows what the address says. 503 where the app was never built.",
    answers: {
      200: { description: "The page.", type: HTML, schema: z.string(), example: "<!doctype html>…" },
      503: {
        description: "Not built, or the server is about to end.",
        type: JSON_TYPE,
        schema: failureAnswer.extend({
          error: z.enum([REFUSALS["not-built"].text, REFUSALS["shutting-down"].text]),
        }),
        example: { success: false, error: REFUSALS["not-built"].text },
      },
    },
    serve: ({ context }, request) => serveScreen(request, context.calls?.url ?? null),
  };
}

function serveScreen(request: Request, livekit: string | null): Response {
  if (!files().has("index.html")) return failure(refuse("not-built"));
  const { html, etag } = entry();
  return cached(
    request,
    { body: html, type: HTML, etag },
    { "Content-Security-Policy": policyWith(livekit) },
  );
}

/** LiveKit is reached by a socket, and asked over http why it refused one. */
function policyWith(livekit: string | null): string {
  if (livekit === null) return POLICY;
  const { origin } = new URL(livekit);
  return `${POLICY}; connect-src 'self' ${origin} ${origin.replace(/^ws/, "http")}`;
}

function serviceWorker(): Page {
  return {
    method: "GET",
    path: `/${WORKER}`,
    tag: "Pages",
    summary: "The web app's service worker",
    description:
      "Keeps the web app's page, scripts, styles and words on the device, so that it opens without a network; never an answer of the API. Stands at the root, for what it serves does.",
    answers: FILE_OR_NOT,
    serve: (_, request) => {
      if (!files().has(WORKER)) return failure(refuse("not-found"));
      const { script, etag } = worker();
      return cached(request, { body: script, type: SCRIPT, etag });
    },
  };
}

function asset(): Page {
  return {
    method: "GET",
    path: "/assets/:file",
    tag: "Pages",
    summary: "A file of the web app",
    description:
      "A script, a style or the words of a language. Its name has a hash of its content, so it may be kept for ever. Answered as Brotli or gzip to those who take it.",
    answers: FILE_OR_NOT,
    serve: (_, request) => serveAsset(request),
  };
}

function serveAsset(request: Request): Response {
  const name = new URL(request.url).pathname.split("/").at(-1) ?? "";
  const type = TYPES[extname(name)];
  if (!type || name === WORKER || !files().has(name)) return failure(refuse("not-found"));
  const [ending, encoding] =
    type === "image/png" ? PLAIN : chosen(request.headers.get("Accept-Encoding") ?? "");
  return new Response(Bun.file(join(FOLDER, `${name}${ending}`)), {
    headers: {
      "Content-Type": type,
      "Cache-Control": FOR_EVER,
      Vary: "Accept-Encoding",
      ...(encoding && { "Content-Encoding": encoding }),
    },
  });
}

const PLAIN = ["", ""] as const;

/** The smallest form that the client takes: the ending of its file, and what it is called. */
function chosen(accepted: string): readonly [ending: string, encoding: string] {
  const takes = (encoding: string) =>
    new RegExp(`\\b${encoding}\\b(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$))`).test(accepted);
  if (takes("br")) return [".br", "br"];
  return takes("gzip") ? [".gz", "gzip"] : PLAIN;
}
