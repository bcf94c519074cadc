import type { Server, ServerWebSocket } from "bun";
import type { Config } from "../config.ts";
import { REFUSALS, type RefusalCode } from "../core/errors.ts";
import { StartError } from "../core/start-error.ts";
import type { DialectName, OpenSocket, SocketDialect } from "../hub/connection.ts";
import type { Admitted, Host, Mount, Pipe, Upgraded } from "../hub/mount.ts";
import type { UserBuckets } from "../hub/user-buckets.ts";
import type { Log } from "../observe/log.ts";
import type { Metrics } from "../observe/metrics.ts";
import { chooseDialect } from "./choose-dialect.ts";
import type { Socket } from "./socket.ts";
import { Sockets } from "./sockets.ts";

export interface RuntimeParts {
  readonly config: Config;
  /** Answers a request of the peer at this address. */
  readonly http: (request: Request, peer: string) => Promise<Response>;
  readonly dialects: readonly SocketDialect[];
  readonly mounts: readonly ((host: Host) => Mount)[];
  readonly metrics: Metrics;
  readonly users: UserBuckets;
  readonly log: Log;
}

type Frame = string | Uint8Array;
type BunSocket = ServerWebSocket<Upgrade>;

/** What a WebSocket is for, learnt when it was upgraded: a dialect, or a mount. */
type Upgrade = Spoken | Mounted;

interface Spoken {
  readonly dialect: string;
  open: OpenSocket;
  /** Set once it is open. */
  socket: Socket<Frame> | null;
}

interface Mounted {
  readonly dialect: null;
  readonly upgraded: Upgraded;
}

export interface Runtime {
  readonly port: number;
  /** Gives a frame to every socket that subscribed to the topic. */
  publish(topic: string, frame: string): void;
  /** Whether any did. */
  hears(topic: string): boolean;
  /** Stops accepting, lets `settle` finish, closes every socket with 1012. */
  drain(settle: () => Promise<void>): Promise<void>;
}

const RESTART = 1012;
const OPENED: OpenSocket = () => null;

/** Serves HTTP and sockets on one port. Throws StartError where the port cannot be had. */
export function serve(parts: RuntimeParts): Runtime {
  return new BunRuntime(parts);
}

class BunRuntime implements Runtime, Host {
  readonly #server: Server<Upgrade>;
  readonly #sockets: Sockets;
  readonly #mounts: readonly Mount[];
  #draining = false;

  constructor(private readonly parts: RuntimeParts) {
    this.#sockets = new Sockets(parts);
    this.#mounts = parts.mounts.map((mount) => mount(this));
    this.#server = this.#listen();
  }

  get port(): number {
    return this.#server.port ?? 0;
  }

