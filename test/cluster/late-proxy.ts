import { connect, createServer, type Server, type Socket } from "node:net";

/** A way to a port of this machine on which everything takes `lateMs` longer in each direction. */
export class LateProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(
    readonly target: number,
    public lateMs: number,
  ) {
    this.#server = createServer((near) => this.#join(near));
  }

  static async to(target: number, lateMs: number): Promise<LateProxy> {
    const proxy = new LateProxy(target, lateMs);
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the proxy does not listen");
    return address.port;
  }

  #join(near: Socket): void {
    const far = connect(this.target, "127.0.0.1");
    this.#pass(near, far);
    this.#pass(far, near);
  }

  #pass(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on("data", (bytes) => setTimeout(() => to.writable && to.write(bytes), this.lateMs));
    from.on("close", () => {
      this.#sockets.delete(from);
      setTimeout(() => to.destroy(), this.lateMs);
    });
    from.on("error", () => to.destroy());
  }

  /** Nothing passes any more, in either direction. */
  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
