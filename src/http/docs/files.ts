import favicon from "swagger-ui-dist/favicon-32x32.png" with { type: "file" };
import swagger from "swagger-ui-dist/package.json" with { type: "json" };
import swaggerCss from "swagger-ui-dist/swagger-ui.css" with { type: "file" };
import swaggerScript from "swagger-ui-dist/swagger-ui-bundle.js" with { type: "file" };
import css from "../../../web/static/docs.css" with { type: "text" };
import script from "../../../web/static/docs.js" with { type: "text" };
import { etagOf, type Served } from "./cached.ts";

const CSS = "text/css; charset=utf-8";
const SCRIPT = "text/javascript; charset=utf-8";

const ofSwagger = (path: string, type: string) => (): Served => ({
  body: Bun.file(path),
  type,
  etag: `"swagger-ui-${swagger.version}"`,
});
const own = (text: string, type: string) => (): Served => ({ body: text, type, etag: etagOf(text) });

/** The files that the documents' pages need, by name. Swagger UI's are read from disk, or from the binary that carries them. */
export const FILES: ReadonlyMap<string, () => Served> = new Map([
  ["swagger-ui.css", ofSwagger(swaggerCss, CSS)],
  ["swagger-ui-bundle.js", ofSwagger(swaggerScript, SCRIPT)],
  ["favicon.png", ofSwagger(favicon, "image/png")],
  ["docs.css", own(css, CSS)],
  ["docs.js", own(script, SCRIPT)],
]);
