import { type ServerFrame, SUBPROTOCOL, serverFrame } from "../../protocol/v1.ts";
import type { Reachable } from "./server";

/** A wait for a frame gives up after this, in ms. */
const patience = 20_000;

/** A rollcall.v1 socket that sends nothing but its hello, and keeps every frame that it is told. */
export class V1Watcher {
  readonly frames: ServerFrame[] = [];
  private wake = () => {};

  private constructor(private readonly socket: WebSocket) {
    socket.onmessage = ({ data }) => {
      this.frames.push(serverFrame.parse(JSON.parse(String(data))));
      this.wake();
    };
    socket.onclose = () => this.wake();
  }

  /** Says hello and returns once the server has told all that it owes. */
  static async open(server: Reachable, who: { token: string }): Promise<V1Watcher> {
    const socket = new WebSocket(server.wsUrl, SUBPROTOCOL);
    const watcher = new V1Watcher(socket);
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", token: who.token }));
    await watcher.until("ready", (frame) => frame.type === "ready");
    return watcher;
  }

  /** Every event told so far, in the order of the log. */
  get events() {
    return this.frames.flatMap((frame) => (frame.type === "events" ? frame.events : []));
  }

  /** Returns once a frame came, before or after the call, that is the one. */
  async until(what: string, is: (frame: ServerFrame) => boolean): Promise<ServerFrame> {
    const deadline = Date.now() + patience;
    for (;;) {
      const found = this.frames.find(is);
      if (found) return found;
      const left = deadline - Date.now();
      if (left <= 0 || this.socket.readyState === WebSocket.CLOSED) {
        throw new Error(`${what} never came; last frames ${JSON.stringify(this.frames.slice(-5))}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** What came until the answer to a ping: nothing that was sent to this socket before is missing. */
  async heard(): Promise<ServerFrame[]> {
    const before = this.frames.filter((frame) => frame.type === "pong").length;
    this.socket.send(JSON.stringify({ type: "ping" }));
    await this.until("pong", () => this.frames.filter((frame) => frame.type === "pong").length > before);
    return this.frames.filter((frame) => frame.type !== "pong");
  }
}
