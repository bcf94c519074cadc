import type { Server as Engine, WebSocketData } from "@socket.io/bun-engine";
import { z } from "zod";
import type { Context } from "../../commands/context.ts";
import { REFUSALS, type RefusalCode } from "../../core/errors.ts";
import type { Host } from "../../hub/mount.ts";
import { EngineSocket } from "./websocket.ts";

interface Parts {
  readonly engine: Engine;
  readonly host: Host;
  readonly context: Context;
  /** By the engine's transports. */
  readonly webSockets: WeakMap<object, EngineSocket>;
  /** Counts the requests that wait until there is something to say. */
  readonly polls: { held: number };
  /** Polls of one session may reach several servers, of which one alone knows it. */
  readonly webSocketOnly: boolean;
  /** The largest body, in bytes. */
  readonly bodyBytesMax: number;
  /** How long a request may wait for its answer, in seconds. */
  readonly pollSeconds: number;
}

const METHODS = ["GET", "POST", "OPTIONS"];
const HEADERS = {
  "Access-Control-Allow-Origin": "*",
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
};

/** Answers Engine.IO's requests: handshakes, polls, posts and upgrades. Errors are in the contract's JSON. */
export async function answer(parts: Parts, request: Request, url: URL): Promise<Response> {
  try {
    return await dispatch(parts, request, url);
  } catch (error) {
    parts.context.troubled("a Socket.IO request failed", error);
    return refusal("internal");
  }
}

async function dispatch(parts: Parts, request: Request, url: URL): Promise<Response> {
  const { host, bodyBytesMax, webSocketOnly } = parts;
  if (!METHODS.includes(request.method)) return refusal("method-not-allowed", { Allow: METHODS.join(", ") });
  const isUpgrade = request.headers.get("upgrade")?.toLowerCase() === "websocket";
  if (webSocketOnly && url.searchParams.get("transport") !== "websocket") return bad(NO_POLLING);
  if (!url.searchParams.has("sid") && request.method === "GET") {
    if (isUpgrade !== (url.searchParams.get("transport") === "websocket")) return bad();
    if (host.isFull()) return refusal("busy", { "Retry-After": "2" });
  }
  if (isUpgrade) return upgrade(parts, request, url);
  if (request.method !== "POST") return poll(parts, request);
  const body = await readText(request, bodyBytesMax);
  return body === null
    ? refusal("body-too-large")
    : inJson(await parts.engine.handleRequest(withoutUpgrade(request, body), noServer));
}

/** The engine answers once it has something to say, at the latest with its next ping. */
async function poll({ engine, host, polls, pollSeconds }: Parts, request: Request): Promise<Response> {
  host.allow(request, pollSeconds);
  polls.held++;
  try {
    return await inJson(await engine.handleRequest(withoutUpgrade(request), noServer));
  } finally {
    polls.held--;
  }
}

/** The engine asks for Bun's own server, and uses nothing of it but `upgrade`. */
async function upgrade({ engine, host, webSockets }: Parts, request: Request, url: URL): Promise<Response> {
  const make = (_request: Request, { headers, data }: { headers: Headers; data: WebSocketData }) => {
    const socket = new EngineSocket(engine, data.transport, url.searchParams.has("sid"));
    webSockets.set(data.transport, socket);
    return host.upgrade(request, headers, socket);
  };
  return inJson(await engine.handleRequest(request, Object.create(null, { upgrade: { value: make } })));
}

/** For requests that are no upgrade, so that the engine has nothing to ask of it. */
const noServer: Bun.Server<WebSocketData> = Object.create(null);

/** The engine takes any Upgrade header (h2c too) for a WebSocket's, and reads a body whole. */
function withoutUpgrade({ url, method, headers, signal }: Request, body: string | null = null): Request {
  const kept = new Headers(headers);
  kept.delete("upgrade");
  return new Request(url, { method, headers: kept, signal, body });
}

/** Null where it is longer than `limit` bytes; the rest is then not read. */
async function readText(request: Request, limit: number): Promise<string | null> {
  if (Number(request.headers.get("content-length") ?? 0) > limit) return null;
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of request.body ?? []) {
      length += chunk.length;
      if (length > limit) return null;
      chunks.push(chunk);
    }
  } catch {
    // The client went before its end: what came is no packet, and nobody waits for the answer.
    return "";
  }
  return Buffer.concat(chunks).toString();
}

const engineError = z.object({ code: z.int(), message: z.string() });
/** Engine.IO's own code and words for a transport that is not offered. */
const NO_POLLING = { code: 0, message: "Transport unknown" };
/** And for whatever else is wrong. */
const BAD_REQUEST = { code: 3, message: "Bad request" };

/** The engine's errors, some of them empty, in the contract's shape with Engine.IO's own fields beside it. */
async function inJson(response: Response): Promise<Response> {
  if (response.status < 400) return response;
  const body = await response.text();
  const told = body === "" ? undefined : engineError.safeParse(JSON.parse(body)).data;
  return bad(told);
}

function bad(told = BAD_REQUEST): Response {
  return Response.json({ success: false, error: told.message, ...told }, { status: 400, headers: HEADERS });
}

function refusal(code: RefusalCode, headers: Readonly<Record<string, string>> = {}): Response {
  const { status, text } = REFUSALS[code];
  return Response.json({ success: false, error: text }, { status, headers: { ...HEADERS, ...headers } });
}
