import type { ServerFrame, SUBPROTOCOL } from "../protocol/v1.ts";
import { Backoff, type Retry, retryAfter } from "./backoff.ts";

export type Credentials =
  | { readonly ticket: string }
  | { readonly token: string }
  /** The session of the browser that this runs in. */
  | { readonly cookie: true };

/** A socket, as much of one as is needed here. */
export interface Wire {
  send(text: string): void;
  close(): void;
}

/** What a socket tells; never before `OpenSocket` has returned. */
export interface Heard {
  opened(): void;
  text(text: string): void;
  closed(code: number): void;
}

export type OpenSocket = (url: string, protocol: string, heard: Heard) => Wire;

export interface Timers {
  /** Milliseconds on a clock that does not go back. */
  now(): number;
  /** Runs it once after so many milliseconds, unless what is returned is called first. */
  after(ms: number, run: () => void): () => void;
}

export type ConnectionStatus =
  | { readonly state: "connecting" }
  /** Everything that was missed has been told. */
  | { readonly state: "ready" }
  /** Tries again in `wait` milliseconds; `code` is the close code, null where there was no socket. */
  | { readonly state: "waiting"; readonly wait: number; readonly code: number | null }
  /** Ended, by `close()` or by a code after which there is no use in trying again. */
  | { readonly state: "closed"; readonly code: number | null };

export interface ConnectionOptions {
  readonly url: string;
  readonly credentials: () => Promise<Credentials>;
  readonly webSocket: OpenSocket;
  readonly timers: Timers;
  readonly random: () => number;
}

interface Listener {
  /** The first frame for these credentials. */
  hello(credentials: Credentials): object;
  frame(frame: ServerFrame): void;
  status(status: ConnectionStatus): void;
  /** The credentials could not be had, or something came that is no frame. */
  troubled(error: unknown): void;
}

const PROTOCOL: typeof SUBPROTOCOL = "rollcall.v1";
/** For each step on the way to `ready`. */
const READY_MS = 20_000;
/** How long a connection must have been ready for the next wait to be a short one. */
const STABLE_MS = 5000;
/** How long a ping may take that `wake` asked for. */
const AWAKE_MS = 5000;
/** In a call people know at once that the network is gone, and must be back within 10 s of its return. */
const CLOSELY = { pingAfter: 3000, patience: 4000, wait: 5000 } as const;

/** One socket at a time, opened again whenever it is lost, and known to be dead when its server is. */
export class Connection {
  status: ConnectionStatus = { state: "connecting" };
  #wire: Wire | null = null;
  /** Counts the sockets: what an earlier one still says is not heard. */
  #attempt = 0;
  #cancel: () => void = () => undefined;
  readonly #backoff: Backoff;
  #turnedAway = false;
  #readyAt = 0;
  #heardAt = 0;
  /** A ping was sent and nothing has been heard since. */
  #asked = false;
  #closely = 0;
  #pingAfter = 15_000;
  #patience = 25_000;

  constructor(
    private readonly options: ConnectionOptions,
    private readonly listener: Listener,
  ) {
    this.#backoff = new Backoff(options.random);
  }

  /** Asks for credentials and connects. */
  open(): void {
    const attempt = ++this.#attempt;
    const current = () => attempt === this.#attempt;
    this.#become({ state: "connecting" });
    this.#in(READY_MS, () => this.#lost(null));
    this.options
      .credentials()
      .then((credentials) => {
        if (current()) this.#dial(credentials, current);
      })
      .catch((error: unknown) => {
        if (!current()) return;
        this.listener.troubled(error);
        this.#lost(null);
      });
  }

