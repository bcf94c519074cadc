import type { Socket as EngineConnection } from "@socket.io/bun-engine/dist/socket";
import type { Socket as IoSocket } from "socket.io";
import type { Context } from "../../commands/context.ts";
import { frameText } from "../../core/errors.ts";
import type { Actor } from "../../core/people.ts";
import type { Connection, Endpoint, Handling, News, Wire } from "../../hub/connection.ts";
import { type Door, type Guest, TOO_MANY_SOCKETS } from "../../hub/door.ts";
import type { Admitted, Host, Pipe } from "../../hub/mount.ts";
import { sayable } from "../room-verbs.ts";
import { CLOSE } from "./close.ts";
import { packet } from "./frames.ts";
import type { Topics } from "./topics.ts";
import { type Call, perform } from "./verbs.ts";
import type { EngineSocket } from "./websocket.ts";

export interface SessionParts {
  readonly context: Context;
  readonly door: Door;
  readonly authenticate: (token: string | null) => Promise<Actor | null>;
  /** Somebody was turned away: for the metrics. */
  readonly refused: (reason: string) => void;
  readonly topics: Topics<Pipe>;
  /** How long it may take until somebody has come in, in milliseconds. */
  readonly firstFrameMs: number;
  /** What may wait for a slow reader, in characters. */
  readonly unreadMax: number;
  /** The engine's WebSocket of a transport; none where that is polling. */
  readonly webSocketOf: (transport: object) => EngineSocket | undefined;
}

/** The engine's type of what it carries; it writes that itself. */
const MESSAGE = "4";

/** One Engine.IO session, over whatever transport: a socket of the server's, by which one user at a time comes in. */
export class Session implements Pipe, Endpoint<Call> {
  readonly #admitted: Admitted<Call>;
  #wire: Wire | null = null;
  #id = "";
  /** Whoever is being asked for a token, or has shown one and is about to come in. */
  #visitor: Guest | "unknown" | null = null;
  #connection: Connection | null = null;
  readonly #followed = new Set<string>();
  #deadline: Timer | undefined;
  #unread = 0;
  #pinged = false;

