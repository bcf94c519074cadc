/** A header as it is sent: its name and one value, several of the same name, or none. */
export type HeaderChange = string | readonly string[] | null;

export const HANDSHAKE = {
  Host: "rollcall.test",
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Version": "13",
  // The key of RFC 6455, 1.3.
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
} as const;

export interface HandshakeChange {
  readonly method?: string;
  readonly version?: string;
  /** Headers that are left out (null), changed or sent several times. */
  readonly headers?: Readonly<Partial<Record<keyof typeof HANDSHAKE, HeaderChange>>>;
  /** Whole header lines beside them. */
  readonly lines?: readonly string[];
}

/** An opening handshake (RFC 6455, 4.1) for this path, right or wrong as told. */
export function handshake(path: string, change: HandshakeChange = {}): string {
  const { method = "GET", version = "HTTP/1.1", headers = {}, lines = [] } = change;
  const changed = new Map<string, HeaderChange>(Object.entries(headers));
  const sent = Object.entries(HANDSHAKE).flatMap(([name, usual]) => {
    const value = changed.has(name) ? changed.get(name) : usual;
    return [value ?? []].flat().map((one) => `${name}: ${one}`);
  });
  return [`${method} ${path} ${version}`, ...sent, ...lines, "\r\n"].join("\r\n");
}
