import { ok, type Result, refuse } from "../core/errors.ts";

/**
 * The JSON of a request's body, up to `limit` bytes; an empty body is an empty object. Whatever is no JSON object
 * becomes undefined, which no input accepts.
 */
export async function readJson(request: Request, limit: number): Promise<Result<unknown>> {
  if (Number(request.headers.get("content-length") ?? 0) > limit) return refuse("body-too-large");
  const bytes = await readBytes(request, limit);
  if (!bytes.ok) return bytes;
  if (bytes.value.length === 0) return ok({});
  try {
    return ok(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.value)));
  } catch {
    return ok(undefined);
  }
}

/** The body as text, up to `limit` bytes. */
export async function readText(request: Request, limit: number): Promise<Result<string>> {
  const bytes = await readBytes(request, limit);
  return bytes.ok ? ok(new TextDecoder().decode(bytes.value)) : bytes;
}

/** Refused where there are more than `limit`, and the rest is then not read, or where the client goes before its end. */
async function readBytes(request: Request, limit: number): Promise<Result<Uint8Array>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of request.body ?? []) {
      length += chunk.length;
      if (length > limit) return refuse("body-too-large");
      chunks.push(chunk);
    }
  } catch {
    return refuse("invalid-schema");
  }
  return ok(Buffer.concat(chunks));
}
