/** Up to `limit` of all, those behind the one of this id (null: from the first). */
export function pageAfter<T extends { readonly id: string }>(
  all: readonly T[],
  after: T["id"] | null,
  limit: number,
): T[] {
  const from = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
  return all.slice(from, from + limit);
}
