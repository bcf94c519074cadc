import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { WebSocket } from "../../node_modules/ws/wrapper.mjs";
import { engineUrl, PollingPeer, WebSocketPeer } from "./engine-peer";
import { read, refused } from "./http";
import { enter, IoClient, ioLesson, leave, poll, seatOf, webSocket } from "./io-client";
import { join, school, startSession, student } from "./people";
import { connect, marked } from "./plain-client";
import { startServer, type TestServer } from "./server";

setDefaultTimeout(120_000);
const servers: TestServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.dispose())));

async function serverWith(env: Record<string, string> = {}): Promise<TestServer> {
  const server = await startServer(env);
  servers.push(server);
  return server;
}

/** A sample of /metrics, 0 where it is not there yet. */
async function sample(server: TestServer, name: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const line = text.split("\n").find((each) => each.startsWith(`${name} `));
  return Number(line?.split(" ").at(-1) ?? 0);
}

const open = (server: TestServer) => sample(server, 'rollcall_connections{dialect="socket-io"}');

/** Returns once so many Socket.IO sockets are open. */
async function untilOpen(server: TestServer, count: number): Promise<void> {
  for (let look = 0; look < 2000 && (await open(server)) !== count; look++) await Bun.sleep(10);
  expect(await open(server)).toBe(count);
}

test("SI13 a burst within the limits passes, over polling and WebSocket", async () => {
  const server = await serverWith();
  const held = await ioLesson(server, 1, poll);
  const other = await enter(server, held.teacher, webSocket);
  const { id } = student(held, 0);
  for (const client of [held.desk, other]) {
    for (let n = 0; n < 500; n++) client.send("MARK_ATTENDANCE", { studentId: id });
    const marks = Array.from({ length: 500 }, () => marked(id, "present"));
    for (const hearer of [held.desk, other, seatOf(held, 0)]) expect(await hearer.nextOf(500)).toEqual(marks);
  }
  leave(...held.all, other);
});

/** Packets that a flood may be made of: events, entries, and whatever needs no answer. */
const floods = ['42["PING"]', '40{"token":"x"}', "43[]"];
test.each(floods)("SI13 a student who floods with %s is cut off, and nobody else notices", async (packet) => {
  const server = await serverWith();
  const held = await ioLesson(server, 2, poll);
  const flooder = await WebSocketPeer.open(server);
  await flooder.enter(student(held, 0).token);
  flooder.send(...Array.from({ length: 1000 }, () => packet));
  expect(await flooder.closed()).toBe(packet.startsWith("40") ? 1002 : 1008);
  const polling = await PollingPeer.open(server);
  await polling.enter(student(held, 0).token);
  await polling.post(...Array.from({ length: 1000 }, () => packet));
  expect(await polling.isGone()).toBe(true);
  await untilOpen(server, 3);
  for (const client of held.all) expect(await client.heard()).toEqual([]);
  leave(...held.all);
});

test("SI13 a user's sockets are bounded over all dialects, and a further one is a connect_error", async () => {
  const server = await serverWith({ SOCKETS_PER_USER_MAX: "3" });
  const who = await join(server, "student");
  const plain = await connect(server, who);
  const two = [await enter(server, who, poll), await enter(server, who, webSocket)];
  const further = await IoClient.open(server, { auth: { token: who.token } });
  expect(further.refusal).toBe("this user has too many sockets, close one and connect again");
  expect(await (await connect(server, who)).closed()).toBe(1013);
  await plain.close();
  const again = await enter(server, who, poll);
  for (const client of [...two, again]) expect(await client.heard()).toEqual([]);
  leave(...two, further, again);
});

test("SI13 sessions count among SOCKETS_MAX, entered or not, and a further one gets 503 with Retry-After", async () => {
  const server = await serverWith({ SOCKETS_MAX: "3" });
  const who = await join(server, "student");
  const [plain, client, visitor] = [
    await connect(server, who),
    await enter(server, who, poll),
    await WebSocketPeer.open(server),
  ];
  const response = await fetch(engineUrl(server, { transport: "polling" }));
  expect(response.headers.get("retry-after")).toMatch(/^\d+$/);
  expect(await read(response)).toEqual(refused(503, "The server is busy, try again in a few seconds"));
  expect((await IoClient.open(server, { auth: { token: who.token } })).refusal).toBeDefined();
  visitor.socket.close();
  await untilOpen(server, 1);
  const next = await enter(server, who, webSocket);
  expect(await next.heard()).toEqual([]);
  leave(client, next);
  await plain.close();
});

test("SI13 where nobody comes in in time the session ends: 4408, or a close packet", async () => {
  const server = await serverWith({ FIRST_FRAME_MS: "300" });
  const { token } = await join(server, "student");
  const [idle, refusedOnce, polling, inside] = await Promise.all([
    WebSocketPeer.open(server),
    WebSocketPeer.open(server),
    PollingPeer.open(server),
    enter(server, { token }, webSocket),
  ]);
  refusedOnce.send('40{"token":"bad"}');
  expect(await polling.poll()).toEqual(["1"]);
  expect([await idle.closed(), await refusedOnce.closed()]).toEqual([4408, 4408]);
  const left = await WebSocketPeer.open(server);
  await left.enter(token);
  left.send("41");
  expect(await left.closed()).toBe(4408);
  expect(await inside.heard()).toEqual([]);
  leave(inside);
});

