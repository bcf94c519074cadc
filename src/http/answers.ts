import { REFUSALS, type Refusal } from "../core/errors.ts";
import type { DownloadedFile } from "./route.ts";

const RETRY_AFTER_S = 2;
const LATER: ReadonlySet<number> = new Set([429, 503]);

/** `{"success":true,"data":…}`, with further fields beside `data` where a route has them. */
export const success = (
  data: unknown,
  status = 200,
  beside: Readonly<Record<string, unknown>> = {},
): Response => Response.json({ success: true, data, ...beside }, { status });

/** A file that the browser saves under its name. */
export const download = ({ name, text }: DownloadedFile, type: string): Response =>
  new Response(text, {
    headers: { "Content-Type": type, "Content-Disposition": `attachment; filename="${name}"` },
  });

/** `{"success":false,"error":…}` by the contract's table; what to come back for later says when. */
export function failure(
  { code, issues, retryAfterS = RETRY_AFTER_S }: Refusal,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const { status, text } = REFUSALS[code];
  const later: Record<string, string> = LATER.has(status) ? { "Retry-After": `${retryAfterS}` } : {};
  const body = { success: false, error: text, ...(issues && { issues }) };
  return Response.json(body, { status, headers: { ...later, ...headers } });
}
