import { connect, createServer, type Server, type Socket } from "node:net";

/** What the proxy does to what Redis says. */
export interface RedisManners {
  /** Everything takes so much longer in each direction, in ms. */
  readonly lateMs: number;
  /** News comes twice now and then, and up to so many ms late, in any order. */
  readonly unrulyMs: number;
  /** Nothing passes, though its connections stay. */
  readonly silent: boolean;
}

const PLAIN: RedisManners = { lateMs: 0, unrulyMs: 0, silent: false };
const TWICE = 0.3;
const CR = 0x0d;

/** A way to a Redis that can be made late, or made to carry its news twice, late and out of order. */
export class RedisProxy {
  manners = PLAIN;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(private readonly target: number) {
    this.#server = createServer((near) => this.#join(near));
  }

  static async to(target: number): Promise<RedisProxy> {
    const proxy = new RedisProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the proxy does not listen");
    return `redis://127.0.0.1:${address.port}`;
  }

  behave(manners: Partial<RedisManners> = {}): void {
    // What was cut out of the middle of a connection it never makes good.
    if (this.manners.silent) for (const socket of this.#sockets) socket.destroy();
    this.manners = { ...PLAIN, ...manners };
  }

  #join(near: Socket): void {
    const far = connect(this.target, "127.0.0.1");
    near.on("data", (bytes: Buffer) => this.#later(far, bytes));
    let rest: Buffer = Buffer.alloc(0);
    far.on("data", (bytes: Buffer) => {
      rest = Buffer.concat([rest, bytes]);
      for (let end = endOf(rest, 0); end > 0; end = endOf(rest, 0)) {
        this.#pass(near, rest.subarray(0, end));
        rest = rest.subarray(end);
      }
    });
    this.#bind(near, far);
    this.#bind(far, near);
  }

  #bind(one: Socket, other: Socket): void {
    this.#sockets.add(one);
    one.on("error", () => other.destroy());
    one.on("close", () => {
      this.#sockets.delete(one);
      other.destroy();
    });
  }

  /** Answers keep their order; news need not. */
  #pass(near: Socket, reply: Buffer): void {
    const { unrulyMs } = this.manners;
    if (unrulyMs === 0 || !reply.includes("smessage")) {
      this.#later(near, reply);
      return;
    }
    const send = () => near.writable && near.write(reply);
    setTimeout(send, Math.random() * unrulyMs);
    if (Math.random() < TWICE) setTimeout(send, Math.random() * unrulyMs);
  }

  #later(to: Socket, bytes: Buffer): void {
    const { lateMs, silent } = this.manners;
    if (silent) return;
    if (lateMs === 0) to.write(bytes);
    else setTimeout(() => to.writable && to.write(bytes), lateMs);
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Where the RESP2 value that begins at `at` ends; -1 where it is not all there. */
function endOf(bytes: Buffer, at: number): number {
  const line = bytes.indexOf(CR, at);
  if (line === -1 || line + 2 > bytes.length) return -1;
  const kind = String.fromCharCode(bytes[at] ?? 0);
  const count = Number(bytes.toString("latin1", at + 1, line));
  let end = line + 2;
  if (kind === "$" && count >= 0) end += count + 2;
  if (kind === "*") for (let left = count; left > 0 && end > 0; left--) end = endOf(bytes, end);
  return end > bytes.length ? -1 : end;
}
