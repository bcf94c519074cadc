import { connect, type Socket } from "node:net";

/** A WebSocket client by hand: it does nothing of what the protocol asks unless it is told to. */
export class RawSocket {
  /** The opcodes of the frames that came, in order (RFC 6455, 5.2): 1 text, 8 close, 9 ping. */
  readonly opcodes: number[] = [];
  /** The connection is gone, seen from here. */
  gone = false;
  #bytes: Buffer = Buffer.alloc(0);
  #upgraded = false;
  readonly #socket: Socket;
  #listening: (() => void)[] = [];

  private constructor(url: URL) {
    this.#socket = connect(Number(url.port), url.hostname, () => this.#socket.write(handshake(url)));
    this.#socket.on("data", (bytes: Buffer) => this.#take(bytes));
    this.#socket.on("error", () => undefined);
    this.#socket.on("close", () => {
      this.gone = true;
      this.#tell();
    });
  }

  /** Connects and returns once the upgrade is through. */
  static async open(address: string): Promise<RawSocket> {
    const raw = new RawSocket(new URL(address));
    await raw.#until(() => raw.#upgraded || raw.gone);
    if (raw.gone) throw new Error("no upgrade");
    return raw;
  }

  /** Reads no more: what comes stays in the kernel, and then with the sender. */
  stopReading(): void {
    this.#socket.pause();
  }

  readAgain(): void {
    this.#socket.resume();
  }

  /** Resolves once the connection is gone. */
  closed(): Promise<void> {
    return this.#until(() => this.gone);
  }

  end(): void {
    this.#socket.destroy();
  }

  #take(bytes: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    if (!this.#upgraded) this.#takeHead();
    if (this.#upgraded) this.#takeFrames();
    this.#tell();
  }

  #takeHead(): void {
    const end = this.#bytes.indexOf("\r\n\r\n");
    if (end < 0 || !this.#bytes.toString("latin1", 0, end).startsWith("HTTP/1.1 101")) return;
    this.#bytes = this.#bytes.subarray(end + 4);
    this.#upgraded = true;
  }

  #takeFrames(): void {
    let at = 0;
    for (let length = frameLength(this.#bytes, at); length > 0; length = frameLength(this.#bytes, at)) {
      this.opcodes.push(this.#bytes.readUInt8(at) & 0x0f);
      at += length;
    }
    this.#bytes = this.#bytes.subarray(at);
  }

  async #until(done: () => boolean): Promise<void> {
    while (!done()) await new Promise<void>((heard) => this.#listening.push(heard));
  }

  #tell(): void {
    for (const listen of this.#listening.splice(0)) listen();
  }
}

/** The length of the unmasked frame at this place, 0 where it is not all there. */
function frameLength(bytes: Buffer, at: number): number {
  if (bytes.length < at + 2) return 0;
  const short = bytes.readUInt8(at + 1) & 0x7f;
  const head = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < at + head) return 0;
  const payload =
    short === 126
      ? bytes.readUInt16BE(at + 2)
      : short === 127
        ? Number(bytes.readBigUInt64BE(at + 2))
        : short;
  return bytes.length < at + head + payload ? 0 : head + payload;
}

const handshake = ({ pathname, search, host }: URL): string =>
  [
    `GET ${pathname}${search} HTTP/1.1`,
    `Host: ${host}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    // The key of RFC 6455, 1.3.
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "\r\n",
  ].join("\r\n");
