import { io, type Socket } from "socket.io-client";
import { serverEvent } from "../../protocol/socket-io.ts";
import type { LaneSocket } from "./lane.ts";

/** A wait gives up after this, in ms. */
const PATIENCE_MS = 20_000;
const ENDED_WITHOUT_A_WORD = 1006;
/** Socket.IO's own reasons for an end that nobody announced. */
const CUT = ["transport close", "transport error"];

/** A socket of the official Socket.IO client that a lane takes for a plain one: names and shapes are translated. */
export class IoLaneSocket implements LaneSocket {
  closeCode: number | undefined;
  readonly #frames: unknown[] = [];
  #listening: (() => void)[] = [];

  private constructor(private readonly socket: Socket) {
    socket.onAny((event: string, data: unknown) => {
      this.#frames.push(plainOf(event, data));
      this.#tell();
    });
    socket.on("disconnect", (reason) => {
      this.closeCode = CUT.includes(reason) ? ENDED_WITHOUT_A_WORD : 1000;
      this.#tell();
    });
  }

  /** Connects; `polling` at first where it is not told to begin with a WebSocket. */
  static async open(url: string, token: string, webSocket: boolean): Promise<IoLaneSocket> {
    const transports = webSocket ? ["websocket"] : ["polling"];
    const socket = io(url, { auth: { token }, transports, reconnection: false, forceNew: true });
    const lane = new IoLaneSocket(socket);
    await new Promise<void>((resolve, reject) => {
      socket.on("connect", resolve);
      socket.on("connect_error", reject);
    });
    return lane;
  }

  send(event: "ATTENDANCE_MARKED" | "DONE", data: { readonly [name: string]: string }): void {
    this.socket.emit(event === "DONE" ? event : "MARK_ATTENDANCE", data);
  }

  async next(): Promise<unknown> {
    while (this.#frames.length === 0) {
      if (this.closeCode !== undefined) throw new Error(`closed with ${this.closeCode}`);
      await this.#heard();
    }
    return this.#frames.shift();
  }

  async closed(): Promise<number> {
    while (this.closeCode === undefined) await this.#heard();
    return this.closeCode;
  }

  #heard(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, PATIENCE_MS);
      this.#listening.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #tell(): void {
    for (const listen of this.#listening.splice(0)) listen();
  }
}

/** The frame of the plain dialect that says the same; what is none of this dialect's own stays as it is. */
function plainOf(event: string, data: unknown): unknown {
  const told = serverEvent.safeParse({ event, data }).data;
  if (told?.event !== "SESSION_ENDED") return told ?? `not of the dialect: ${JSON.stringify([event, data])}`;
  const { totalStudents: total, presentCount: present } = told.data;
  return {
    event: "DONE",
    data: { message: "Attendance persisted", present, absent: total - present, total },
  };
}
