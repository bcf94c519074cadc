import { type CommandFrame, type ServerFrame, SUBPROTOCOL, serverFrame } from "../../protocol/v1.ts";
import type { SessionId } from "../../src/core/ids.ts";
import { Views } from "./v1-view.ts";

/** Where an accepted command stands. */
export interface Place {
  readonly session: SessionId;
  readonly seq: number;
}

/** A wait gives up after this, in ms: a machine may be suspended for a minute. */
const PATIENCE_MS = 90_000;

/**
 * A client of rollcall.v1 that wants certainty: it resumes where it was, and sends every command that was not
 * acknowledged again, under its id. It outlives its connections.
 */
export class V1Client {
  readonly views = new Views();
  /** Sent and not acknowledged, in the order of sending. */
  readonly open = new Map<string, CommandFrame>();
  readonly acknowledged = new Map<string, Place>();
  /** Those acknowledged since somebody last took them from here. */
  readonly news: string[] = [];
  readonly refused = new Map<string, string>();
  /** How often a command was sent again. */
  resent = 0;
  /** Told every frame that comes: for a history. */
  heard: (frame: ServerFrame) => void = () => undefined;
  closeCode: number | undefined;
  #socket: WebSocket | null = null;
  #ready = false;
  readonly #listening = new Set<() => void>();

  constructor(private readonly token: string) {}

  /** Connects unless it is connected, is brought up to now, and sends again what is open. `url` is the server's, with http. */
  async connect(url: string): Promise<void> {
    if (this.#socket && this.closeCode === undefined) return;
    const socket = new WebSocket(`${url.replace("http", "ws")}/ws`, SUBPROTOCOL);
    this.#socket = socket;
    this.#ready = false;
    this.closeCode = undefined;
    socket.onopen = () => this.#send({ type: "hello", token: this.token, after: this.views.after });
    socket.onmessage = ({ data }) => this.#take(serverFrame.parse(JSON.parse(String(data))));
    socket.onclose = ({ code }) => {
      this.closeCode = code;
      this.#tell();
    };
    await this.until("a ready", () => this.#ready);
    for (const frame of this.open.values()) {
      this.resent++;
      this.#send(frame);
    }
  }

  /** Sends a command; it stays open until it is answered, on whichever connection. */
  command(frame: CommandFrame): void {
    this.open.set(frame.id, frame);
    this.#send(frame);
  }

  /** Resolves once it is so; rejects once the connection is gone. */
  async until(what: string, done: () => boolean): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!done()) {
      if (this.closeCode !== undefined) throw new Error(`waited for ${what}: closed with ${this.closeCode}`);
      if (performance.now() > deadline) throw new Error(`waited for ${what}: nothing came`);
      await this.#next();
    }
  }

  /** The close code, once the connection is gone. */
  async closed(): Promise<number> {
    while (this.closeCode === undefined) await this.#next();
    return this.closeCode;
  }

  close(): Promise<number> {
    this.#socket?.close();
    return this.closed();
  }

  #send(frame: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  #take(frame: ServerFrame): void {
    if (frame.type === "snapshot") this.views.replace(frame);
    else if (frame.type === "events") this.views.add(frame);
    else if (frame.type === "ready") this.#ready = true;
    else if (frame.type === "ack") this.#acknowledge(frame);
    else if (frame.type === "refused") {
      this.open.delete(frame.id);
      this.refused.set(frame.id, frame.code);
    } else if (frame.type === "error") this.views.faults.push(`${frame.code}: ${frame.message}`);
    this.heard(frame);
    this.#tell();
  }

  #acknowledge({ id, session, seq }: Extract<ServerFrame, { type: "ack" }>): void {
    const before = this.acknowledged.get(id);
    if (before && (before.session !== session || before.seq !== seq))
      this.views.faults.push(`command ${id} was acknowledged at two places`);
    this.open.delete(id);
    this.acknowledged.set(id, { session, seq });
    if (!before) this.news.push(id);
  }

  #next(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, PATIENCE_MS);
      const heard = () => {
        clearTimeout(timer);
        this.#listening.delete(heard);
        resolve();
      };
      this.#listening.add(heard);
    });
  }

  #tell(): void {
    for (const listen of [...this.#listening]) listen();
  }
}
