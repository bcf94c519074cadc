import type { BunWebSocket, Server as Engine, WebSocketData } from "@socket.io/bun-engine";
import type { RawSocket, Upgraded } from "../../hub/mount.ts";
import { CLOSE } from "./close.ts";

type Transport = WebSocketData["transport"];

/** What may come, and in which order, before a session moves from polling to this WebSocket. */
const PROBE = ["2probe", "5"];

/** Pings and pongs that a WebSocket may send before it has a session: no client sends any. */
const STRANGE_MAX = 10;

/**
 * A WebSocket of the engine's. It stands between the engine and Bun's socket, so that the close code is ours, and so
 * that a probe is held to its two packets: the engine starts a timer for each further one and never ends it.
 */
export class EngineSocket implements Upgraded {
  #raw: RawSocket | null = null;
  #standIn: BunWebSocket | null = null;
  #expected: string[];
  /** Counts a sign of life among what its session sends; until it has one, a few pass. */
  onHeard: () => void = () => {
    if (--this.#strange < 0) this.end(CLOSE.protocol, "pings before a session");
  };
  #strange = STRANGE_MAX;

  constructor(
    private readonly engine: Engine,
    private readonly transport: Transport,
    probing: boolean,
  ) {
    this.#expected = probing ? [...PROBE] : [];
  }

  open(raw: RawSocket): void {
    this.#raw = raw;
    this.#standIn = standInFor(raw, this.transport);
    this.engine.onWebSocketOpen(this.#standIn);
  }

  message(frame: string | Uint8Array): void {
    const expected = this.#expected.shift();
    if (expected !== undefined && frame !== expected) this.end(CLOSE.protocol, "not the packet of a probe");
    else if (this.#standIn) this.engine.onWebSocketMessage(this.#standIn, rawData(frame));
  }

  heard(): void {
    this.onHeard();
  }

  close(code: number): void {
    if (this.#standIn) this.engine.onWebSocketClose(this.#standIn, code, "");
  }

  subscribe(topic: string): void {
    this.#raw?.subscribe(topic);
  }

  unsubscribe(topic: string): void {
    this.#raw?.unsubscribe(topic);
  }

  /** Closes it with a code of ours. */
  end(code: number, reason: string): void {
    this.#raw?.close(code, reason);
  }
}

/** The engine asks for Bun's own socket, and uses no more of it than this. */
function standInFor(raw: RawSocket, transport: Transport): BunWebSocket {
  return Object.create(null, {
    data: { value: { transport } },
    readyState: { get: () => raw.readyState },
    send: { value: (frame: string | Bun.BufferSource) => raw.send(frame) },
    close: { value: () => raw.close(CLOSE.normal, "") },
  });
}

/** Bytes come in a buffer of their own. */
const rawData = (frame: string | Uint8Array): string | Uint8Array<ArrayBuffer> =>
  typeof frame === "string" ? frame : new Uint8Array(frame);
