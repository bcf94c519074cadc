import { type ServerFrame, SUBPROTOCOL, serverFrame } from "../../protocol/v1.ts";
import { until } from "../client/network.ts";
import type { Reachable } from "./server.ts";

/** A rollcall.v1 socket that sends what it is told to and keeps every frame that it hears. */
export class V1Socket {
  readonly frames: ServerFrame[] = [];
  closeCode: number | undefined;
  readonly #socket: WebSocket;

  private constructor(url: string, headers: Record<string, string>) {
    this.#socket = new WebSocket(url, { protocols: [SUBPROTOCOL], headers });
    this.#socket.onmessage = ({ data }) => this.frames.push(serverFrame.parse(JSON.parse(String(data))));
    this.#socket.onclose = ({ code }) => {
      this.closeCode = code;
    };
  }

  /** Opens a socket; nothing is said yet. */
  static async open(server: Reachable, headers: Record<string, string> = {}): Promise<V1Socket> {
    const socket = new V1Socket(server.wsUrl, headers);
    await until("an open socket", () => socket.#socket.readyState === WebSocket.OPEN);
    return socket;
  }

  /** Opens a socket, says hello and returns once it is ready. */
  static async ready(
    server: Reachable,
    hello: object,
    headers: Record<string, string> = {},
  ): Promise<V1Socket> {
    const socket = await V1Socket.open(server, headers);
    socket.send({ type: "hello", ...hello });
    await socket.next("ready");
    return socket;
  }

  /** Sends a frame; a text or bytes as they are. */
  send(frame: object | string | Uint8Array<ArrayBuffer>): void {
    const raw = typeof frame === "string" || frame instanceof Uint8Array;
    this.#socket.send(raw ? frame : JSON.stringify(frame));
  }

  /** The next frame of the type that was not taken yet; takes all before it. */
  async next<Type extends ServerFrame["type"]>(type: Type): Promise<Extract<ServerFrame, { type: Type }>> {
    const is = (frame: ServerFrame): frame is Extract<ServerFrame, { type: Type }> => frame.type === type;
    await until(
      `a frame ${type}`,
      () => this.frames.some(is) || this.closeCode !== undefined,
      () => this.frames,
    );
    const at = this.frames.findIndex(is);
    const found = this.frames.splice(0, at + 1).find(is);
    if (!found) throw new Error(`closed with ${this.closeCode} before a frame ${type}`);
    return found;
  }

  /** The answer to a command. */
  async answer(id: string): Promise<Extract<ServerFrame, { type: "ack" | "refused" }>> {
    const its = (frame: ServerFrame) => (frame.type === "ack" || frame.type === "refused") && frame.id === id;
    await until(
      `an answer to ${id}`,
      () => this.frames.some(its),
      () => this.frames,
    );
    const found = this.frames.find(its);
    this.frames.splice(0, this.frames.findIndex(its) + 1);
    if (found?.type !== "ack" && found?.type !== "refused") throw new Error("no answer");
    return found;
  }

  async closed(): Promise<number> {
    await until(
      "a close",
      () => this.closeCode !== undefined,
      () => this.frames,
    );
    return this.closeCode ?? 0;
  }

  close(): void {
    this.#socket.close();
  }
}
