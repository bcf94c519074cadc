import type { TestServer } from "./server";

const SEPARATOR = "\u001e";
/** A wait for a frame or a close gives up after this, in ms. */
const patience = 20_000;

/** The URL of Engine.IO with these parameters, version 4 unless they say otherwise. */
export function engineUrl(server: TestServer, parameters: Record<string, string>): string {
  const query = new URLSearchParams({ EIO: "4", ...parameters });
  return `${server.url}/socket.io/?${query}`;
}

/** An Engine.IO session over polling, packet by packet: what a client may send, and what none would. */
export class PollingPeer {
  private constructor(
    private readonly server: TestServer,
    readonly sid: string,
    /** What the server said on opening. */
    readonly opening: Record<string, unknown>,
  ) {}

  static async open(server: TestServer): Promise<PollingPeer> {
    const text = await (await fetch(engineUrl(server, { transport: "polling" }))).text();
    const opening: Record<string, unknown> = JSON.parse(text.slice(1));
    return new PollingPeer(server, String(opening.sid), opening);
  }

  get url(): string {
    return engineUrl(this.server, { transport: "polling", sid: this.sid });
  }

  post(...packets: string[]): Promise<Response> {
    return fetch(this.url, { method: "POST", body: packets.join(SEPARATOR) });
  }

  get(): Promise<Response> {
    return fetch(this.url);
  }

  /** The packets of the next answer. */
  async poll(): Promise<string[]> {
    const response = await this.get();
    const text = await response.text();
    if (response.status !== 200) throw new Error(`polled ${response.status}: ${text}`);
    return text.split(SEPARATOR);
  }

  /** Polls until a packet begins like this, and gives all that came. */
  async until(beginning: string): Promise<string[]> {
    const packets: string[] = [];
    while (!packets.some((packet) => packet.startsWith(beginning))) packets.push(...(await this.poll()));
    return packets;
  }

  /** Comes into the default namespace. */
  async enter(token: string): Promise<void> {
    await this.post(`40${JSON.stringify({ token })}`);
    await this.until("40");
  }

  /** Whether the server knows the session no more. */
  async isGone(): Promise<boolean> {
    return (await this.post("3")).status === 400;
  }
}

/** An Engine.IO WebSocket, frame by frame. */
export class WebSocketPeer {
  readonly received: (string | Uint8Array)[] = [];
  closeCode: number | undefined;
  private wake = () => {};

  private constructor(readonly socket: WebSocket) {
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.wake();
    socket.onmessage = ({ data }) => {
      this.received.push(typeof data === "string" ? data : new Uint8Array(data));
      this.wake();
    };
    socket.onclose = ({ code }) => {
      this.closeCode = code;
      this.wake();
    };
  }

  /** A new session, or with a `sid` a probe of that one. */
  static async open(server: TestServer, sid?: string): Promise<WebSocketPeer> {
    const url = engineUrl(server, { transport: "websocket", ...(sid === undefined ? {} : { sid }) });
    const peer = new WebSocketPeer(new WebSocket(url.replace("http", "ws")));
    if (sid === undefined) await peer.until("0");
    else await peer.when("an upgrade", () => peer.socket.readyState !== WebSocket.CONNECTING);
    return peer;
  }

  send(...frames: (string | Uint8Array<ArrayBuffer>)[]): void {
    for (const frame of frames) this.socket.send(frame);
  }

  async enter(token: string): Promise<void> {
    this.send(`40${JSON.stringify({ token })}`);
    await this.until("40");
  }

  /** Returns once a text frame came that begins like this. */
  async until(beginning: string): Promise<string> {
    const found = () =>
      this.received.find((frame) => typeof frame === "string" && frame.startsWith(beginning));
    await this.when(`a frame like ${beginning}`, () => found() !== undefined);
    return String(found());
  }

  async closed(): Promise<number> {
    await this.when("a close", () => this.closeCode !== undefined);
    return this.closeCode ?? 0;
  }

  private async when(what: string, done: () => boolean): Promise<void> {
    const deadline = Date.now() + patience;
    while (!done()) {
      if (Date.now() > deadline || this.closeCode !== undefined)
        throw new Error(`waited for ${what}; closed ${this.closeCode}, got ${this.received.slice(-3)}`);
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        setTimeout(resolve, 1000);
      });
    }
  }
}
