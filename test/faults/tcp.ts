import { connect, type Socket } from "node:net";

/** A wait gives up after this, in ms: the server's own deadline for headers is 12 s. */
const PATIENCE_MS = 20_000;

/** A TCP connection by hand: bytes out, bytes in, and whether the other side still holds its end. */
export class Tcp {
  received: Buffer = Buffer.alloc(0);
  /** The server sends no more: it has closed its side, or reset the connection. */
  ended = false;
  readonly #socket: Socket;
  #listening: (() => void)[] = [];

  private constructor(address: string) {
    const { port, hostname } = new URL(address);
    // What the server ends is not ended from here as well: some of these clients never would.
    this.#socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
    this.#socket.setNoDelay(true);
    this.#socket.on("data", (bytes: Buffer) => {
      this.received = this.received.length === 0 ? bytes : Buffer.concat([this.received, bytes]);
      this.#tell();
    });
    for (const end of ["end", "close"]) this.#socket.on(end, () => this.#gone());
    this.#socket.on("error", () => this.#gone());
  }

  static async open(address: string): Promise<Tcp> {
    const tcp = new Tcp(address);
    await new Promise<void>((resolve) => {
      for (const event of ["connect", "error"]) tcp.#socket.once(event, () => resolve());
    });
    if (tcp.ended) throw new Error(`no connection to ${address}`);
    return tcp;
  }

  /** Sends bytes, or a text of one byte a character. */
  send(bytes: string | Uint8Array): void {
    if (!this.#socket.writable) return;
    this.#socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
  }

  /** What was sent last waits here for room: who floods waits as well. */
  get full(): boolean {
    return this.#socket.writableNeedDrain;
  }

  /** Sends no more, and says so; what comes is still read. */
  finish(): void {
    this.#socket.end();
  }

  stopReading(): void {
    this.#socket.pause();
  }

  /** Lets go of the connection, whatever is under way. */
  destroy(): void {
    this.#socket.destroy();
  }

  /** Resolves once it is so; rejects with what came instead where nothing more happens. */
  async until(what: string, done: () => boolean): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!done()) {
      const left = deadline - performance.now();
      if (left <= 0)
        throw new Error(`waited for ${what}, got ${this.received.toString("latin1").slice(-300)}`);
      await this.#next(left);
    }
  }

  #next(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#listening.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #gone(): void {
    this.ended = true;
    this.#tell();
  }

  #tell(): void {
    for (const listen of this.#listening.splice(0)) listen();
  }
}