  #dial(credentials: Credentials, current: () => boolean): void {
    const wire = this.options.webSocket(this.options.url, PROTOCOL, {
      opened: () => {
        if (current()) wire.send(JSON.stringify(this.listener.hello(credentials)));
      },
      text: (text) => {
        if (current()) this.#hear(text);
      },
      closed: (code) => {
        if (current()) this.#lost(code);
      },
    });
    this.#wire = wire;
  }

  /** Sends to a server that has said hello. */
  send(frame: object): void {
    this.#wire?.send(JSON.stringify(frame));
  }

  /** Something says that the network is back, or that the machine slept: looks at once. */
  wake(): void {
    if (this.status.state === "waiting") this.open();
    else if (this.status.state === "ready") this.#ping(AWAKE_MS);
  }

  /** Pings a silent server sooner, gives it less time, and is back sooner, until what is returned is called. */
  watchClosely(): () => void {
    this.#closely++;
    if (this.status.state === "ready" && !this.#asked) this.#watch();
    let isWatched = true;
    return () => {
      if (isWatched) this.#closely--;
      isWatched = false;
    };
  }

  /** Ends it for good. */
  close(code: number | null = null): void {
    this.#drop();
    this.#become({ state: "closed", code });
  }

  #hear(text: string): void {
    this.#heardAt = this.options.timers.now();
    if (this.status.state === "connecting") this.#in(READY_MS, () => this.#lost(1006));
    else if (this.#asked) this.#watch();
    const frame = parseFrame(text);
    if (!frame) {
      this.listener.troubled(new Error(`not a frame: ${text.slice(0, 100)}`));
      return;
    }
    if (frame.type === "hello") {
      this.#pingAfter = frame.pingAfter;
      this.#patience = frame.silenceMax - frame.pingAfter;
      this.#turnedAway = false;
    }
    this.listener.frame(frame);
    if (frame.type === "ready" && this.status.state === "connecting") {
      this.#readyAt = this.#heardAt;
      this.#watch();
      this.#become({ state: "ready" });
    }
  }

  /** Pings a server that was silent: a dead one is not told from a quiet one otherwise. */
  #watch(): void {
    const { timers } = this.options;
    this.#asked = false;
    const { pingAfter, patience } = this.#pace;
    this.#in(this.#heardAt + pingAfter - timers.now(), () => {
      if (timers.now() - this.#heardAt >= pingAfter) this.#ping(patience);
      else this.#watch();
    });
  }

  get #pace(): { readonly pingAfter: number; readonly patience: number } {
    const own = { pingAfter: this.#pingAfter, patience: this.#patience };
    return this.#closely > 0 && own.pingAfter > CLOSELY.pingAfter ? CLOSELY : own;
  }

  #ping(patience: number): void {
    this.send({ type: "ping" });
    this.#asked = true;
    this.#in(patience, () => this.#lost(1006));
  }

  #lost(code: number | null): void {
    if (this.status.state === "ready" && this.options.timers.now() - this.#readyAt >= STABLE_MS)
      this.#backoff.reset();
    const retry = code === null ? "soon" : this.#retry(code);
    if (retry === "never") {
      this.close(code);
      return;
    }
    this.#drop();
    const wait = this.#backoff.next(retry, this.#closely > 0 ? CLOSELY.wait : undefined);
    this.#become({ state: "waiting", wait, code });
    this.#in(wait, () => this.open());
  }

  /** New credentials that are no better than the last end it: somebody has to log in. */
  #retry(code: number): Retry {
    const retry = retryAfter(code);
    if (retry !== "with-new-credentials") return retry;
    if (this.#turnedAway) return "never";
    this.#turnedAway = true;
    return "soon";
  }

  /** Lets go of the socket, which may take a minute to find out that it is closed. */
  #drop(): void {
    this.#attempt++;
    this.#cancel();
    this.#wire?.close();
    this.#wire = null;
  }

  #become(status: ConnectionStatus): void {
    this.status = status;
    this.listener.status(status);
  }

  /** The one timer: a later call takes the place of the one before. */
  #in(ms: number, run: () => void): void {
    this.#cancel();
    this.#cancel = this.options.timers.after(Math.max(0, ms), run);
  }
}

/** A frame of the server, whose word is taken for its shape; null where it is none. */
function parseFrame(text: string): ServerFrame | null {
  try {
    const parsed: unknown = JSON.parse(text);
    const isFrame = typeof parsed === "object" && parsed !== null && "type" in parsed;
    return isFrame ? (parsed as ServerFrame) : null;
  } catch {
    return null;
  }
}

/** A socket of the browser's, or Bun's, own. */
export const browserSocket: OpenSocket = (url, protocol, heard) => {
  const socket = new WebSocket(url, [protocol]);
  socket.addEventListener("open", () => heard.opened());
  socket.addEventListener("message", ({ data }) => heard.text(String(data)));
  socket.addEventListener("close", ({ code }) => heard.closed(code));
  return { send: (text) => socket.send(text), close: () => socket.close() };
};

export const systemTimers: Timers = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
