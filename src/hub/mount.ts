import type { DialectName, OpenSocket } from "./connection.ts";

/** A protocol that makes sockets of its own out of requests and upgrades, under one path of the server. */
export interface Mount {
  /** Ends in a slash; a request may leave that out. */
  readonly path: string;
  fetch(request: Request, url: URL): Promise<Response>;
  /** Gives a frame to those who follow the topic otherwise than by a WebSocket that subscribed to it. */
  publish(topic: string, frame: string): void;
  /** Whether anybody does. */
  hears(topic: string): boolean;
  /** How many requests it holds open until there is something to say. */
  readonly held: number;
}

/** What the runtime does for a mount. */
export interface Host {
  /** Whether a further socket would be one too many. */
  isFull(): boolean;
  /** Lets the request wait this many seconds for its answer, 255 at most. */
  allow(request: Request, seconds: number): void;
  /** Makes a WebSocket of the request; false where it is no handshake. */
  upgrade(request: Request, headers: Headers, upgraded: Upgraded): boolean;
  /** Counts a socket of the mount among the server's own: the same limits, the same queue, the same end. */
  admit<Frame>(dialect: DialectName, pipe: Pipe, open: OpenSocket<Frame>): Admitted<Frame>;
}

/** What becomes of a WebSocket that a mount asked for. */
export interface Upgraded {
  open(socket: RawSocket): void;
  message(frame: string | Uint8Array): void;
  /** A ping or a pong came. */
  heard(): void;
  close(code: number): void;
}

/** The WebSocket itself, as far as a mount may use it. */
export interface RawSocket {
  readonly readyState: number;
  send(frame: string | Bun.BufferSource): unknown;
  close(code: number, reason: string): void;
  subscribe(topic: string): unknown;
  unsubscribe(topic: string): unknown;
}

/** The way to the other end of a socket. */
export interface Pipe {
  sendText(frame: string): unknown;
  /** What `write` sends leaves in one write, where it can. */
  cork(write: () => void): unknown;
  close(code: number, reason: string): void;
  subscribe(topic: string): unknown;
  unsubscribe(topic: string): unknown;
  ping(): unknown;
  terminate(): void;
}

/** A mount's socket among the server's own. */
export interface Admitted<Frame> {
  /** Something came of it: false where its sender is too fast, and then it has been closed. */
  heard(): boolean;
  /** Queues a frame for its turn. */
  receive(frame: Frame): void;
  /** It is closed. */
  gone(code: number): void;
}
