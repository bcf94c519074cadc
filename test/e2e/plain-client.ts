import { type RawData, WebSocket } from "../../node_modules/ws/wrapper.mjs";
import type { Json } from "./http";
import type { Reachable } from "./server";

/** A frame as it came. */
export type Frame = Json;

/** A wait for a frame or a close gives up after this, in ms. */
const patience = 20_000;

/** Several windows of the server (STUDENT_WINDOW_MS). */
const HELD_BACK_MS = 15;

/** One count for all sockets of the process, so that a test can say which of two frames came first. */
let arrivals = 0;

/** A plain WebSocket client that keeps every frame in the order in which it came. */
export class PlainClient {
  /** Every frame of this socket, and beside it the place of each in the order of all sockets. */
  readonly received: Frame[] = [];
  readonly places: number[] = [];
  /** The close code, once the socket is closed. */
  closeCode: number | undefined;
  private taken = 0;
  private readonly waiting = new Set<() => void>();

  private constructor(private readonly socket: WebSocket) {
    socket.on("open", () => this.wake());
    socket.on("message", (raw, binary) => this.keep(raw, binary));
    socket.on("error", () => undefined); // a close follows and tells the code
    socket.on("close", (code) => {
      this.closeCode = code;
      this.wake();
    });
  }

  /** Connects to the URL and returns once the upgrade is through. */
  static async open(url: string): Promise<PlainClient> {
    const socket = new WebSocket(url);
    const client = new PlainClient(socket);
    await client.when("an upgrade", () => socket.readyState !== WebSocket.CONNECTING);
    return client;
  }

  send(event: string, data?: Json): void {
    this.sendRaw(JSON.stringify(data === undefined ? { event } : { event, data }));
  }

  sendRaw(payload: string | Uint8Array): void {
    this.socket.send(payload);
  }

  /** How many frames came that nobody took yet. */
  get unread(): number {
    return this.received.length - this.taken;
  }

  /** The next frame that was not taken yet. */
  async next(): Promise<Frame> {
    await this.when("a frame", () => this.unread > 0);
    const frame = this.received[this.taken];
    this.taken += 1;
    return frame ?? null;
  }

  /** The next `count` frames. */
  async nextOf(count: number): Promise<Frame[]> {
    await this.when(`${count} frames`, () => this.unread >= count);
    const frames = this.received.slice(this.taken, this.taken + count);
    this.taken += count;
    return frames;
  }

  /** Every frame up to and with the first of this event. */
  async until(event: string): Promise<Frame[]> {
    const frames: Frame[] = [];
    do frames.push(await this.next());
    while (eventOf(frames.at(-1)) !== event);
    return frames;
  }

  /**
   * What came that nobody took. A first PONG says that the server has done what was asked before; marks that it then
   * holds back for a student leave within two windows, and stand before the second.
   */
  async heard(): Promise<Frame[]> {
    const frames = await this.beforePong();
    await Bun.sleep(HELD_BACK_MS);
    return [...frames, ...(await this.beforePong())];
  }

  private async beforePong(): Promise<Frame[]> {
    this.send("PING");
    return (await this.until("PONG")).slice(0, -1);
  }

  /** The close code, as soon as the socket is closed. */
  async closed(): Promise<number> {
    await this.when("a close", () => this.closeCode !== undefined, true);
    return this.closeCode ?? 0;
  }

  /** Closes from this side and waits for the answer. */
  async close(): Promise<void> {
    this.socket.close();
    await this.closed();
  }

  /** The machine loses its power: no close frame, the connection is simply gone. */
  vanish(): void {
    this.socket.terminate();
  }

  private keep(raw: RawData, binary: boolean): void {
    this.received.push(binary ? "a binary frame" : parse(raw));
    this.places.push(arrivals++);
    this.wake();
  }

  private wake(): void {
    for (const check of [...this.waiting]) check();
  }

  private when(what: string, done: () => boolean, evenClosed = false): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (why: string) => {
        const last = JSON.stringify(this.received.slice(-5));
        finish(() => reject(new Error(`waited for ${what}: ${why}; last frames ${last}`)));
      };
      const check = () => {
        if (done()) finish(resolve);
        else if (this.closeCode !== undefined && !evenClosed) fail(`closed with ${this.closeCode}`);
      };
      const timer = setTimeout(() => fail("nothing came"), patience);
      const finish = (then: () => void) => {
        clearTimeout(timer);
        this.waiting.delete(check);
        then();
      };
      this.waiting.add(check);
      check();
    });
  }
}

/** A socket of somebody with this token. */
export function connect(server: Reachable, who: { token: string }): Promise<PlainClient> {
  return PlainClient.open(`${server.wsUrl}?token=${who.token}`);
}

/** A socket for each. */
export function connectAll(server: Reachable, people: { token: string }[]): Promise<PlainClient[]> {
  return Promise.all(people.map((who) => connect(server, who)));
}

/** The frame of an ERROR. */
export function error(message: string): Frame {
  return { event: "ERROR", data: { message } };
}

/** The frame of a mark as it is broadcast. */
export function marked(studentId: string, status: string): Frame {
  return { event: "ATTENDANCE_MARKED", data: { studentId, status } };
}

/** The event's name, if it is a frame that has one. */
function eventOf(frame: Frame | undefined): string | undefined {
  if (typeof frame !== "object" || frame === null || Array.isArray(frame)) return undefined;
  return typeof frame.event === "string" ? frame.event : undefined;
}

function parse(raw: RawData): Json {
  const text = raw.toString();
  try {
    return JSON.parse(text) as Json;
  } catch {
    return `not JSON: ${text}`;
  }
}
