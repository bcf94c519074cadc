import { frame, OPCODE } from "./frames.ts";
import { HANDSHAKE, handshake } from "./handshake.ts";
import type { SwarmPlan } from "./swarm.ts";

/** Whom an attack is for, and the tokens that the attackers have: they belong to the school as well. */
export interface Target {
  readonly url: string;
  readonly tokens: readonly string[];
}

type Plan = Omit<SwarmPlan, "url" | "sockets">;

const DRIP_MS = 500;
const FLOOD_MS = 1;
/** A flooder sends so many at a time. */
const LOT = 200;

type Again = NonNullable<Plan["again"]>;

const drip = (bytes: string): Again => ({ bytes: Buffer.from(bytes), everyMs: DRIP_MS });
const flood = (bytes: Uint8Array): Again => ({
  bytes: Buffer.concat(Array.from({ length: LOT }, () => bytes)),
  everyMs: FLOOD_MS,
});

const tokenOf = ({ tokens }: Target, n: number): string => tokens[n % tokens.length] ?? "";
const plainSocket = (target: Target) => (n: number) => handshake(`/ws?token=${tokenOf(target, n)}`);
const hello = (target: Target) => (n: number) =>
  frame(OPCODE.text, JSON.stringify({ type: "hello", token: tokenOf(target, n) }));

/** Nothing; what came before the upgrade would only be refused. */
const onceUpgraded = () => new Uint8Array(0);

const V1 = ["Sec-WebSocket-Protocol: rollcall.v1"];
const host = `Host: ${HANDSHAKE.Host}`;

/** The ways to be a nuisance, by name: what each socket sends and when. */
export const ATTACKS = {
  /** Connections on which nothing comes. */
  idle: (): Plan => ({ opening: () => "" }),
  /** A header that never ends, a byte at a time. */
  slowHeaders: (): Plan => ({
    opening: () => `GET /health HTTP/1.1\r\n${host}\r\nX-Note: `,
    again: drip("a"),
  }),
  /** A body that comes a byte at a time. */
  slowBody: (): Plan => ({
    opening: () => `POST /auth/login HTTP/1.1\r\n${host}\r\nContent-Length: 60000\r\n\r\n{"email":"`,
    again: drip("a"),
  }),
  /** An opening handshake that never ends. */
  slowUpgrade: (target: Target): Plan => ({
    opening: (n) => plainSocket(target)(n).slice(0, -2),
    again: drip("X: a\r\n"),
  }),
  /** WebSockets that answer no ping and send nothing. */
  mute: (target: Target): Plan => ({ opening: plainSocket(target) }),
  /** WebSockets of rollcall.v1 that never say who they are. */
  nameless: (): Plan => ({ opening: () => handshake("/ws", { lines: V1 }) }),
  /** WebSockets whose first frame comes a byte at a time. */
  slowFrame: (target: Target): Plan => ({
    opening: plainSocket(target),
    greeting: () => frame(OPCODE.text, "", { length: 60_000n }),
    again: drip("a"),
  }),
  /** WebSockets that hear a class and never read. */
  deaf: (target: Target): Plan => ({
    opening: () => handshake("/ws", { lines: V1 }),
    greeting: hello(target),
    deaf: true,
  }),
  /** Events without end. */
  events: (target: Target): Plan => ({
    opening: plainSocket(target),
    greeting: onceUpgraded,
    again: flood(frame(OPCODE.text, '{"event":"PING"}')),
  }),
  /** Pings of WebSocket's own without end. */
  pings: (target: Target): Plan => ({
    opening: plainSocket(target),
    greeting: onceUpgraded,
    again: flood(frame(OPCODE.ping, "x".repeat(125))),
  }),
  /** The same on a WebSocket of Engine.IO's, which nobody has come in by. */
  enginePings: (): Plan => ({
    opening: () => handshake("/socket.io/?EIO=4&transport=websocket"),
    greeting: onceUpgraded,
    again: flood(frame(OPCODE.ping, "x".repeat(125))),
  }),
  /** Fragments of no bytes without end: Bun hands us nothing of them, so that no limit of ours can hold. */
  fragments: (target: Target): Plan => ({
    opening: plainSocket(target),
    greeting: () => frame(OPCODE.text, "", { fin: false }),
    again: flood(frame(OPCODE.continuation, "", { fin: false })),
  }),
  /** Requests without end, each with a token to verify. */
  requests: (target: Target): Plan => ({
    opening: () => "",
    again: {
      bytes: Buffer.from(`GET /me HTTP/1.1\r\n${host}\r\nAuthorization: ${tokenOf(target, 0)}\r\n\r\n`),
      everyMs: 5,
    },
  }),
  /** Violations, one after the other, each on a connection of its own. */
  violations: (target: Target): Plan => ({
    opening: plainSocket(target),
    greeting: () => frame(3, "", { masked: false }),
  }),
} as const satisfies Record<string, (target: Target) => Plan>;

export type AttackName = keyof typeof ATTACKS;

/** What a swarm of this many does. */
export const planOf = (name: AttackName, target: Target, sockets: number, renewed = false): SwarmPlan => ({
  ...ATTACKS[name](target),
  url: target.url,
  sockets,
  renewed,
});
