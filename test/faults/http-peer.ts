import { Tcp } from "./tcp.ts";

const LAST = "GET /health HTTP/1.1\r\nHost: rollcall.test\r\nConnection: close\r\n\r\n";

/** The statuses of the answers in these bytes, interim ones among them. No body of ours looks like a status line. */
const statusesIn = (bytes: Buffer): number[] =>
  [...bytes.toString("latin1").matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

/**
 * Sends bytes on a new connection and tells what came of them: the statuses in their order, then `open` where a
 * further request on the same connection was answered as itself, `closed` where it was not.
 */
export async function fateOf(url: string, bytes: string | Uint8Array): Promise<string> {
  const tcp = await Tcp.open(url);
  tcp.send(bytes);
  const answered = () => statusesIn(tcp.received).some((status) => status >= 200);
  await tcp.until("an answer", () => tcp.ended || answered());
  tcp.send(LAST);
  await tcp.until("an end", () => tcp.ended);
  tcp.destroy();
  const statuses = statusesIn(tcp.received);
  const open = statuses.at(-1) === 200 && statuses.length > 1;
  return [...(open ? statuses.slice(0, -1) : statuses), open ? "open" : "closed"].join(" ");
}
