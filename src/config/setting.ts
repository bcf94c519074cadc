import { z } from "zod";

export const KIB = 1024;
/** A whole number of at least `min`. */
export const whole = (min: number) =>
  z.coerce.number("must be a number").int("must be a whole number").min(min, `must be at least ${min}`);
/** The same, with what it is where nothing is set. */
export const count = (fallback: number, min = 1) => whole(min).default(fallback);
/** A time in milliseconds. */
export const ms = (fallback: number, min = 1) => count(fallback, min);

/** One setting. */
export interface Setting<S extends z.ZodType> {
  readonly schema: S;
  /** What it does, in a sentence for an operator; the default is told by the schema. */
  readonly about: string;
  /** Never shown: neither by doctor nor in a log. */
  readonly secret?: boolean;
}

/** A setting as it is checked and told of. */
export const setting = <S extends z.ZodType>(schema: S, about: string, secret = false): Setting<S> => ({
  schema,
  about,
  secret,
});
