import type { Server, ServerWebSocket } from "bun";
import type { Config } from "../config.ts";
import { REFUSALS, type RefusalCode } from "../core/errors.ts";
import type { ClassId } from "../core/ids.ts";
import type { Actor } from "../core/people.ts";
import { StartError } from "../core/start-error.ts";
import type { Connection, Handling } from "../hub/connection.ts";
import type { Hub } from "../hub/hub.ts";
import type { Log } from "../observe/log.ts";
import type { Metrics } from "../observe/metrics.ts";
import { Inbox } from "./inbox.ts";
import { watchSilence } from "./silence.ts";
import { type Frame, Socket, wireOf } from "./socket.ts";

export interface RuntimeParts {
  readonly config: Config;
  readonly http: (request: Request) => Promise<Response>;
  readonly authenticate: (token: string | null) => Promise<Actor | null>;
  /** The classes whose news a user hears. */
  readonly classesOf: (actor: Actor) => Promise<ClassId[]>;
  readonly hub: Hub;
  readonly receive: (connection: Connection, frame: Frame) => Handling | null;
  /** What a socket without a valid token is told before it is closed. */
  readonly unauthorizedFrame: string;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** What is known of a socket when it is upgraded; `socket` is set once it is open. */
interface Upgrade {
  readonly actor: Actor | null;
  readonly classes: readonly ClassId[];
  readonly changes: number;
  socket: Socket | null;
}

export interface Runtime {
  readonly port: number;
  /** Gives a frame to every socket that subscribed to the topic. */
  publish(topic: string, frame: string): void;
  /** Stops accepting, lets `settle` finish, closes every socket with 1012. */
  drain(settle: () => Promise<void>): Promise<void>;
}

const CLOSE = { policy: 1008, restart: 1012, later: 1013 } as const;

/** Serves HTTP and sockets on one port. Throws StartError where the port cannot be had. */
export function serve(parts: RuntimeParts): Runtime {
  return new BunRuntime(parts);
}

class BunRuntime implements Runtime {
  readonly #server: Server<Upgrade>;
  readonly #inbox: Inbox;
  readonly #sockets = new Map<Socket, ServerWebSocket<Upgrade>>();
  readonly #stopWatching: () => void;
  #draining = false;
  #counted = 0;

  constructor(private readonly parts: RuntimeParts) {
    const { config, log } = parts;
    this.#inbox = new Inbox(parts.receive, (connection, error) =>
      log.error({ socket: connection.id, err: error }, "a frame broke its handler"),
    );
    this.#server = this.#listen();
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
        maxRequestBodySize: Math.max(config.BODY_BYTES_MAX, 1024) + 1024 * 1024,
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
    if (this.#draining) return plainRefusal("shutting-down");
    const url = new URL(request.url);
    if (url.pathname !== "/ws") return this.parts.http(request);
    return this.#upgrade(request, url.searchParams.get("token"), server);
  }

  async #upgrade(
    request: Request,
    token: string | null,
    server: Server<Upgrade>,
  ): Promise<Response | undefined> {
    if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
      return Response.json(
        { success: false, error: "This address speaks WebSocket only" },
        { status: 426, headers: { Upgrade: "websocket" } },
      );
    }
    if (this.#sockets.size >= this.parts.config.SOCKETS_MAX) {
      this.#refused("sockets-max");
      return plainRefusal("busy");
    }
    const data = await within(this.parts.config.HANDSHAKE_MS, this.#identify(token));
    if (data === "late") return plainRefusal("busy");
    return server.upgrade(request, { data })
      ? undefined
      : Response.json({ success: false, error: "Not a WebSocket handshake" }, { status: 400 });
  }

  async #identify(token: string | null): Promise<Upgrade> {
    const { changes } = this.parts.hub;
    const actor = await this.parts.authenticate(token);
    return { actor, classes: actor ? await this.parts.classesOf(actor) : [], changes, socket: null };
  }

  #open(ws: ServerWebSocket<Upgrade>): void {
    const { actor, classes, changes } = ws.data;
    const { config, hub, metrics, log } = this.parts;
    if (!actor) {
      this.#refused("unauthorized");
      ws.sendText(this.parts.unauthorizedFrame);
      ws.close(CLOSE.policy, "unauthorized");
      return;
    }
    const rate =
      actor.role === "teacher"
        ? { perSecond: config.TEACHER_FRAMES_PER_S, burst: config.TEACHER_FRAMES_BURST }
        : { perSecond: config.STUDENT_FRAMES_PER_S, burst: config.STUDENT_FRAMES_BURST };
    const id = (++this.#counted).toString(36);
    const wire = wireOf(ws, () => metrics.sent.inc());
    const socket = new Socket(id, actor, "plain", classes, rate, wire, performance.now());
    if (!hub.add(socket.connection)) {
      this.#refused("sockets-per-user");
      ws.close(CLOSE.later, "too many sockets of this user");
      return;
    }
    ws.data.socket = socket;
    this.#sockets.set(socket, ws);
    metrics.connections.inc({ dialect: "plain" });
    log.debug({ socket: id, user: actor.id }, "socket open");
    if (changes !== hub.changes) void this.#catchUp(socket);
  }

  /** Memberships changed between reading the user's classes and opening the socket: they are read again. */
  async #catchUp(socket: Socket): Promise<void> {
    const { actor } = socket.connection;
    const now = new Set(await this.parts.classesOf(actor));
    if (socket.connection.closed) return;
    for (const classId of now) this.parts.hub.join(classId, actor.id);
    for (const classId of socket.connection.classes)
      if (!now.has(classId)) this.parts.hub.part(classId, actor.id);
  }

  #message(ws: ServerWebSocket<Upgrade>, frame: Frame): void {
    const { socket } = ws.data;
    if (!socket || this.#draining) return;
    this.parts.metrics.framesIn.inc();
    if (socket.receive(frame, performance.now(), this.parts.config.FRAMES_WAITING_MAX)) {
      this.#inbox.wake(socket);
      return;
    }
    if (socket.flooded) return;
    this.#refused("flood");
    socket.drop();
    ws.close(CLOSE.policy, "too many frames");
  }

  #heard(ws: ServerWebSocket<Upgrade>): void {
    if (ws.data.socket) ws.data.socket.heardAt = performance.now();
  }

  #close(ws: ServerWebSocket<Upgrade>, code: number): void {
    const { socket } = ws.data;
    if (!socket) return;
    socket.connection.closed = true;
    this.#sockets.delete(socket);
    this.parts.hub.remove(socket.connection);
    this.parts.metrics.connections.dec({ dialect: "plain" });
    this.parts.log.debug({ socket: socket.connection.id, code }, "socket closed");
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

/** A refusal from before the HTTP side is asked. */
function plainRefusal(code: RefusalCode): Response {
  const { status, text } = REFUSALS[code];
  return Response.json(
    { success: false, error: text },
    { status, headers: { "Retry-After": "2", Connection: "close" } },
  );
}

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
