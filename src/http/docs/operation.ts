import { z } from "zod";
import { failureAnswer } from "../../../protocol/http.ts";
import { REFUSALS, type RefusalCode } from "../../core/errors.ts";
import type { Address, Page, Route } from "../route.ts";
import { BEN, BROWSER, CLASS, SESSION } from "./examples.ts";
import type { JsonSchema, Schemas } from "./schemas.ts";

/** What is at a method of a path, in OpenAPI's words. */
export type Operation = Readonly<Record<string, unknown>>;

/** What the operations of one document share. */
export interface DocumentParts {
  readonly schemas: Schemas;
  readonly responses: Record<string, JsonSchema>;
}

/** What any address may answer, whatever it is for. */
const ALWAYS: readonly RefusalCode[] = ["internal", "shutting-down"];
/** What a route that reads a body may answer beside its command's own refusals. */
const OF_BODIES: readonly RefusalCode[] = ["body-too-large"];
const JSON_TYPE = "application/json";

/** The path in OpenAPI's notation: `:name` becomes `{name}`. */
export const templated = (path: string): string => path.replaceAll(/:(\w+)/g, "{$1}");

/** The operation of a route: its input from the command's schema, its refusals from the command's list. */
export function routeOperation(route: Route, parts: DocumentParts): Operation {
  const { schemas } = parts;
  const { command, status, answer, example, beside } = route;
  const done = z.object({ success: z.literal(true), data: answer, ...beside?.answer.shape });
  const shown = { success: true, data: example.data, ...beside?.of(example.data) };
  const content = route.file
    ? { [route.file.type]: { schema: schemas.of(z.string()), example: route.file.of(example.data).text } }
    : { [JSON_TYPE]: { schema: schemas.of(done), example: shown } };
  return {
    ...about(route, `${route.description}\n\nFor: ${audience(command.roles)}.`),
    security: command.roles === "anyone" ? [] : [{ token: [] }, { cookie: [] }],
    ...input(route, schemas),
    responses: {
      [status]: { description: status === 201 ? "It is made." : "It is done.", content },
      ...failures([...ofCookies(route), ...command.refusals, ...OF_BODIES, ...ALWAYS], parts),
    },
  };
}

/** What a route may answer to whoever comes by a cookie. */
const ofCookies = ({ command, method }: Route): RefusalCode[] =>
  command.roles === "anyone" ? [] : method === "GET" ? ["bad-origin"] : ["bad-origin", "bad-csrf"];

/** The operation of an address that is no command's. */
export function pageOperation(page: Page, parts: DocumentParts): Operation {
  const { schemas } = parts;
  const own = Object.entries(page.answers).map(([status, { description, type, schema, example }]) => [
    status,
    { description, content: { [type]: { schema: schemas.of(schema), example } } },
  ]);
  return {
    ...about(page, page.description),
    security: [],
    ...parameters(page, {}, schemas),
    responses: { ...failures(ALWAYS, parts), ...Object.fromEntries(own) },
  };
}

const about = ({ method, path, tag, summary }: Address, description: string) => ({
  operationId: operationId(method, path),
  tags: [tag],
  summary,
  description,
});

/** `getClassByClassIdRoom`, after method and path: so it is as unique as they are. */
const operationId = (method: string, path: string): string =>
  method.toLowerCase() +
  path
    .replaceAll(":", "by-")
    .split(/\W+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");

function audience(roles: Route["command"]["roles"]): string {
  if (roles === "anyone") return "anyone, with or without a token";
  return roles.length === 3 ? "any user" : roles.map((role) => `${role}s`).join(" and ");
}

function input(route: Route, schemas: Schemas) {
  const { shape } = route.command.input instanceof z.ZodObject ? route.command.input : z.object({});
  const elsewhere = new Set([...namesIn(route.path), ...(route.query ?? [])]);
  const inBody = Object.entries(shape).filter(([name]) => !elsewhere.has(name));
  const own = parameters(route, shape, schemas);
  if (inBody.length === 0) return own;
  const least = route.command.input.meta()?.minProperties;
  const fields = z.object(Object.fromEntries(inBody));
  const body = typeof least === "number" ? fields.meta({ minProperties: least }) : fields;
  const required = typeof least === "number" || !fields.safeParse({}).success;
  const content = { [JSON_TYPE]: { schema: schemas.of(body), example: route.example.body } };
  return { ...own, requestBody: { required, content } };
}

const namesIn = (path: string): string[] => [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => name);

const EXAMPLES: Readonly<Record<string, string | number>> = {
  before: SESSION,
  after: BEN,
  limit: 50,
  q: "cleo",
  classId: CLASS,
  studentId: BEN,
  sessionId: SESSION,
  browserId: BROWSER,
  userId: BEN,
  cursor: CLASS,
  email: "cleo@school.test",
  deed: "role-changed",
  user: BEN,
  since: "2026-01-05T08:00:00Z",
  until: "2026-01-06T08:00:00Z",
  file: "swagger-ui.css",
};

/** One that the schema itself has. */
function ownExample(schema: z.ZodType | undefined): unknown {
  const examples = schema?.meta()?.examples;
  return Array.isArray(examples) ? examples[0] : undefined;
}

function parameters(
  { path, query = [] }: Address & Pick<Route, "query">,
  shape: Readonly<Record<string, z.ZodType>>,
  schemas: Schemas,
) {
  const parameter = (place: "path" | "query", name: string) => ({
    name,
    in: place,
    required: place === "path",
    schema: schemas.of(shape[name] ?? z.string()),
    example: ownExample(shape[name]) ?? EXAMPLES[name],
  });
  const found = [
    ...namesIn(path).map((name) => parameter("path", name)),
    ...query.map((name) => parameter("query", name)),
  ];
  return found.length > 0 ? { parameters: found } : {};
}

/** The refusals by status; routes with the same ones share a component. */
function failures(codes: readonly RefusalCode[], parts: DocumentParts): Record<string, unknown> {
  const byStatus = Map.groupBy(new Set(codes), (code) => REFUSALS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, some]) => {
      const name = [status, ...some].join(".");
      parts.responses[name] ??= failed(status, some, parts.schemas);
      return [status, { $ref: `#/components/responses/${name}` }];
    }),
  );
}

function failed(status: number, codes: readonly RefusalCode[], schemas: Schemas): JsonSchema {
  const texts = codes.map((code) => REFUSALS[code].text);
  const schema = schemas.of(failureAnswer.extend({ error: z.enum(texts) }));
  const examples = Object.fromEntries(codes.map((code) => [code, { value: failureExample(code) }]));
  const later = { "Retry-After": { description: "Seconds to wait.", schema: { type: "string" } } };
  return {
    description: texts.join(" · "),
    ...((status === 429 || status === 503) && { headers: later }),
    content: { [JSON_TYPE]: { schema, examples } },
  };
}

function failureExample(code: RefusalCode) {
  const failure = { success: false, error: REFUSALS[code].text };
  if (code !== "invalid-schema") return failure;
  return {
    ...failure,
    issues: [{ path: "", message: "Invalid input: expected object, received undefined" }],
  };
}
