import { nextTurn } from "../../log/next-turn.ts";
import { about } from "./about.ts";
import type { Dialect, Message } from "./message.ts";
import { type JsonSchema, Schemas } from "./schemas.ts";

/** A message in AsyncAPI's words, as far as we read it ourselves. */
export interface DocumentedMessage {
  readonly name: string;
  readonly summary: string;
  readonly payload: JsonSchema;
  readonly examples: readonly { readonly payload: unknown }[];
}

interface Channel {
  readonly title: string;
  readonly address: string;
  readonly description: string;
}

/** An AsyncAPI 3.0 document, as far as we read it ourselves. */
export interface AsyncApi {
  readonly asyncapi: "3.0.0";
  readonly channels: Readonly<Record<string, Channel>>;
  readonly operations: Readonly<Record<string, unknown>>;
  readonly components: {
    readonly messages: Readonly<Record<string, DocumentedMessage>>;
    readonly schemas: Readonly<Record<string, JsonSchema>>;
  };
}

const DESCRIPTION =
  "Three ways to speak with one server over a socket. A mark made in any of them is seen in all. The HTTP side is described at /docs.";

/** The document of every event of these dialects, made from the schemas that they are made of. */
export async function asyncApi(dialects: readonly Dialect[]): Promise<AsyncApi> {
  // AsyncAPI's own schema objects are draft 07's.
  const schemas = new Schemas("draft-07");
  const messages: Record<string, DocumentedMessage> = {};
  for (const dialect of dialects) {
    for (const message of dialect.messages) {
      await nextTurn();
      messages[messageId(dialect, message)] = documented(message, schemas);
    }
  }
  const server = {
    host: "{host}",
    protocol: "ws",
    description: "This server; `wss` behind a proxy that has a certificate.",
    variables: { host: { default: "localhost:3000", description: "Name and port of the server." } },
  };
  const { title, version, license } = about;
  const head = {
    asyncapi: "3.0.0" as const,
    info: { title, version, description: DESCRIPTION, license: { name: license.name } },
    defaultContentType: "application/json",
    servers: { rollcall: server },
  };
  return {
    ...head,
    channels: Object.fromEntries(dialects.map((dialect) => [dialect.id, channelOf(dialect)])),
    operations: Object.fromEntries(dialects.flatMap(operationsOf)),
    components: { messages, schemas: schemas.named },
  };
}

/** The id of a message in the document: `plain.server.DONE`. */
export const messageId = ({ id }: Dialect, { from, name }: Message): string => `${id}.${from}.${name}`;

function documented(
  { name, from, party, description, schema, examples }: Message,
  schemas: Schemas,
): DocumentedMessage {
  return {
    name,
    summary: `${from === "client" ? "From" : "To"} ${party}. ${description}`,
    payload: schemas.of(schema),
    examples: examples.map((payload) => ({ payload })),
  };
}

function channelOf(dialect: Dialect) {
  const messages = dialect.messages.map((message) => [
    `${message.from}.${message.name}`,
    { $ref: `#/components/messages/${messageId(dialect, message)}` },
  ]);
  return {
    title: dialect.title,
    address: dialect.address,
    description: dialect.about.join("\n\n"),
    servers: [{ $ref: "#/servers/rollcall" }],
    messages: Object.fromEntries(messages),
    bindings: { ws: { method: "GET", ...dialect.opening, bindingVersion: "0.1.0" } },
  };
}

/** The document takes the server's side: it receives what clients send. */
function operationsOf(dialect: Dialect) {
  const operation = (action: "receive" | "send", from: Message["from"]) => [
    `${dialect.id}.${action}`,
    {
      action,
      summary: `${dialect.title}: what ${from === "client" ? "clients send" : "the server tells"}`,
      channel: { $ref: `#/channels/${dialect.id}` },
      messages: dialect.messages
        .filter((message) => message.from === from)
        .map(({ name }) => ({ $ref: `#/channels/${dialect.id}/messages/${from}.${name}` })),
    },
  ];
  return [operation("receive", "client"), operation("send", "server")];
}
