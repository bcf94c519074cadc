import { Ajv2020 } from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { z } from "zod";
import { PAGES, ROUTES } from "../../src/http/app.ts";
import { type OpenApi, openApi } from "../../src/http/docs/openapi.ts";

const Media = z.looseObject({
  schema: z.unknown(),
  example: z.unknown().optional(),
  examples: z.record(z.string(), z.looseObject({ value: z.unknown() })).optional(),
});
const Content = z.record(z.string(), Media);
const Answer = z.looseObject({ description: z.string(), content: Content });
const Parameter = z.looseObject({ name: z.string(), schema: z.unknown(), example: z.unknown().optional() });

/** What the tests read of an operation. */
const Operation = z.looseObject({
  operationId: z.string(),
  summary: z.string(),
  description: z.string(),
  security: z.array(z.unknown()),
  parameters: z.array(Parameter).default([]),
  requestBody: z.looseObject({ content: Content }).optional(),
  responses: z.record(z.string(), z.unknown()),
});

/** An answer, and the place in the document where it stands. */
type DocumentedAnswer = z.output<typeof Answer> & { readonly place: readonly string[] };

export interface DocumentedOperation extends z.output<typeof Operation> {
  readonly method: string;
  readonly path: string;
  readonly answers: ReadonlyMap<number, DocumentedAnswer>;
}

/** The document that the server serves. */
export const served = (): Promise<OpenApi> => openApi(ROUTES, PAGES);

/** Every operation of a document, its answers found where they are referred to. */
export function operationsOf(document: OpenApi): DocumentedOperation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, raw]) => {
      const operation = Operation.parse(raw);
      const answers = Object.entries(operation.responses).map(([status, answer]) => {
        const own = ["paths", path, method, "responses", status];
        const place = Reference.safeParse(answer).data?.$ref.slice(2).split("/") ?? own;
        return [Number(status), { ...Answer.parse(resolved(document, answer)), place }] as const;
      });
      return { ...operation, method: method.toUpperCase(), path, answers: new Map(answers) };
    }),
  );
}

const Reference = z.object({ $ref: z.string().startsWith("#/") });

/** What the reference points to; anything else is given back as it is. Throws where it points nowhere. */
export function resolved(document: unknown, value: unknown): unknown {
  const reference = Reference.safeParse(value).data;
  if (!reference) return value;
  return reference.$ref
    .slice(2)
    .split("/")
    .reduce((inside, token) => {
      const key = token.replaceAll("~1", "/").replaceAll("~0", "~");
      const found = z.record(z.string(), z.unknown()).parse(inside)[key];
      if (found === undefined) throw new Error(`${reference.$ref} points nowhere`);
      return found;
    }, document);
}

/** Every reference in a document. */
export function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "$ref" && typeof inner === "string" ? [inner] : referencesIn(inner),
  );
}

/** Whether a value is what a schema of the document says; the schema is found by its place. */
export function checkerOf(document: OpenApi): (place: readonly string[], value: unknown) => string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, "document");
  const checks = new Map<string, ReturnType<typeof ajv.compile>>();
  return (place, value) => {
    const pointer = place.map((token) =>
      encodeURIComponent(token.replaceAll("~", "~0").replaceAll("/", "~1")),
    );
    const $ref = `document#/${pointer.join("/")}`;
    const check = checks.get($ref) ?? ajv.compile({ $ref });
    checks.set($ref, check);
    check(value);
    return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath || "/"} ${message}`);
  };
}

/** How an answer that was got differs from what the document has for its operation; null where it is documented. */
export function undocumented(
  check: ReturnType<typeof checkerOf>,
  { method, path, answers }: DocumentedOperation,
  { status, body }: { readonly status: number; readonly body: unknown },
): string | null {
  const documented = answers.get(status);
  if (!documented) return `${method} ${path} answered ${status}, which its documents do not have`;
  const [type = "application/json"] = Object.keys(documented.content);
  const faults = check([...documented.place, "content", type, "schema"], body);
  const text = JSON.stringify(body);
  return faults.length > 0 ? `${method} ${path} answered ${status} ${text}: ${faults.join(", ")}` : null;
}

/** What an operation lacks that a reader needs, a sentence each. */
export function faultsOf(document: OpenApi): string[] {
  return operationsOf(document).flatMap((operation) => {
    const { method, path, summary, description, requestBody, parameters, security, answers } = operation;
    const at = `${method} ${path}`;
    const statuses = [...answers.keys()];
    const hasDone = statuses.some((status) => status < 400);
    const isProtected = security.length > 0;
    const lacks: [boolean, string][] = [
      [summary === "", "a summary"],
      [description.split("\n")[0] === "", "a description"],
      [!hasDone, "an answer for when it is done"],
      [!statuses.some((status) => status >= 500), "its answers for when the server cannot"],
      [(method !== "GET" || isProtected) && !answers.has(400), "its answers to bad input"],
      [isProtected && !answers.has(401), "its answer to whoever has no token"],
      [Object.values(requestBody?.content ?? {}).some(isBare), "an example of its body"],
      [parameters.some(({ example }) => example === undefined), "an example of each parameter"],
      ...[...answers].map(([status, { content }]): [boolean, string] => {
        const bare = Object.values(content);
        return [bare.length === 0 || bare.some(isBare), `an example of its answer ${status}`];
      }),
    ];
    return lacks.filter(([missing]) => missing).map(([, what]) => `${at} lacks ${what}.`);
  });
}

const isBare = ({ example, examples = {} }: z.output<typeof Media>): boolean =>
  !isExample(example) && Object.keys(examples).length === 0;

const Filled = z.looseObject({ success: z.literal(true), data: z.unknown() });

/** An answer's envelope with nothing in it is no example. */
function isExample(value: unknown): boolean {
  if (value === undefined) return false;
  const done = Filled.safeParse(value);
  return !done.success || done.data.data !== undefined;
}