  constructor(
    private readonly engine: EngineConnection,
    private readonly parts: SessionParts,
    host: Host,
  ) {
    this.#admitted = host.admit<Call>("socket-io", this, (wire, id) => {
      this.#wire = wire;
      this.#id = id;
      return this;
    });
    engine.on("packet", ({ type }) => this.#heard(type));
    engine.on("packetCreate", ({ type, data }) => this.#wrote(type, data));
    engine.on("flush", () => {
      this.#unread = 0;
    });
    engine.on("upgrade", () => {
      this.#countPings();
      this.#upgraded();
    });
    engine.on("close", () => this.#admitted.gone(CLOSE.normal));
    // Socket.IO calls this where it cannot make sense of what came, and the client is to know that it was that.
    engine.close = () => this.close(CLOSE.protocol, "not a packet that a Socket.IO client sends");
    this.#countPings();
    this.#awaitSomebody();
  }

  /** Pings of the WebSocket itself, which the engine never sees, count like packets. */
  #countPings(): void {
    const socket = this.#webSocket;
    if (socket) socket.onHeard = () => void this.#admitted.heard();
  }

  /** Every packet counts, and only two types are a client's to send; the engine would start a timer for a stray pong. */
  #heard(type: string): void {
    if (!this.#admitted.heard()) return;
    if (type === "message") return;
    if (type === "pong" && this.#pinged) this.#pinged = false;
    else this.close(CLOSE.protocol, "not an Engine.IO packet, or not in its turn");
  }

  /** Over polling, what is written gathers until the client asks for it. */
  #wrote(type: string, data: unknown): void {
    if (type === "ping") this.#pinged = true;
    this.#unread += typeof data === "string" ? data.length : 0;
    if (this.#unread <= this.parts.unreadMax) return;
    this.parts.refused("slow-reader");
    this.close(CLOSE.slow, "too much is waiting to be read");
  }

  #awaitSomebody(): void {
    const { firstFrameMs } = this.parts;
    this.#deadline = setTimeout(() => this.close(CLOSE.nobody, "nobody came in in time"), firstFrameMs);
  }

  /** Learns who wants to come in. Gives why they may not, or null. */
  async meet({ auth, query }: IoSocket["handshake"]): Promise<string | null> {
    if (this.#visitor || this.#connection) return "This session is in use, open another";
    this.#visitor = "unknown";
    const guest = await this.#identify(tokenIn(auth) ?? tokenIn(query));
    this.#visitor = typeof guest === "string" ? null : guest;
    return typeof guest === "string" ? guest : null;
  }

  async #identify(token: string | null): Promise<Guest | string> {
    const { authenticate, door, context, refused } = this.parts;
    try {
      const actor = await authenticate(token);
      if (!actor) {
        refused("unauthorized");
        return frameText("unauthorized");
      }
      const guest = await door.invite(actor);
      return door.isFull(guest) ? TOO_MANY_SOCKETS : guest;
    } catch (error) {
      context.troubled("a socket's token could not be checked", error, { socket: this.#id });
      return frameText("internal");
    }
  }

  /** Lets the visitor in by this socket of Socket.IO's. */
  enter(socket: IoSocket): void {
    const [guest, wire] = [this.#visitor, this.#wire];
    this.#visitor = null;
    if (!wire || !guest || guest === "unknown") return;
    const connection = this.parts.door.enter({
      guest,
      wire,
      id: this.#id,
      dialect: "socket-io",
      words: sayPacket,
    });
    if (!connection) return;
    clearTimeout(this.#deadline);
    this.#connection = connection;
    socket.onAny((event: unknown, argument: unknown) => {
      // The acknowledgement that a client may ask for stands after the arguments.
      const data = typeof argument === "function" ? undefined : argument;
      this.#admitted.receive({ connection, event, data });
    });
    socket.on("disconnect", () => {
      if (this.#leave()) this.#awaitSomebody();
    });
  }

  receive(call: Call): Handling | null {
    return perform(this.parts.context, call);
  }

  gone(): void {
    clearTimeout(this.#deadline);
    this.#leave();
  }

  /** Whether there was anybody in. */
  #leave(): boolean {
    const connection = this.#connection;
    if (!connection) return false;
    this.#connection = null;
    for (const topic of this.#followed) this.unsubscribe(topic);
    this.parts.door.leave(connection);
    return true;
  }

  /** The engine gathers what is sent in a turn by itself. */
  cork(write: () => void): void {
    write();
  }

  sendText(frame: string): void {
    this.engine.write(frame.slice(MESSAGE.length));
  }

  subscribe(topic: string): void {
    this.#followed.add(topic);
    this.#follow(topic);
  }

  /** A WebSocket hears a topic as every other does; to a poll the engine hands each frame. */
  #follow(topic: string): void {
    const socket = this.#webSocket;
    if (socket) socket.subscribe(topic);
    else this.parts.topics.follow(topic, this);
  }

  unsubscribe(topic: string): void {
    this.#followed.delete(topic);
    this.parts.topics.leave(topic, this);
    this.#webSocket?.unsubscribe(topic);
  }

  /** From here on the WebSocket is written to; what still waits for a poll goes out on it first, in this same turn. */
  #upgraded(): void {
    for (const topic of this.#followed) {
      this.parts.topics.leave(topic, this);
      this.#follow(topic);
    }
  }

  get #webSocket(): EngineSocket | undefined {
    return this.parts.webSocketOf(this.engine.transport);
  }

  /** Closes the transport and says nothing in Socket.IO's own words: a client that is told `disconnect` stays away. */
  close(code: number, reason: string): void {
    const socket = this.#webSocket;
    if (socket) socket.end(code, reason);
    else this.engine.transport.close();
  }

  /** The engine has its own ping, which clients wait for. */
  ping(): void {}

  terminate(): void {
    this.close(CLOSE.normal, "");
  }
}

function tokenIn(place: Readonly<Record<string, unknown>>): string | null {
  const { token } = place;
  return typeof token === "string" && token !== "" ? token : null;
}

function sayPacket(wire: Wire, news: News): void {
  const said = sayable(news);
  if (said) wire.send(packet(said));
}
