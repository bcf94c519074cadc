import { ObjectId } from "mongodb";

/** How others' documents name each other: by ObjectId, or by its 24 digits or an issuer's subject as text. */
export type Ref = ObjectId | string;

const HEX_24 = /^[0-9a-f]{24}$/;

/** Whether an id of ours could be an ObjectId of theirs. */
export const isHex = (id: string): boolean => HEX_24.test(id);

/** Everything that an id of ours may be in their documents. */
export const refsOf = (id: string): Ref[] => (isHex(id) ? [new ObjectId(id), id] : [id]);

/** Our id for what stands in a document; null where it can be none. */
export function idOf(value: unknown): string | null {
  if (value instanceof ObjectId) return value.toHexString();
  return typeof value === "string" && value !== "" ? value : null;
}

/** The kind of reference that documents around use. */
export type RefKind = "ObjectId" | "string";

export const kindOf = (value: unknown): RefKind | null => {
  if (value instanceof ObjectId) return "ObjectId";
  return typeof value === "string" ? "string" : null;
};

/** Our id as a reference of that kind; what cannot be an ObjectId stays text. */
export const refAs = (kind: RefKind, id: string): Ref =>
  kind === "ObjectId" && isHex(id) ? new ObjectId(id) : id;
