import { z } from "zod";

/** Who may send a message, or hears it. */
type Party = "a teacher" | "a student" | "anyone" | "the asker" | "the class" | "the room";

/** One kind of message of a dialect. */
export interface Message {
  readonly name: string;
  readonly from: "client" | "server";
  /** From a client: who may send it. From the server: who is told. */
  readonly party: Party;
  readonly description: string;
  /** Checks a payload, in the very schemas that the dialect is made of. */
  readonly schema: z.ZodType;
  /** Payloads as they go over the wire. */
  readonly examples: readonly unknown[];
}

/** A way to speak with the server over a socket. */
export interface Dialect {
  readonly id: string;
  readonly title: string;
  readonly address: string;
  /** What the opening request must carry, as AsyncAPI's binding for WebSockets says it. */
  readonly opening: Readonly<Partial<Record<"query" | "headers", unknown>>>;
  /** How to connect and what to know first, in paragraphs. */
  readonly about: readonly string[];
  readonly messages: readonly Message[];
}

/** What a message means, told beside its schema. */
export interface Telling {
  readonly party: Party;
  readonly description: string;
  readonly examples: readonly unknown[];
}

/**
 * The messages of a union of schemas, by the value of the field that tells them apart, each with what `tellings` has
 * for it. Throws where one has none, or the other way round.
 */
export function messagesOf(
  from: Message["from"],
  union: z.ZodDiscriminatedUnion,
  tellings: Readonly<Record<string, Telling>>,
): Message[] {
  const variants = new Map(union.options.flatMap((option) => variantsOf(option, union.def.discriminator)));
  const strange = Object.keys(tellings).filter((name) => !variants.has(name));
  if (strange.length > 0) throw new Error(`no schema for ${strange.join(", ")}`);
  return [...variants].map(([name, schema]) => {
    const telling = tellings[name];
    if (!telling) throw new Error(`nothing is told about ${name}`);
    return { name, from, schema, ...telling };
  });
}

function variantsOf(option: z.core.$ZodType, key: string): [string, z.ZodObject][] {
  if (option instanceof z.ZodDiscriminatedUnion)
    return option.options.flatMap((inner) => variantsOf(inner, key));
  const name = option instanceof z.ZodObject ? option.shape[key] : undefined;
  if (!(option instanceof z.ZodObject) || !(name instanceof z.ZodLiteral))
    throw new Error(`an option of a union is no object that ${key} tells apart`);
  return [[String(name.value), option]];
}
