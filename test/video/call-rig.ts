import { AccessToken, RoomServiceClient, TokenVerifier } from "livekit-server-sdk";
import { z } from "zod";
import { until } from "../client/network.ts";
import { dataOf, post } from "../e2e/http.ts";
import type { Person, School } from "../e2e/people.ts";
import type { Seat } from "../e2e/room-seat.ts";
import { startServer, type TestServer } from "../e2e/server.ts";
import { startLiveKit, type TestLiveKit } from "../services/livekit.ts";

const Pass = z.object({ url: z.string(), token: z.string(), expiresAt: z.iso.datetime() });

/** What of a webhook's signature is not LiveKit's. */
interface Forged {
  readonly key?: string;
  readonly secret?: string;
  readonly ttl?: string;
}

/** A server with a LiveKit whose webhooks go through this test. */
export class CallRig {
  /** What LiveKit's webhooks were answered by our server. */
  readonly answered: number[] = [];
  /** Whether webhooks get lost on their way. */
  loses = false;

  private constructor(
    readonly server: TestServer,
    readonly livekit: TestLiveKit,
    private readonly relay: ReturnType<typeof relayTo>,
  ) {}

  static async open(env: Readonly<Record<string, string>> = {}): Promise<CallRig> {
    let rig: CallRig | null = null;
    const relay = relayTo(() => rig);
    const livekit = await startLiveKit(relay.url.href);
    const server = await startServer({
      ...livekit.env,
      VIDEO_MESH_MAX: "2",
      LIVEKIT_LIST_MS: "200",
      ...env,
    });
    rig = new CallRig(server, livekit, relay);
    return rig;
  }

  async close(): Promise<void> {
    await this.server.dispose();
    await this.livekit.remove();
    await this.relay.stop(true);
  }

  /** LiveKit's own view of its rooms. */
  get api(): RoomServiceClient {
    return new RoomServiceClient(`http://${this.livekit.service.address}`, ...this.#credentials);
  }

  get verifier(): TokenVerifier {
    return new TokenVerifier(...this.#credentials);
  }

  get #credentials(): [key: string, secret: string] {
    const { LIVEKIT_API_KEY: key = "", LIVEKIT_API_SECRET: secret = "" } = this.livekit.env;
    return [key, secret];
  }

  /** What LiveKit signs a webhook's body by. */
  signed(body: string, { key, secret, ttl }: Forged = {}): Promise<string> {
    const [ownKey, ownSecret] = this.#credentials;
    const token = new AccessToken(key ?? ownKey, secret ?? ownSecret, { ttl: ttl ?? "5m" });
    token.sha256 = new Bun.CryptoHasher("sha256").update(body).digest("base64");
    return token.toJwt();
  }

  webhook(body: string, authorization?: string): Promise<Response> {
    const headers = { "Content-Type": "application/webhook+json", ...(authorization && { authorization }) };
    return fetch(`${this.server.url}/video/webhook`, { method: "POST", body, headers });
  }

  asked({ classId }: School, peer: string, { token }: Person) {
    return post(this.server, "/video/token", { classId, peer }, token);
  }

  async passOf(of: School, { peer, person }: Seat) {
    return Pass.parse(dataOf(await this.asked(of, peer, person), 201));
  }

  /** Connects to LiveKit as a browser would begin to; resolves once LiveKit has let it in. */
  async connected(of: School, seat: Seat): Promise<WebSocket> {
    const { url, token } = await this.passOf(of, seat);
    return dial(url, token);
  }

  /** The peers that LiveKit has in the session's call. */
  async inCall(session: string): Promise<string[]> {
    const there = await this.api.listParticipants(session).catch(() => []);
    return there.map(({ identity }) => identity);
  }
}

/** The body of a webhook by which LiveKit tells that a page came or went. */
export const newsOf = (event: string, { classId }: School, { peer, person, found }: Seat): string =>
  JSON.stringify({
    event,
    room: { name: found.session },
    participant: { identity: peer, attributes: { user: person.id, class: classId }, sid: "PA_1" },
    createdAt: "1795223013",
  });

/** Connects to LiveKit by a pass. */
export async function dial(url: string, token: string): Promise<WebSocket> {
  const socket = new WebSocket(
    `${url}/rtc?access_token=${token}&protocol=15&sdk=js&version=2.0.0&auto_subscribe=1`,
  );
  socket.binaryType = "arraybuffer";
  let joined = false;
  socket.onmessage = () => {
    joined = true;
  };
  await until("LiveKit's welcome", () => joined);
  return socket;
}

/** Whether LiveKit has hung up. */
export const closed = (socket: WebSocket) => () => socket.readyState === WebSocket.CLOSED;

const relayTo = (rig: () => CallRig | null) =>
  Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const its = rig();
      if (!its || its.loses) return new Response(null, { status: 200 });
      const { headers } = request;
      const body = await request.text();
      try {
        const { status } = await fetch(`${its.server.url}/video/webhook`, { method: "POST", headers, body });
        its.answered.push(status);
        return new Response(null, { status });
      } catch {
        // The server is being restarted: LiveKit asks again.
        return new Response(null, { status: 502 });
      }
    },
  });
