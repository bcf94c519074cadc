import type { Server, ServerWebSocket } from "bun";
import type { Config } from "../config.ts";
import { REFUSALS, type RefusalCode } from "../core/errors.ts";
import { StartError } from "../core/start-error.ts";
import type { OpenSocket, SocketDialect } from "../hub/connection.ts";
import type { Log } from "../observe/log.ts";
import type { Metrics } from "../observe/metrics.ts";
import { chooseDialect } from "./choose-dialect.ts";
import { Inbox } from "./inbox.ts";
import { watchSilence } from "./silence.ts";
import { type Frame, Socket } from "./socket.ts";

export interface RuntimeParts {
  readonly config: Config;
  readonly http: (request: Request) => Promise<Response>;
  readonly dialects: readonly SocketDialect[];
  readonly metrics: Metrics;
  readonly log: Log;
}

/** What is known of a socket when it is upgraded; `socket` is set once it is open. */
interface Upgrade {
  readonly dialect: string;
  readonly open: OpenSocket;
  socket: Socket | null;
}

type BunSocket = ServerWebSocket<Upgrade>;

export interface Runtime {
  readonly port: number;
  /** Gives a frame to every socket that subscribed to the topic. */
  publish(topic: string, frame: string): void;
  /** Stops accepting, lets `settle` finish, closes every socket with 1012. */
  drain(settle: () => Promise<void>): Promise<void>;
}

const CLOSE = { policy: 1008, restart: 1012 } as const;

/** Serves HTTP and sockets on one port. Throws StartError where the port cannot be had. */
export function serve(parts: RuntimeParts): Runtime {
  return new BunRuntime(parts);
}

class BunRuntime implements Runtime {
  readonly #server: Server<Upgrade>;
  readonly #inbox: Inbox;
  readonly #sockets = new Map<Socket, BunSocket>();
  readonly #stopWatching: () => void;
  #draining = false;
  #counted = 0;

