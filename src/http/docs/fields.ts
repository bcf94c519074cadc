import { z } from "zod";
import type { JsonSchema } from "./schemas.ts";

/** A field of a payload, as a table shows it. */
export interface Field {
  readonly path: string;
  readonly type: string;
  readonly required: boolean;
  readonly note: string;
}

/** What we read of a JSON Schema that zod made. */
const schemaShape = z.object({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  description: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).default([]),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
});
type Shape = z.output<typeof schemaShape>;

const read = (schema: unknown): Shape => schemaShape.parse(typeof schema === "object" ? schema : {});

/** The fields of a payload, those inside others with a dotted path, those of a list's items after `[]`. */
export function fieldsOf(schema: JsonSchema): Field[] {
  const shape = read(schema);
  // Socket.IO's payload is a list of two: the event's name, and the data.
  if (Array.isArray(shape.items)) return within(read(shape.items[1]), "");
  return within(shape, "");
}

function within(shape: Shape, prefix: string): Field[] {
  const variants = shape.anyOf ?? shape.oneOf ?? [];
  if (variants.length > 0) return merged(variants.map((variant) => within(read(variant), prefix)));
  return Object.entries(shape.properties ?? {}).flatMap(([name, inner]) => {
    const field = read(inner);
    const path = prefix + name;
    const required = shape.required.includes(name);
    const own = { path, type: typeOf(field), required, note: field.description ?? "" };
    const deeper = field.items !== undefined && !Array.isArray(field.items) ? read(field.items) : field;
    return [own, ...within(deeper, deeper === field ? `${path}.` : `${path}[].`)];
  });
}

/** The fields of variants: each once, its types together, required where every variant says so. */
function merged(variants: readonly (readonly Field[])[]): Field[] {
  const byPath = Map.groupBy(variants.flat(), ({ path }) => path);
  return [...byPath.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const all = [first, ...others];
    const types = new Set(all.map(({ type }) => type));
    const required = all.length === variants.length && all.every((one) => one.required);
    return { ...first, type: [...types].join(" or "), required };
  });
}

function typeOf(shape: Shape): string {
  if (shape.$ref) return shape.$ref.split("/").at(-1) ?? "";
  if (shape.const !== undefined) return JSON.stringify(shape.const);
  if (shape.enum) return shape.enum.map((value) => JSON.stringify(value)).join(" or ");
  const variants = shape.anyOf ?? shape.oneOf;
  if (variants) return [...new Set(variants.map((variant) => typeOf(read(variant))))].join(" or ");
  if (Array.isArray(shape.items)) return `[${shape.items.map((item) => typeOf(read(item))).join(", ")}]`;
  if (shape.items !== undefined) return `list of ${typeOf(read(shape.items))}`;
  return [shape.type ?? "anything"].flat().join(" or ");
}
