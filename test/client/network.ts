import { createServer, connect as dial, type Socket } from "node:net";
import { z } from "zod";
import { SUBPROTOCOL, serverFrame } from "../../protocol/v1.ts";
import type { TestServer } from "../e2e/server.ts";

/** A network between clients and a server, which may be cut; its address stays while the server's changes. */
export class Network {
  url = "";
  /** While it is down nobody gets through. */
  #isDown = false;
  readonly #pairs = new Set<Socket>();
  readonly #listener = createServer((near) => this.#join(near));

  constructor(private readonly server: Pick<TestServer, "url">) {}

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#listener.listen(0, "127.0.0.1", resolve));
    const { port } = z.object({ port: z.number() }).parse(this.#listener.address());
    this.url = `http://127.0.0.1:${port}`;
    return this;
  }

  get wsUrl(): string {
    return `${this.url.replace("http", "ws")}/ws`;
  }

  /** Every connection of this moment is lost, without a word. */
  cut(): void {
    for (const socket of this.#pairs) socket.destroy();
  }

  /** Nothing goes through until it is up again. */
  down(): void {
    this.#isDown = true;
    this.cut();
  }

  up(): void {
    this.#isDown = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#listener.close(resolve));
  }

  #join(near: Socket): void {
    if (this.#isDown) {
      near.on("error", () => undefined);
      near.destroy();
      return;
    }
    const { hostname, port } = new URL(this.server.url);
    const far = dial(Number(port), hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#pairs.add(one);
      one.on("error", () => undefined);
      one.on("close", () => {
        this.#pairs.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
}

/** Every event of a session as the server tells it to somebody, running or ended. */
export async function eventsOf(server: TestServer, token: string, session: string) {
  const socket = new WebSocket(server.wsUrl, [SUBPROTOCOL]);
  const { promise, resolve, reject } = Promise.withResolvers<z.output<typeof serverFrame>>();
  socket.addEventListener("open", () =>
    socket.send(JSON.stringify({ type: "hello", token, after: { [session]: 0 } })),
  );
  socket.addEventListener("message", ({ data }) => {
    const frame = serverFrame.parse(JSON.parse(String(data)));
    if ("session" in frame && frame.session === session) resolve(frame);
    if (frame.type === "ready") reject(new Error("the session was not told"));
  });
  socket.addEventListener("close", ({ code }) => reject(new Error(`closed with ${code}`)));
  const frame = await promise;
  socket.close();
  if (frame.type !== "events" || frame.from !== 1)
    throw new Error(`not all events: ${JSON.stringify(frame)}`);
  return frame.events;
}

/** Resolves once it holds; throws what it is after twenty seconds. */
export async function until(
  what: string,
  holds: () => boolean,
  show: () => unknown = () => "",
): Promise<void> {
  const patience = performance.now() + 20_000;
  while (!holds()) {
    if (performance.now() > patience) throw new Error(`waited for ${what}: ${JSON.stringify(show())}`);
    await Bun.sleep(5);
  }
}
