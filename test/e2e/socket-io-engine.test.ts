import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { engineUrl, PollingPeer, WebSocketPeer } from "./engine-peer";
import { type Answer, read, refused } from "./http";
import { enter, type IoLesson, ioLesson, leave, poll } from "./io-client";
import { join, student } from "./people";
import { marked } from "./plain-client";
import { startServer, type TestServer } from "./server";

setDefaultTimeout(60_000);
let server: TestServer;
let held: IoLesson;
beforeAll(async () => {
  server = await startServer({ FIRST_FRAME_MS: "3000" });
  held = await ioLesson(server, 1, poll);
});
afterAll(() => server.dispose());

/** The lesson goes on as if nothing had happened. */
async function unharmed(): Promise<void> {
  const { id } = student(held, 0);
  held.desk.send("MARK_ATTENDANCE", { studentId: id });
  for (const client of held.all) {
    expect(await client.next()).toEqual(marked(id, "present"));
    expect(await client.heard()).toEqual([]);
  }
}

const engineError = (code: number, message: string): Answer => ({
  status: 400,
  body: { success: false, error: message, code, message },
});
const unknownSession = engineError(1, "Session ID unknown");
const badRequest = engineError(3, "Bad request");
const handshake = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
};
const ask = async (parameters: Record<string, string>, init?: RequestInit) =>
  read(await fetch(engineUrl(server, parameters), init));

test.each([
  [{}, "GET", engineError(0, "Transport unknown")],
  [{ transport: "carrier-pigeon" }, "GET", engineError(0, "Transport unknown")],
  [{ transport: "polling", EIO: "3" }, "GET", engineError(5, "Unsupported protocol version")],
  [{ transport: "polling", sid: "nobody" }, "GET", unknownSession],
  [{ transport: "polling", sid: "nobody" }, "POST", unknownSession],
  [{ transport: "polling" }, "POST", engineError(2, "Bad handshake method")],
  [{ transport: "websocket" }, "GET", badRequest],
  [{ transport: "polling" }, "DELETE", refused(405, "Method not allowed")],
] as [Record<string, string>, string, Answer][])(
  "SI12 a request that opens nothing is told why in JSON (%o, %s)",
  async (parameters, method, answer) => {
    expect(await ask(parameters, { method })).toEqual(answer);
    await unharmed();
  },
);

test("SI12 answers are for every origin, preflights too, and no cache keeps them", async () => {
  const url = engineUrl(server, { transport: "polling" });
  const headers = { origin: "https://elsewhere.test" };
  const answers = [
    await fetch(url, { headers }),
    await fetch(engineUrl(server, { transport: "x" }), { headers }),
  ];
  for (const answer of answers) expect(answer.headers.get("cache-control")).toBe("no-store");
  for (const answer of [...answers, await fetch(url, { method: "OPTIONS", headers })]) {
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
  }
});

test("SI12 an Upgrade to something else than a WebSocket is none", async () => {
  const headers = { upgrade: "h2c", connection: "upgrade" };
  const response = await fetch(engineUrl(server, { transport: "polling" }), { headers });
  expect(await response.text()).toStartWith("0{");
  const half = { upgrade: "websocket", connection: "upgrade" };
  expect(await ask({ transport: "websocket" }, { headers: half })).toEqual(badRequest);
});

/** What no client sends to a session into which nobody has come: Engine.IO's packets, then Socket.IO's. */
const nonsense = [
  ...["", "x", "0", "2", "2probe", "3", "5", "6", "bAAAA", "4", "4x", "4["],
  ...['42["PING"]', "42[]", "42{}", "43[]", "44{}", "41", "49", '42["disconnect"]', "4599999-[]", "450-[]"],
];

test.each(nonsense)(
  "SI12 over a WebSocket the packet %p is answered with close code 1002",
  async (packet) => {
    const peer = await WebSocketPeer.open(server);
    peer.send(packet);
    expect(await peer.closed()).toBe(1002);
    await unharmed();
  },
);

test.each(nonsense)("SI12 over polling the packet %p is answered with a close packet", async (packet) => {
  const peer = await PollingPeer.open(server);
  const polled = peer.poll();
  expect((await peer.post(packet)).status).toBe(200);
  expect(await polled).toEqual(["1"]);
  expect(await peer.isGone()).toBe(true);
  await unharmed();
});

test("SI12 bytes that no packet announced are closed with 1002, and what follows nonsense has no effect", async () => {
  const peer = await WebSocketPeer.open(server);
  peer.send(new Uint8Array([4, 0]));
  expect(await peer.closed()).toBe(1002);
  const { token } = held.teacher;
  const mark = `42${JSON.stringify(["MARK_ATTENDANCE", { studentId: student(held, 0).id }])}`;
  const teacher = await WebSocketPeer.open(server);
  await teacher.enter(token);
  teacher.send("4nonsense", mark);
  expect(await teacher.closed()).toBe(1002);
  const polling = await PollingPeer.open(server);
  await polling.enter(token);
  await polling.post("4nonsense", mark);
  for (const client of held.all) expect(await client.heard()).toEqual([]);
});

