import { ok, type Result, refuse } from "../core/errors.ts";

/**
 * The JSON of a request's body, up to `limit` bytes; an empty body is an empty object. Whatever is no JSON object
 * becomes undefined, which no input accepts.
 */
export async function readJson(request: Request, limit: number): Promise<Result<unknown>> {
  if (Number(request.headers.get("content-length") ?? 0) > limit) return refuse("body-too-large");
  const bytes = await readBytes(request, limit);
  if (!bytes) return refuse("body-too-large");
  if (bytes.length === 0) return ok({});
  try {
    return ok(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
  } catch {
    return ok(undefined);
  }
}

/** Null where there are more than `limit`; the rest is then not read. */
async function readBytes(request: Request, limit: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > limit) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
