import type { Context } from "./context.ts";

interface Page<T> {
  readonly entries: readonly T[];
  /** The last entry, where more follow it. */
  readonly last: T | undefined;
}

/** Up to `limit` entries, or as many as a page may hold; `read` gives as many as it is asked for. */
export async function pageOf<T>(
  { limits }: Context,
  limit: number,
  read: (count: number) => Promise<readonly T[]>,
): Promise<Page<T>> {
  const size = Math.min(limit, limits.PAGE_SIZE_MAX);
  const found = await read(size + 1);
  const entries = found.slice(0, size);
  return { entries, last: found.length > size ? entries.at(-1) : undefined };
}