  #listen(): Server<Upgrade> {
    const { config, log } = this.parts;
    try {
      return Bun.serve<Upgrade>({
        port: config.PORT,
        hostname: config.HOST,
        // Else whatever throws is answered with a page that shows our source.
        development: false,
        // Bun shares the port with another Bun outside development, and half the requests would go to its database.
        reusePort: false,
        error: (error) => {
          log.error({ err: error }, "a request failed");
          return refusal("internal");
        },
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
          message: ({ data }, frame) => received(data, frame),
          pong: ({ data }) => heard(data),
          ping: ({ data }) => heard(data),
          close: ({ data }, code) => closed(data, code),
        },
      });
    } catch (error) {
      throw new StartError(portSentence(config, error));
    }
  }

  async #fetch(request: Request, server: Server<Upgrade>): Promise<Response | undefined> {
    if (this.#draining) return refusal("shutting-down");
    const url = URL.parse(request.url);
    if (!url) return sentence(400, "The request names no host that could be one");
    if (url.pathname === "/ws") return this.#upgrade(request, url, server);
    const mount = this.#mounts.find(({ path }) => url.pathname === path || `${url.pathname}/` === path);
    return mount ? mount.fetch(request, url) : this.parts.http(request, peerOf(server, request));
  }

  async #upgrade(request: Request, url: URL, server: Server<Upgrade>): Promise<Response | undefined> {
    const { config, dialects } = this.parts;
    if (request.method !== "GET") return sentence(405, REFUSALS["method-not-allowed"].text, { Allow: "GET" });
    if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
      return sentence(426, "This address speaks WebSocket only", { Upgrade: "websocket" });
    }
    if (this.isFull()) return refusal("busy");
    const asked = { url, headers: request.headers, peer: peerOf(server, request) };
    const { dialect, headers } = chooseDialect(dialects, request.headers.get("sec-websocket-protocol"));
    const open = await within(config.HANDSHAKE_MS, dialect.prepare(asked));
    // Others may have come in, or the end have begun, while it was asked.
    if (open === "late" || this.isFull()) return refusal("busy");
    if (this.#draining) return refusal("shutting-down");
    const data: Upgrade = { dialect: dialect.name, open, socket: null };
    return server.upgrade(request, { data, headers })
      ? undefined
      : sentence(400, "Not a WebSocket handshake");
  }

  #open(ws: BunSocket): void {
    const { data } = ws;
    if (data.dialect === null) {
      data.upgraded.open(ws);
      return;
    }
    data.socket = this.#sockets.admit(data.dialect, ws);
    data.socket.open(data.open);
    // What opened it holds what was known before, and is not needed again.
    data.open = OPENED;
  }

  isFull(): boolean {
    return this.#sockets.isFull();
  }

  allow(request: Request, seconds: number): void {
    this.#server.timeout(request, seconds);
  }

  upgrade(request: Request, headers: Headers, upgraded: Upgraded): boolean {
    return this.#server.upgrade(request, { headers, data: { dialect: null, upgraded } });
  }

  admit<Frame>(dialect: DialectName, pipe: Pipe, open: OpenSocket<Frame>): Admitted<Frame> {
    const socket = this.#sockets.admit<Frame>(dialect, pipe);
    socket.open(open);
    return socket;
  }

  publish(topic: string, frame: string): void {
    this.parts.metrics.published.inc();
    this.#server.publish(topic, frame);
    for (const mount of this.#mounts) mount.publish(topic, frame);
  }

  hears(topic: string): boolean {
    return this.#server.subscriberCount(topic) > 0 || this.#mounts.some((mount) => mount.hears(topic));
  }

  async drain(settle: () => Promise<void>): Promise<void> {
    this.#draining = true;
    this.#sockets.stopListening();
    await this.#until(() => this.#server.pendingRequests <= this.#held());
    await settle();
    this.#sockets.closeAll(RESTART, "the server is restarting");
    await this.#until(() => this.#sockets.size === 0 && this.#server.pendingRequests === 0);
    await this.#server.stop(true);
  }

  /** Requests that wait for news, and would for ever. */
  #held(): number {
    return this.#mounts.reduce((sum, { held }) => sum + held, 0);
  }

  /** Waits for those who are still being answered, but not for ever. */
  async #until(done: () => boolean): Promise<void> {
    const patience = performance.now() + this.parts.config.SHUTDOWN_MS / 3;
    while (!done() && performance.now() < patience) await Bun.sleep(5);
  }
}

function received(data: Upgrade, frame: Frame): void {
  if (data.dialect === null) data.upgraded.message(frame);
  else if (data.socket?.heard()) data.socket.receive(frame);
}

/** Signs of life count like frames, or a flood of them would have no end. */
function heard(data: Upgrade): void {
  if (data.dialect === null) data.upgraded.heard();
  else data.socket?.heard();
}

function closed(data: Upgrade, code: number): void {
  if (data.dialect === null) data.upgraded.close(code);
  else data.socket?.gone(code);
}

const peerOf = (server: Server<Upgrade>, request: Request): string =>
  server.requestIP(request)?.address ?? "";

const BODY_BYTES_BUN = 64 * 1024 * 1024;

const sentence = (status: number, error: string, headers: Readonly<Record<string, string>> = {}): Response =>
  Response.json({ success: false, error }, { status, headers: { ...HEADERS, ...headers } });

/** What every answer has, as the HTTP side gives it. */
const HEADERS = {
  "Access-Control-Allow-Origin": "*",
  "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

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
