import { z } from "zod";

/** A JSON Schema, as a document holds it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Where a schema's definitions stand while zod has them, by the draft that it speaks. */
const SHELF = { "draft-2020-12": "$defs", "draft-07": "definitions" } as const;

/** The schemas of one document: those with an id are gathered under its components, and referred to. */
export class Schemas {
  readonly named: Record<string, JsonSchema> = {};
  readonly #made = new Map<z.ZodType, JsonSchema>();

  constructor(private readonly target: keyof typeof SHELF) {}

  /** What may be sent where `schema` checks. Throws where JSON Schema cannot say it and the schema's meta does not. */
  of(schema: z.ZodType): JsonSchema {
    const known = this.#made.get(schema) ?? this.#make(schema);
    this.#made.set(schema, known);
    return known;
  }

  #make(schema: z.ZodType): JsonSchema {
    const shelf = SHELF[this.target];
    const made = z.toJSONSchema(schema, {
      target: this.target,
      io: "input",
      unrepresentable: ({ zodSchema }) => (z.globalRegistry.get(zodSchema)?.type ? "any" : "throw"),
      override: ({ jsonSchema }) => withoutNoise(jsonSchema),
    });
    const { $schema: _, [shelf]: definitions, ...own } = record(made);
    for (const [id, definition] of Object.entries(record(definitions ?? {})))
      this.#gather(id, record(relocated(definition, shelf)));
    return record(relocated(own, shelf));
  }

  #gather(id: string, definition: JsonSchema): void {
    const known = this.named[id];
    if (known && !Bun.deepEquals(known, definition)) throw new Error(`two schemas have the id ${id}`);
    this.named[id] = definition;
  }
}

/** Integers are safe ones by nature: that bound says nothing to a reader. */
function withoutNoise(schema: { minimum?: number; maximum?: number }): void {
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
}

/** References to zod's definitions become references to the document's components. */
function relocated(value: unknown, shelf: string): unknown {
  if (Array.isArray(value)) return value.map((item) => relocated(item, shelf));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) =>
      key === "$ref" && typeof inner === "string"
        ? [key, inner.replace(`#/${shelf}/`, "#/components/schemas/")]
        : [key, relocated(inner, shelf)],
    ),
  );
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? { ...value } : {};
