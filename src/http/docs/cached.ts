import { sha256 } from "../../log/seal.ts";
/** Something to serve that is the same until the server starts anew. */
export interface Served {
  readonly body: string | Blob;
  readonly type: string;
  readonly etag: string;
}

/** The tag of a text: its first 128 bits of SHA-256. */
export const etagOf = (text: string): string => `"${sha256(text).slice(0, 32)}"`;

/** Clients may keep it and ask whether it is still the same, which costs no more than a 304. */
export function cached(
  request: Request,
  { body, type, etag }: Served,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const common = { ETag: etag, "Cache-Control": "no-cache", ...headers };
  const known = request.headers.get("If-None-Match")?.split(",").map(untagged) ?? [];
  if (known.includes(untagged(etag))) return new Response(null, { status: 304, headers: common });
  return new Response(body, { headers: { ...common, "Content-Type": type } });
}

/** Proxies that compress make a tag a weak one. */
const untagged = (tag: string): string => tag.trim().replace(/^W\//, "");

/** The outcome of `make`, which runs when it is first asked for. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
