import { Server as Engine } from "@socket.io/bun-engine";
import { Server as Io, type Socket as IoSocket } from "socket.io";
import { SOCKET_IO_PATH } from "../../../protocol/socket-io.ts";
import type { Config } from "../../config.ts";
import type { Host, Mount, Pipe } from "../../hub/mount.ts";
import { answer } from "./http.ts";
import { Session, type SessionParts } from "./session.ts";
import { Topics } from "./topics.ts";
import type { EngineSocket } from "./websocket.ts";

type Limits = Pick<
  Config,
  | "SOCKET_IO_TRANSPORTS"
  | "FRAME_BYTES_MAX"
  | "OUT_BUFFER_BYTES_MAX"
  | "FIRST_FRAME_MS"
  | "PING_AFTER_MS"
  | "SILENCE_MAX_MS"
>;

export interface SocketIoParts extends Pick<SessionParts, "context" | "door" | "authenticate" | "refused"> {
  readonly limits: Limits;
}

/** Bun takes no longer time for a request than 255 s, and a poll must be answered by a ping before. */
const PING_AFTER_MAX_MS = 240_000;
const POLL_MARGIN_S = 10;

/** Socket.IO (Engine.IO 4) by its own package on Bun's engine, polling and WebSocket: a way of speaking like the others. */
export const socketIo =
  (parts: SocketIoParts) =>
  (host: Host): Mount => {
    const { limits } = parts;
    const pingInterval = Math.min(limits.PING_AFTER_MS, PING_AFTER_MAX_MS);
    const engine = createEngine(limits, pingInterval);
    const topics = new Topics<Pipe>();
    const webSockets = new WeakMap<object, EngineSocket>();
    serveSessions(engine, host, {
      ...parts,
      topics,
      firstFrameMs: limits.FIRST_FRAME_MS,
      unreadMax: limits.OUT_BUFFER_BYTES_MAX,
      webSocketOf: (transport) => webSockets.get(transport),
    });
    const polls = { held: 0 };
    const pollSeconds = Math.ceil(pingInterval / 1000) + POLL_MARGIN_S;
    const bodyBytesMax = limits.FRAME_BYTES_MAX;
    const { context } = parts;
    const webSocketOnly = limits.SOCKET_IO_TRANSPORTS === "websocket";
    const http = { webSocketOnly, engine, host, context, webSockets, polls, bodyBytesMax, pollSeconds };
    return {
      path: SOCKET_IO_PATH,
      fetch: (request, url) => answer(http, request, url),
      publish: (topic, frame) => topics.publish(topic, frame),
      hears: (topic) => topics.has(topic),
      get held() {
        return polls.held;
      },
    };
  };

const createEngine = (limits: Limits, pingInterval: number): Engine =>
  new Engine({
    path: SOCKET_IO_PATH,
    pingInterval,
    pingTimeout: Math.max(1, limits.SILENCE_MAX_MS - pingInterval),
    upgradeTimeout: limits.FIRST_FRAME_MS,
    maxHttpBufferSize: limits.FRAME_BYTES_MAX,
    cors: { origin: "*", methods: ["GET", "POST"], maxAge: 86_400 },
    editResponseHeaders: (headers) => {
      headers.set("Cache-Control", "no-store");
      headers.set("X-Content-Type-Options", "nosniff");
    },
  });

/** Each connection of the engine's is a session, known before Socket.IO hears of it; each socket of Socket.IO's is of one. */
function serveSessions(engine: Engine, host: Host, parts: SessionParts): void {
  const sessions = new WeakMap<object, Session>();
  engine.on("connection", (connection) => {
    sessions.set(connection, new Session(connection, parts, host));
  });
  // Its own time limit would close without our code, so that it comes too late to do so.
  const io = new Io({ serveClient: false, connectTimeout: 2 * parts.firstFrameMs });
  io.bind(engine);
  const sessionOf = ({ conn }: IoSocket) => sessions.get(conn);
  io.use(async (socket, next) => {
    const refusal = (await sessionOf(socket)?.meet(socket.handshake)) ?? null;
    next(refusal === null ? undefined : new Error(refusal));
  });
  io.on("connection", (socket) => sessionOf(socket)?.enter(socket));
}
