import type { Socket } from "bun";
import type { Dialect } from "./dialects.ts";

/** Given each whole text frame: the bytes that hold it, where it begins and where it ends. */
type Take = (bytes: Uint8Array, start: number, end: number) => void;

const [TEXT, CLOSE, PING, PONG] = [0x81, 0x88, 0x89, 0x8a];
const NO_BYTES = new Uint8Array(0);

/**
 * A WebSocket over TCP by hand, made to cost the load's core as little as can be: it finds where frames end and
 * hands them on unparsed.
 */
export class LoadSocket {
  take: Take = () => undefined;
  /** Called once all frames of a read were taken. */
  afterRead: (() => void) | null = null;
  closed = false;
  /** How often something was read. */
  reads = 0;
  #token = "";
  #upgraded = false;
  #carry: Uint8Array = NO_BYTES;
  #unsent: Uint8Array = NO_BYTES;
  #socket: Socket<LoadSocket> | null = null;

  private constructor(
    private readonly dialect: Dialect,
    private readonly opened: (error?: Error) => void,
  ) {}

  /** Connects, says who it is, and resolves once the server hears and tells. */
  static open(url: URL, dialect: Dialect, token: string, room: string): Promise<LoadSocket> {
    return new Promise((resolve, reject) => {
      const done = (error?: Error) => (error ? reject(error) : resolve(load));
      const load = new LoadSocket(dialect, done);
      load.take = (bytes, start, end) => load.#opening(textOf(bytes, start, end));
      load.#token = token;
      Bun.connect({ hostname: url.hostname, port: Number(url.port), data: load, socket: handlers })
        .then((socket) => {
          load.#socket = socket;
          load.#write(Buffer.from(handshake(url, dialect, token, room)));
        })
        .catch(reject);
    });
  }

  /** Sends text frames in one write. */
  send(...texts: readonly string[]): void {
    this.#write(texts.length === 1 ? framed(TEXT, texts[0] ?? "") : joined(texts));
  }

  end(): void {
    this.closed = true;
    this.#socket?.end();
  }

  /** What the kernel gave. */
  read(chunk: Uint8Array): void {
    this.reads++;
    const bytes = this.#carry.length === 0 ? chunk : Buffer.concat([this.#carry, chunk]);
    const taken = this.#upgraded ? this.#frames(bytes, 0) : this.#head(bytes);
    // The chunk is the runtime's own: what stays over is copied.
    this.#carry = taken === bytes.length ? NO_BYTES : new Uint8Array(bytes.subarray(taken));
    this.afterRead?.();
  }

  #head(bytes: Uint8Array): number {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const end = text.indexOf("\r\n\r\n");
    if (end < 0) return 0;
    const status = text.toString("latin1", 0, text.indexOf("\r\n"));
    if (!status.includes(" 101 ")) {
      this.opened(new Error(`no upgrade: ${status}`));
      return bytes.length;
    }
    this.#upgraded = true;
    const greeting = this.dialect.greeting(this.#token);
    if (greeting !== null) this.send(greeting);
    if (this.dialect.openAtOnce) this.opened();
    return this.#frames(bytes, end + 4);
  }

  /** Hands on each whole frame; gives the place after the last. */
  #frames(bytes: Uint8Array, from: number): number {
    let at = from;
    const { length } = bytes;
    while (length - at >= 2) {
      let size = bytes[at + 1] ?? 0;
      let head = 2;
      if (size >= 126) {
        head = size === 126 ? 4 : 10;
        if (length - at < head) break;
        const view = new DataView(bytes.buffer, bytes.byteOffset + at);
        size = head === 4 ? view.getUint16(2) : view.getUint32(6);
      }
      const start = at + head;
      const end = start + size;
      if (end > length) break;
      if (bytes[at] === TEXT) this.take(bytes, start, end);
      else this.#control(bytes[at] ?? 0, bytes.subarray(start, end));
      at = end;
    }
    return at;
  }

  #control(first: number, payload: Uint8Array): void {
    if (first === PING) this.#write(framed(PONG, payload));
    else if (first === CLOSE)
      this.lost(`closed with ${new DataView(payload.buffer, payload.byteOffset).getUint16(0)}`);
    else if (first !== PONG) throw new Error(`a frame of kind ${first}`);
  }

  /** The connection is gone though nobody here ended it. */
  lost(why: string): void {
    if (this.closed) return;
    this.closed = true;
    this.opened(new Error(`a socket was ${why}`));
    console.error(`A socket of the load was ${why}`);
  }

  #opening(text: string): void {
    const said = this.dialect.opening(text);
    if (said === "open") this.opened();
    else if (said !== "wait") this.send(said.answer);
  }

  #write(bytes: Uint8Array): void {
    if (this.#unsent.length > 0) {
      this.#unsent = Buffer.concat([this.#unsent, bytes]);
      return;
    }
    const sent = this.#socket?.write(bytes) ?? 0;
    if (sent < bytes.length) this.#unsent = bytes.subarray(Math.max(0, sent));
  }

  drain(): void {
    const bytes = this.#unsent;
    this.#unsent = NO_BYTES;
    if (bytes.length > 0) this.#write(bytes);
  }
}

const handlers = {
  data: (socket: Socket<LoadSocket>, chunk: Buffer) => socket.data.read(chunk),
  drain: (socket: Socket<LoadSocket>) => socket.data.drain(),
  close: (socket: Socket<LoadSocket>) => socket.data.lost("cut off"),
  error: (socket: Socket<LoadSocket>, error: Error) => socket.data.lost(error.message),
};

/** The text of a frame. */
export const textOf = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");

const joined = (texts: readonly string[]): Uint8Array =>
  Buffer.concat(texts.map((text) => framed(TEXT, text)));

/** A client's frame must be masked (RFC 6455, 5.3); a mask of zeros leaves it as it is. */
function framed(first: number, payload: string | Uint8Array): Uint8Array {
  const size = payload.length;
  const head = size < 126 ? 2 : 4;
  const frame = Buffer.alloc(head + 4 + size);
  frame[0] = first;
  frame[1] = 0x80 | Math.min(size, 126);
  if (head === 4) frame.writeUInt16BE(size, 2);
  if (typeof payload === "string") frame.write(payload, head + 4, "latin1");
  else frame.set(payload, head + 4);
  return frame;
}

const handshake = (url: URL, { path, subprotocol }: Dialect, token: string, room: string): string =>
  [
    `GET ${path(token, room)} HTTP/1.1`,
    `Host: ${url.host}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    // The key of RFC 6455, 1.3.
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ...(subprotocol ? [`Sec-WebSocket-Protocol: ${subprotocol}`] : []),
    "\r\n",
  ].join("\r\n");
