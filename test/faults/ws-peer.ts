import { type FrameOptions, frame, framesIn, OPCODE, type ServerFrame } from "./frames.ts";
import { type HandshakeChange, handshake } from "./handshake.ts";
import { Tcp } from "./tcp.ts";

/** What becomes of a socket: closed with this code, ended without a close frame, or served on. */
export type Fate = `closed ${number}` | "dropped" | "goes on";

const STILL_THERE = "still there?";
const HEAD_END = "\r\n\r\n";

/** A WebSocket client over bare TCP: every byte that it sends is the test's own. */
export class WsPeer {
  private constructor(private readonly tcp: Tcp) {}

  /** Connects to the path and returns once the upgrade is through. */
  static async open(url: string, path: string, change: HandshakeChange = {}): Promise<WsPeer> {
    const tcp = await Tcp.open(url);
    tcp.send(handshake(path, change));
    const peer = new WsPeer(tcp);
    await tcp.until("an upgrade", () => tcp.ended || tcp.received.includes(HEAD_END));
    if (!peer.head.startsWith("HTTP/1.1 101")) throw new Error(`no upgrade: ${peer.head.slice(0, 200)}`);
    return peer;
  }

  get head(): string {
    return this.tcp.received.toString("latin1", 0, this.#headLength);
  }

  /** Every frame that came. */
  get frames(): ServerFrame[] {
    return framesIn(this.tcp.received.subarray(this.#headLength));
  }

  /** The texts of the text frames that came. */
  get texts(): string[] {
    return this.frames.flatMap(({ opcode, payload }) => (opcode === OPCODE.text ? payload.toString() : []));
  }

  get closeCode(): number | undefined {
    const close = this.frames.find(({ opcode }) => opcode === OPCODE.close);
    if (!close) return undefined;
    return close.payload.length < 2 ? 1005 : close.payload.readUInt16BE(0);
  }

  get ended(): boolean {
    return this.tcp.ended;
  }

  send(...frames: readonly Uint8Array[]): void {
    this.tcp.send(Buffer.concat(frames));
  }

  sendText(text: string, options: FrameOptions = {}): void {
    this.send(frame(OPCODE.text, text, options));
  }

  /** Sends an event of the plain dialect. */
  sendEvent(event: string, data?: object): void {
    this.sendText(JSON.stringify({ event, data }));
  }

  /** Sends no more bytes, and says so. */
  finish(): void {
    this.tcp.finish();
  }

  stopReading(): void {
    this.tcp.stopReading();
  }

  destroy(): void {
    this.tcp.destroy();
  }

  until(what: string, done: () => boolean): Promise<void> {
    return this.tcp.until(what, done);
  }

  /** Asks by a ping whether it is still served, and waits for whatever answers that. Nothing stays half open. */
  async fate(): Promise<Fate> {
    this.send(frame(OPCODE.ping, STILL_THERE));
    const served = () =>
      this.frames.some(({ opcode, payload }) => opcode === OPCODE.pong && payload.toString() === STILL_THERE);
    await this.until("an end or a pong", () => this.ended || served());
    if (served()) return "goes on";
    return this.closeCode === undefined ? "dropped" : `closed ${this.closeCode}`;
  }

  get #headLength(): number {
    return this.tcp.received.indexOf(HEAD_END) + HEAD_END.length;
  }
}
