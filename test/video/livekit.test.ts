import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { AccessToken, RoomServiceClient, TokenVerifier } from "livekit-server-sdk";
import { z } from "zod";
import { until } from "../client/network.ts";
import { dataOf, post } from "../e2e/http.ts";
import { endSession, join, type Person, type School, student } from "../e2e/people.ts";
import { met, running, Seat, told } from "../e2e/room-seat.ts";
import { startServer, type TestServer } from "../e2e/server.ts";
import { V1Socket } from "../e2e/v1-socket.ts";
import { V1Watcher } from "../e2e/v1-watcher.ts";
import { startLiveKit, type TestLiveKit } from "../services/livekit.ts";

setDefaultTimeout(60_000);

/** What LiveKit's webhooks were answered by our server. */
const answered: number[] = [];
let server: TestServer;
let livekit: TestLiveKit;
let api: RoomServiceClient;
let verifier: TokenVerifier;
const relay = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  async fetch(request) {
    const { headers } = request;
    const body = await request.text();
    try {
      const answer = await fetch(`${server.url}/video/webhook`, { method: "POST", headers, body });
      answered.push(answer.status);
      return new Response(null, { status: answer.status });
    } catch {
      // The server is being restarted: LiveKit asks again.
      return new Response(null, { status: 502 });
    }
  },
});
beforeAll(async () => {
  livekit = await startLiveKit(relay.url.href);
  server = await startServer({ ...livekit.env, VIDEO_MESH_MAX: "2", LIVEKIT_LIST_MS: "200" });
  const { LIVEKIT_API_KEY: key, LIVEKIT_API_SECRET: secret } = livekit.env;
  api = new RoomServiceClient(`http://${livekit.service.address}`, key, secret);
  verifier = new TokenVerifier(key ?? "", secret ?? "");
});
afterAll(async () => {
  await server.dispose();
  await livekit.remove();
  await relay.stop(true);
});

const Pass = z.object({ url: z.string(), token: z.string(), expiresAt: z.iso.datetime() });
const asked = ({ classId }: School, peer: string, { token }: Person) =>
  post(server, "/video/token", { classId, peer }, token);
const passOf = async (of: School, { peer, person }: Seat) =>
  Pass.parse(dataOf(await asked(of, peer, person), 201));

/** Connects to LiveKit as a browser would begin to; resolves once LiveKit has let it in. */
async function connected(of: School, seat: Seat): Promise<WebSocket> {
  const { url, token } = await passOf(of, seat);
  return dial(url, token);
}

