import type { UserId } from "../core/ids.ts";
import type { Context } from "./context.ts";

interface Taught {
  readonly teacherId: UserId;
}

/** The teachers of these by name, asked for at once; null for one who is not known any more. */
export async function teachersOf({ store }: Context, taught: readonly Taught[]) {
  const users = await store.users.byIds([...new Set(taught.map(({ teacherId }) => teacherId))]);
  const known = new Map(users.map(({ id, name }) => [id, { _id: id, name }]));
  return ({ teacherId }: Taught) => known.get(teacherId) ?? null;
}