test("SI12 a namespace that does not exist is refused, and the session goes on", async () => {
  const peer = await WebSocketPeer.open(server);
  peer.send("40/admin,");
  expect(await peer.until("44/admin")).toBe('44/admin,{"message":"Invalid namespace"}');
  await peer.enter(held.teacher.token);
  peer.send('42["PING"]');
  expect(await peer.until("42")).toBe('42["PONG"]');
  peer.send("1");
  expect(await peer.closed()).toBe(1000);
});

test("SI12 two polls at once end a session, and one for a WebSocket's session is refused", async () => {
  const peer = await PollingPeer.open(server);
  const answers = await Promise.all([peer.get(), peer.get()]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400]);
  expect(await peer.isGone()).toBe(true);
  const socket = await WebSocketPeer.open(server);
  const { sid } = JSON.parse(String(socket.received[0]).slice(1));
  expect(await ask({ transport: "polling", sid })).toEqual(badRequest);
  await socket.enter(held.teacher.token);
  socket.send("1");
  await unharmed();
});

test("SI12 a frame over 64 KiB is closed with 1009, a body with 413, and the session of the body goes on", async () => {
  const long = `4${"x".repeat(64 * 1024)}`;
  const socket = await WebSocketPeer.open(server);
  socket.send(long);
  expect(await socket.closed()).toBe(1009);
  const peer = await PollingPeer.open(server);
  const answer = await read(await peer.post(long));
  expect(answer).toEqual(refused(413, "The request body is too large for this route"));
  await peer.enter(held.teacher.token);
  await peer.post('42["PING"]');
  expect(await peer.until("42")).toContain('42["PONG"]');
  await peer.post("1");
  await unharmed();
});

test("SI12 a probe is two packets and no more, and its session goes on by polling", async () => {
  const probes = [
    ["2"],
    ["2probe", "2probe"],
    ["5"],
    ['42["PING"]'],
    ["2probe", "42[]"],
    [new Uint8Array(2)],
  ];
  const peer = await PollingPeer.open(server);
  await peer.enter(held.teacher.token);
  for (const [n, frames] of probes.entries()) {
    const session = n === 0 ? peer : await PollingPeer.open(server);
    const probe = await WebSocketPeer.open(server, session.sid);
    probe.send(...frames);
    expect(await probe.closed()).toBe(1002);
  }
  await peer.post('42["PING"]');
  expect(await peer.until("42")).toContain('42["PONG"]');
  expect(await ask({ transport: "websocket", sid: "nobody" }, { headers: handshake })).toEqual(
    unknownSession,
  );
  await peer.post("1");
  await unharmed();
});

test("SI12 of two probes at once the second is closed, and the first may take over", async () => {
  const peer = await PollingPeer.open(server);
  await peer.enter(held.teacher.token);
  const [first, second] = [
    await WebSocketPeer.open(server, peer.sid),
    await WebSocketPeer.open(server, peer.sid),
  ];
  expect(await second.closed()).toBe(1000);
  first.send("2probe");
  expect(await first.until("3")).toBe("3probe");
  first.send("5", '42["PING"]');
  expect(await first.until("42")).toBe('42["PONG"]');
  expect((await peer.get()).status).toBe(400);
  expect(await ask({ transport: "websocket", sid: peer.sid }, { headers: handshake })).toEqual(badRequest);
  first.send("1");
  expect(await first.closed()).toBe(1000);
  await unharmed();
});

test("SI12 who leaves the namespace and comes in again by the same session hears each event once", async () => {
  const peer = await WebSocketPeer.open(server);
  await peer.enter(held.teacher.token);
  for (let n = 0; n < 3; n++) {
    peer.send("41");
    peer.received.length = 0;
    await peer.enter(student(held, 0).token);
  }
  await unharmed();
  peer.send('42["PING"]');
  await peer.until('42["PONG"]');
  expect(peer.received.filter((frame) => String(frame).includes("ATTENDANCE_MARKED"))).toHaveLength(1);
  peer.send("41");
  await unharmed();
  expect(peer.received.filter((frame) => String(frame).includes("ATTENDANCE_MARKED"))).toHaveLength(1);
  peer.send("1");
});

test("SI12 of several entries at once by one session one comes in", async () => {
  const peer = await PollingPeer.open(server);
  const { token } = await join(server, "student");
  const entry = `40${JSON.stringify({ token })}`;
  await peer.post(entry, entry, entry);
  const entered = await peer.until("40");
  await peer.post('42["PING"]');
  const told = [...entered, ...(await peer.until("42"))];
  const refusal = '44{"message":"This session is in use, open another"}';
  expect(told.filter((packet) => packet === refusal)).toHaveLength(2);
  expect(told.filter((packet) => packet.startsWith("40"))).toHaveLength(1);
  expect(told.at(-1)).toBe('42["PONG"]');
  await peer.post("1");
});

test("SI12 after all of it the server has our sockets and no other, and newcomers come in", async () => {
  const ours = `rollcall_connections{dialect="socket-io"} ${held.all.length}\n`;
  const metrics = async () => (await fetch(`${server.url}/metrics`)).text();
  for (let look = 0; look < 500 && !(await metrics()).includes(ours); look++) await Bun.sleep(20);
  expect(await metrics()).toContain(ours);
  const client = await enter(server, student(held, 0));
  expect(await client.heard()).toEqual([]);
  leave(client);
  await unharmed();
  expect(server.stderr()).not.toContain('"level":50');
});