async function dial(url: string, token: string): Promise<WebSocket> {
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

const inCall = async (session: string) =>
  (await api.listParticipants(session).catch(() => [])).map(({ identity }) => identity);
const closed = (socket: WebSocket) => () => socket.readyState === WebSocket.CLOSED;

test("RO16 a room that outgrows the mesh moves over, everyone is told, and it stays so", async () => {
  const of = await running(server, 3);
  const first = await Seat.take(server, of, student(of, 0));
  const second = await Seat.take(server, of, student(of, 1));
  expect(second.found.media).toEqual({ kind: "mesh", max: 2 });
  await first.told();
  const third = await Seat.take(server, of, of.teacher);
  const moved = { type: "roomChange", media: { kind: "livekit" }, peers: [], gone: [] };
  for (const seat of [first, second, third]) expect((await seat.hears()).at(-1)).toMatchObject(moved);
  for (const seat of [first, second]) seat.socket.close();
  await third.hears();
  const late = await Seat.take(server, of, student(of, 2));
  expect(late.found.media).toEqual({ kind: "livekit" });
});

test("RO17 a page in the room gets a pass for its call alone, which LiveKit takes", async () => {
  const { of, ada, desk } = await met(server);
  const { url, token, expiresAt } = await passOf(of, ada);
  expect(url).toBe(livekit.env.LIVEKIT_URL ?? "");
  expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(60_000);
  const { video, attributes, name, sub, exp = 0 } = await verifier.verify(token);
  expect(exp * 1000 - Date.now()).toBeLessThanOrEqual(61_000);
  expect({ video, attributes, name, sub }).toEqual({
    video: {
      room: ada.found.session,
      roomJoin: true,
      canPublish: true,
      canSubscribe: true,
      canPublishData: false,
    },
    attributes: { user: ada.person.id, class: of.classId },
    name: ada.person.name,
    sub: ada.peer,
  });
  const sockets = [await dial(url, token), await connected(of, desk)];
  expect((await inCall(ada.found.session)).toSorted()).toEqual([ada.peer, desk.peer].toSorted());
  for (const socket of sockets) socket.close();
});

test("RO17 nobody else gets one: strangers, for another's page, out of the room, after the session", async () => {
  const { of, ada, ben } = await met(server);
  const stranger = await join(server, "student");
  const tries: [Person, string, number][] = [
    [stranger, ada.peer, 403],
    [await join(server, "teacher"), ada.peer, 403],
    [ben.person, ada.peer, 404],
    [of.teacher, ada.peer, 404],
    [ada.person, "0".repeat(20), 404],
    [ada.person, "not a peer", 400],
  ];
  for (const [who, peer, status] of tries) expect((await asked(of, peer, who)).status).toBe(status);
  ada.send({ type: "leave" });
  await ada.told();
  expect((await asked(of, ada.peer, ada.person)).status).toBe(404);
  await endSession(server, of.teacher, of.classId);
  expect((await asked(of, ben.peer, ben.person)).status).toBe(400);
});

test("RO12 RO19 who is removed is put out of the call, and again where an older pass lets them in", async () => {
  const { of, desk, ada, ben } = await met(server);
  const { session } = ada.found;
  const [adas, bens] = [await connected(of, ada), await connected(of, ben)];
  const older = await passOf(of, ada);
  desk.send({ type: "remove", user: ada.person.id });
  await until("Ada put out", closed(adas));
  expect(await inCall(session)).toEqual([ben.peer]);
  const back = await dial(older.url, older.token);
  await until("Ada put out again", closed(back));
  expect(await inCall(session)).toEqual([ben.peer]);
  expect((await asked(of, ada.peer, ada.person)).status).toBe(404);
  const outside = await V1Socket.ready(server, { token: ada.person.token });
  outside.send({ type: "enter", class: of.classId });
  expect(await told(outside)).toMatchObject([{ code: "removed-from-room" }]);
  bens.close();
});

test("RO15 the call's end and the session's end put everybody out of LiveKit", async () => {
  for (const end of ["call", "session"]) {
    const { of, desk, ada } = await met(server);
    const sockets = [await connected(of, ada), await connected(of, desk)];
    if (end === "call") desk.send({ type: "closeRoom" });
    else await endSession(server, of.teacher, of.classId);
    for (const socket of sockets) await until(`the end of the ${end}`, closed(socket));
    expect(await inCall(ada.found.session)).toEqual([]);
  }
});

test("RO24 after a restart of the server who comes back finds the call that went on", async () => {
  const { of, desk, ada, ben } = await met(server);
  const sockets = [await connected(of, desk), await connected(of, ada)];
  await server.restart();
  const back = await Seat.take(server, of, ben.person);
  expect(back.found.media).toEqual({ kind: "livekit" });
  for (const socket of sockets) {
    expect(socket.readyState).toBe(WebSocket.OPEN);
    socket.close();
  }
});

const signed = async (body: string, secret: string) => {
  const token = new AccessToken(livekit.env.LIVEKIT_API_KEY, secret);
  token.sha256 = new Bun.CryptoHasher("sha256").update(body).digest("base64");
  return token.toJwt();
};
const webhook = (body: string, authorization?: string) =>
  fetch(`${server.url}/video/webhook`, {
    method: "POST",
    body,
    headers: { "Content-Type": "application/webhook+json", ...(authorization && { authorization }) },
  });

test("RO18 LiveKit's webhooks are taken, and forged ones are refused", async () => {
  const { of, ada } = await met(server);
  answered.splice(0);
  const socket = await connected(of, ada);
  await until("a webhook", () => answered.length > 0);
  expect(new Set(answered)).toEqual(new Set([200]));
  socket.close();
  const participant = {
    identity: ada.peer,
    attributes: { user: ada.person.id, class: of.classId },
    sid: "PA_1",
  };
  const room = { name: ada.found.session };
  const body = JSON.stringify({ event: "participant_left", room, participant, createdAt: "1795223013" });
  const right = livekit.env.LIVEKIT_API_SECRET ?? "";
  expect((await webhook(body, await signed(body, right))).status).toBe(200);
  const came = body.replace("participant_left", "participant_joined");
  const watcher = await V1Watcher.open(server, of.teacher);
  expect((await webhook(came, await signed(came, right))).status).toBe(200);
  await watcher.until("that LiveKit has seen her", (frame) => JSON.stringify(frame).includes('"webhook"'));
  const forged = [
    undefined,
    "Bearer nonsense",
    await signed(body, "another secret that is long enough to sign by"),
    await signed(`${body} `, right),
    (await passOf(of, ada)).token,
  ];
  for (const authorization of forged) expect((await webhook(body, authorization)).status).toBe(401);
  expect((await webhook("x".repeat(100_000), "Bearer x")).status).toBe(413);
});