test("SI14 who does not poll for what gathers is let go, and everyone else hears all of it", async () => {
  const server = await serverWith({ OUT_BUFFER_BYTES_MAX: "20000" });
  const held = await ioLesson(server, 1, poll);
  const [lazy, { id }] = [await PollingPeer.open(server), student(held, 0)];
  await lazy.enter(student(held, 0).token);
  for (let lot = 0; lot < 10; lot++) {
    for (let n = 0; n < 50; n++) held.desk.send("MARK_ATTENDANCE", { studentId: id });
    for (const client of held.all) await client.nextOf(50);
  }
  await untilOpen(server, 2);
  expect(await sample(server, 'rollcall_refusals_total{reason="slow-reader"}')).toBe(1);
  expect((await lazy.get()).status).toBe(400);
  for (const client of held.all) expect(await client.heard()).toEqual([]);
  leave(...held.all);
});

test("SI14 a WebSocket that is not read is cut off, and nobody waits for it", async () => {
  const server = await serverWith();
  const held = await ioLesson(server, 1, webSocket);
  const url = engineUrl(server, { transport: "websocket" }).replace("http", "ws");
  const stalled = new WebSocket(url);
  const { token, id } = student(held, 0);
  const inRoom = Promise.withResolvers<void>();
  stalled.on("message", (raw) => {
    const text = raw.toString();
    if (text.startsWith("0")) stalled.send(`40${JSON.stringify({ token })}`);
    if (text.startsWith("40")) for (const event of ["JOIN_ROOM", "PING"]) stalled.send(`42["${event}"]`);
    if (text === '42["PONG"]') inRoom.resolve();
  });
  stalled.on("error", () => undefined);
  await inRoom.promise;
  stalled.pause();
  held.desk.send("JOIN_ROOM");
  expect(await open(server)).toBe(3);
  // The kernel holds some 4 MB for each end before the server's own buffer grows.
  for (let n = 0; n < 1000 && (await open(server)) > 2; n++) {
    held.desk.send("WEBRTC_OFFER", { targetId: id, sdp: "x".repeat(60_000) });
    held.desk.send("PING");
    await held.desk.until("PONG");
  }
  expect(await open(server)).toBe(2);
  stalled.terminate();
  leave(...held.all);
});

test("SI14 who answers no ping is cut off, over polling and WebSocket, and real clients stay", async () => {
  const server = await serverWith({ PING_AFTER_MS: "150", SILENCE_MAX_MS: "600" });
  const who = await join(server, "student");
  const mute = await WebSocketPeer.open(server);
  await mute.enter(who.token);
  const gone = await PollingPeer.open(server);
  await gone.enter(who.token);
  const clients = await Promise.all([enter(server, who, poll), enter(server, who, webSocket)]);
  await mute.closed();
  expect(mute.received).toContain("2");
  await untilOpen(server, 2);
  for (const client of clients) expect(await client.heard()).toEqual([]);
  expect(clients.map(({ ended }) => ended)).toEqual([undefined, undefined]);
  leave(...clients);
});

test("SI14 a poll may wait longer than Bun lets a request be idle, which is 10 s", async () => {
  const server = await serverWith({ PING_AFTER_MS: "12000" });
  const polling = await PollingPeer.open(server);
  await polling.enter((await join(server, "student")).token);
  expect(await polling.poll()).toEqual(["2"]);
  await polling.post("3", '42["PING"]');
  expect(await polling.until("42")).toEqual(['42["PONG"]']);
});

test("SI17 open sessions are counted, and none is left once its client has gone, however it went", async () => {
  const server = await serverWith({ FIRST_FRAME_MS: "600000" });
  const who = await join(server, "student");
  const clients = [await enter(server, who, poll), await enter(server, who, webSocket)];
  const peers = [await WebSocketPeer.open(server), await WebSocketPeer.open(server)];
  expect(await open(server)).toBe(4);
  leave(...clients);
  for (const peer of peers) peer.socket.terminate();
  await untilOpen(server, 0);
  const polling = await PollingPeer.open(server);
  await polling.enter(who.token);
  // Only a poll that has arrived can be seen to be cut, so it is tried until one has.
  for (let n = 0; n < 200 && (await open(server)) > 0; n++) {
    const cut = new AbortController();
    const polled = fetch(polling.url, { signal: cut.signal }).catch(() => "cut");
    await sample(server, "rollcall_frames_in_total");
    cut.abort();
    await polled;
  }
  expect(await open(server)).toBe(0);
});

test("SI16 the log of a run holds no token of a Socket.IO client, at any level", async () => {
  const server = await serverWith({ LOG_LEVEL: "trace" });
  const held = await school(server, 1);
  await startSession(server, held.teacher, held.classId);
  const { token } = student(held, 0);
  for (const way of [poll, webSocket]) {
    for (const place of ["auth", "query"] as const) {
      const good = await IoClient.open(server, { [place]: { token } }, way);
      good.send(token, { token });
      expect(await good.heard()).toHaveLength(1);
      const bad = await IoClient.open(server, { [place]: { token: `${token}x` } }, way);
      expect(bad.refusal).toBe("Unauthorized or invalid token");
      leave(good, bad);
    }
  }
  await read(await fetch(engineUrl(server, { transport: "x", token })));
  await server.stop();
  for (const text of [server.stdout(), server.stderr()]) {
    expect(text).not.toContain(token);
    expect(text).not.toContain(token.split(".").at(-1) ?? token);
  }
});
