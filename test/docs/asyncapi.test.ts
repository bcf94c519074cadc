import { expect, test } from "bun:test";
import specs from "@asyncapi/specs";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { z } from "zod";
import { CLOSE, clientFrame, event } from "../../protocol/v1.ts";
import { asyncApi, messageId } from "../../src/http/docs/asyncapi.ts";
import { messagesOf } from "../../src/http/docs/message.ts";
import { dialects } from "../../src/http/docs/pages.ts";
import { referencesIn, resolved } from "./openapi-document.ts";

const all = dialects();
const document = await asyncApi(all);
const messages = all.flatMap((dialect) => dialect.messages.map((message) => ({ dialect, message })));

test("X6 the document is AsyncAPI 3.0, by the official schema", () => {
  // The official schema brings draft 07 along, under the name by which ajv knows its own.
  const ajv = new Ajv({ strict: false, meta: false, validateSchema: false });
  addFormats.default(ajv);
  const isAsyncApi = ajv.compile(z.looseObject({}).parse(specs.schemas["3.0.0"]));
  isAsyncApi(document);
  expect(isAsyncApi.errors).toBeNull();
  expect(isAsyncApi({ ...document, channels: { plain: { strange: 1 } } })).toBe(false);
});

test("X6 every reference in it leads somewhere, and every message is in an operation of its side", () => {
  const references = referencesIn(document);
  for (const $ref of references) expect(resolved(document, { $ref })).toBeDefined();
  for (const { dialect, message } of messages) {
    const { from, name } = message;
    expect(document.components.messages[messageId(dialect, message)]?.name).toBe(name);
    const operation = document.operations[`${dialect.id}.${from === "client" ? "receive" : "send"}`];
    expect(referencesIn(operation)).toContain(`#/channels/${dialect.id}/messages/${from}.${name}`);
  }
  expect(Object.keys(document.components.messages).length).toBe(messages.length);
  for (const code of Object.values(CLOSE)) expect(document.channels.v1?.description).toContain(`${code}, `);
  expect(Object.keys(document.channels)).toEqual(["plain", "v1", "socketIo"]);
});

test("X7 every message has words and an example, and every example is parsed by the schemas that check", () => {
  for (const { dialect, message } of messages) {
    const id = messageId(dialect, message);
    expect({ id, words: message.description.length > 10 }).toEqual({ id, words: true });
    expect({ id, examples: message.examples.length > 0 }).toEqual({ id, examples: true });
    for (const example of message.examples)
      expect({ id, example, ...message.schema.safeParse(example) }).toMatchObject({ id, success: true });
  }
});

test("X7 every example in the document is what its payload's schema there says, and nothing less is", () => {
  const ajv = new Ajv({ strict: false, validateSchema: false });
  addFormats.default(ajv);
  ajv.addSchema(document, "document");
  for (const { dialect, message } of messages) {
    const id = messageId(dialect, message);
    const check = ajv.compile({ $ref: `document#/components/messages/${encodeURIComponent(id)}/payload` });
    for (const { payload } of document.components.messages[id]?.examples ?? []) {
      check(payload);
      expect({ id, errors: check.errors }).toEqual({ id, errors: null });
      for (const less of withoutOne(payload)) {
        const [refused, parsed] = [!check(less), message.schema.safeParse(less).success];
        expect({ id, less, refused }).toEqual({ id, less, refused: !parsed });
      }
    }
  }
});

/** The value with one of its fields left out, at any depth. */
function withoutOne(value: unknown): unknown[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => withoutOne(item).map((less) => value.with(index, less)));
  if (typeof value !== "object" || value === null) return [];
  const entries = Object.entries(value);
  return entries.flatMap(([key, inner]) => [
    Object.fromEntries(entries.filter(([other]) => other !== key)),
    ...withoutOne(inner).map((less) => ({ ...value, [key]: less })),
  ]);
}

test("X7 the examples show every kind of event that rollcall.v1 tells", () => {
  const shown = messages.flatMap(({ dialect, message }) =>
    dialect.id === "v1" && message.name === "events" ? message.examples : [],
  );
  const text = JSON.stringify(shown);
  const kinds = event.options.map(({ shape }) => shape.type.value);
  expect(kinds.filter((kind) => !text.includes(`{"type":"${kind}"`))).toEqual([]);
});

test("X7 a message that nothing is told about is found, and so is one that there is not", () => {
  const ping = { party: "anyone", description: "Asks.", examples: [] } as const;
  expect(() => messagesOf("client", clientFrame, { ping })).toThrow("nothing is told about start");
  expect(() => messagesOf("client", clientFrame, { strange: ping })).toThrow("no schema for strange");
});