  constructor(private readonly parts: RuntimeParts) {
    const { config, log } = parts;
    this.#inbox = new Inbox(({ id }, error) =>
      log.error({ socket: id, err: error }, "a frame broke its handler"),
    );
    this.#server = this.#listen();
    parts.metrics.countWaiting = () => this.#sockets.keys().reduce((sum, { waiting }) => sum + waiting, 0);
    this.#stopWatching = watchSilence(this.#sockets, config, () => this.#refused("silence"));
  }

  get port(): number {
    return this.#server.port ?? 0;
  }

  #listen(): Server<Upgrade> {
    const { config } = this.parts;
    try {
      return Bun.serve<Upgrade>({
        port: config.PORT,
        hostname: config.HOST,
        // Each route has a limit of its own and answers in JSON; Bun's answer to a larger body is empty.
        maxRequestBodySize: BODY_BYTES_BUN,
        fetch: (request, server) => this.#fetch(request, server),
        websocket: {
          maxPayloadLength: config.FRAME_BYTES_MAX,
          backpressureLimit: config.OUT_BUFFER_BYTES_MAX,
          closeOnBackpressureLimit: true,
          perMessageDeflate: false,
          idleTimeout: 0,
          sendPings: false,
          open: (ws) => this.#open(ws),
          message: (ws, frame) => this.#message(ws, frame),
          pong: (ws) => this.#heard(ws),
          ping: (ws) => this.#heard(ws),
          close: (ws, code) => this.#close(ws, code),
        },
      });
    } catch (error) {
      throw new StartError(portSentence(config, error));
    }
  }

  async #fetch(request: Request, server: Server<Upgrade>): Promise<Response | undefined> {
    if (this.#draining) return refusal("shutting-down");
    const url = new URL(request.url);
    return url.pathname === "/ws" ? this.#upgrade(request, url, server) : this.parts.http(request);
  }

  async #upgrade(request: Request, url: URL, server: Server<Upgrade>): Promise<Response | undefined> {
    const { config, dialects } = this.parts;
    if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
      return sentence(426, "This address speaks WebSocket only", { Upgrade: "websocket" });
    }
    if (this.#sockets.size >= config.SOCKETS_MAX) {
      this.#refused("sockets-max");
      return refusal("busy");
    }
    const { dialect, headers } = chooseDialect(dialects, request.headers.get("sec-websocket-protocol"));
    const open = await within(config.HANDSHAKE_MS, dialect.prepare(url));
    if (open === "late") return refusal("busy");
    const data: Upgrade = { dialect: dialect.name, open, socket: null };
    return server.upgrade(request, { data, headers })
      ? undefined
      : sentence(400, "Not a WebSocket handshake");
  }

  #open(ws: BunSocket): void {
    const { config, metrics, log } = this.parts;
    const id = (++this.#counted).toString(36);
    const socket = new Socket(id, ws.data.open, ws, config, () => metrics.sent.inc());
    ws.data.socket = socket;
    this.#sockets.set(socket, ws);
    metrics.connections.inc({ dialect: ws.data.dialect });
    log.debug({ socket: id, dialect: ws.data.dialect }, "socket open");
  }

  #message(ws: BunSocket, frame: Frame): void {
    const { socket } = ws.data;
    if (!socket || this.#draining) return;
    this.parts.metrics.framesIn.inc();
    if (socket.receive(frame, performance.now())) {
      this.#inbox.wake(socket);
      return;
    }
    if (socket.flooded) return;
    this.#refused("flood");
    socket.drop();
    ws.close(CLOSE.policy, "too many frames");
  }

  #heard(ws: BunSocket): void {
    if (ws.data.socket) ws.data.socket.heardAt = performance.now();
  }

  #close(ws: BunSocket, code: number): void {
    const { socket, dialect } = ws.data;
    if (!socket) return;
    this.#sockets.delete(socket);
    socket.endpoint?.gone();
    this.parts.metrics.connections.dec({ dialect });
    this.parts.log.debug({ socket: socket.id, code }, "socket closed");
  }

  publish(topic: string, frame: string): void {
    this.parts.metrics.published.inc();
    this.#server.publish(topic, frame);
  }

  async drain(settle: () => Promise<void>): Promise<void> {
    this.#draining = true;
    this.#stopWatching();
    await this.#until(() => this.#server.pendingRequests === 0);
    await settle();
    for (const ws of this.#sockets.values()) ws.close(CLOSE.restart, "the server is restarting");
    await this.#until(() => this.#sockets.size === 0);
    await this.#server.stop(true);
  }

  /** Waits for those who are still being answered, but not for ever. */
  async #until(done: () => boolean): Promise<void> {
    const patience = performance.now() + this.parts.config.SHUTDOWN_MS / 3;
    while (!done() && performance.now() < patience) await Bun.sleep(5);
  }

  #refused(reason: string): void {
    this.parts.metrics.refusals.inc({ reason });
  }
}

const BODY_BYTES_BUN = 64 * 1024 * 1024;

const sentence = (status: number, error: string, headers: Readonly<Record<string, string>> = {}): Response =>
  Response.json({ success: false, error }, { status, headers });

/** A refusal from before the HTTP side is asked. */
const refusal = (code: RefusalCode): Response =>
  sentence(REFUSALS[code].status, REFUSALS[code].text, { "Retry-After": "2", Connection: "close" });

async function within<T>(ms: number, work: Promise<T>): Promise<T | "late"> {
  let timer: Timer | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function portSentence({ PORT, HOST }: Config, error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE")
    return `Port ${PORT} is taken by another program: end it, or set PORT to a free one.`;
  if (code === "EACCES")
    return `Port ${PORT} needs more rights than this user has: set PORT to one above 1023.`;
  return `Cannot listen on ${HOST}:${PORT} (${error instanceof Error ? error.message : String(error)}): check HOST and PORT.`;
}
