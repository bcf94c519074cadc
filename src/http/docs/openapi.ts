import { nextTurn } from "../../log/next-turn.ts";
import { type Page, type Route, TAGS } from "../route.ts";
import { about } from "./about.ts";
import { type Operation, pageOperation, routeOperation, templated } from "./operation.ts";
import { type JsonSchema, Schemas } from "./schemas.ts";

/** An OpenAPI 3.1 document, as far as we read it ourselves. */
export interface OpenApi {
  readonly openapi: "3.1.0";
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<
    Record<"schemas" | "responses" | "securitySchemes", Readonly<Record<string, JsonSchema>>>
  >;
}

const DESCRIPTION = `Live attendance in class. A teacher starts a session and marks students; every screen of the class shows it at once.

Every answer is JSON: \`{"success":true,"data":…}\` or \`{"success":false,"error":"…"}\`, and the error texts are part of the contract. \`data\` may gain fields. Checks come in this order: token (401), role (403), body and ids (400), existence (404), ownership (403). A known path with another method is 405 with \`Allow\`, an unknown path 404.

The socket events are described at [/docs/events](/docs/events).`;

/** The document of every address, made from the schemas that check what is sent there. */
export async function openApi(routes: readonly Route[], pages: readonly Page[]): Promise<OpenApi> {
  const parts = { schemas: new Schemas("draft-2020-12"), responses: {} };
  const paths: Record<string, Record<string, Operation>> = {};
  for (const address of [...routes, ...pages]) {
    await nextTurn();
    const at = templated(address.path);
    const operation = "command" in address ? routeOperation(address, parts) : pageOperation(address, parts);
    paths[at] = { ...paths[at], [address.method.toLowerCase()]: operation };
  }
  const document = {
    openapi: "3.1.0" as const,
    info: { ...about, summary: "Live attendance", description: DESCRIPTION },
    servers: [{ url: "/", description: "This server" }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
  };
  const { schemas, responses } = parts;
  return {
    ...document,
    components: { schemas: schemas.named, responses, securitySchemes: { token, cookie } },
  };
}

const cookie = {
  type: "apiKey",
  in: "cookie",
  name: "rollcall_session",
  description:
    "The cookie of `POST /auth/session`, over https with `__Host-` before its name. It counts where there is no `Authorization`, for pages of this server and of ALLOWED_ORIGINS; a change also carries the `csrfToken` in `X-CSRF-Token`.",
};
const token = {
  type: "http",
  scheme: "bearer",
  bearerFormat: "JWT",
  description: "The token of `POST /auth/login`. The word `Bearer` may be left out.",
};
