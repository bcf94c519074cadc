import { isSafeUrl } from "../../core/issuer.ts";

/** Key sets and documents of issuers have a few kilobytes. */
const BYTES_MAX = 1024 * 1024;

/** Gets JSON of a bounded size in a bounded time, and follows no redirect. Rejects with a sentence otherwise. */
export async function fetchJson(
  url: string,
  timeoutMs: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  if (!isSafeUrl(url)) throw new Error(`${url} is neither https nor on this machine`);
  const answer = await fetch(url, {
    headers: { accept: "application/json", ...headers },
    redirect: "error",
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!answer.ok) {
    await answer.body?.cancel();
    throw new Error(`${url} answered ${answer.status}`);
  }
  return JSON.parse(await boundedText(answer, url));
}

async function boundedText(answer: Response, url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length;
    if (bytes > BYTES_MAX) throw new Error(`${url} answered more than ${BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
