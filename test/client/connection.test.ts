import { expect, spyOn, test } from "bun:test";
import { Backoff, retryAfter } from "../../client/backoff.ts";
import { helloFrame } from "../../protocol/v1.ts";
import { events, marked, open, ready, session, settle, snapshot } from "./fakes.ts";

test("C20 it connects with the subprotocol and new credentials each time, and says up to where it knows which session", async () => {
  const { client, timers, sockets, socket, statuses } = await open();
  expect(socket()).toMatchObject({ url: "ws://school/ws", protocol: "rollcall.v1", sent: [] });
  socket().heard.opened();
  expect(socket().take()).toEqual([{ type: "hello", ticket: "ticket 1", after: {} }]);
  socket().greet();
  expect(client.status).toEqual({ state: "ready" });
  expect(client.user).toEqual({ id: "teacher", name: "T", role: "teacher" });
  socket().say(snapshot(3));
  socket().say(events(4, marked("ada")));
  socket().heard.closed(1006);
  expect(client.status).toEqual({ state: "waiting", wait: 250, code: 1006 });
  await timers.pass(250);
  socket().heard.opened();
  const [hello] = socket().take();
  expect(helloFrame.parse(hello)).toMatchObject({ ticket: "ticket 2", after: { [session]: 4 } });
  socket().greet();
  expect(sockets).toHaveLength(2);
  expect(statuses).toEqual(["ready", "waiting", "connecting", "ready"]);
});

test("C20 an ended session is not asked for again, and of many the newest hundred are", async () => {
  const { timers, socket } = await ready();
  const id = (n: number) => n.toString(16).padStart(24, "0");
  for (let n = 0; n < 120; n++) socket().say(snapshot(n, [], { session: id(n) }));
  socket().say(snapshot(200, [], { session: id(119), endedAt: 5 }));
  socket().heard.closed(1012);
  await timers.pass(500);
  socket().heard.opened();
  const { after = {} } = helloFrame.parse(socket().take()[0]);
  expect(Object.keys(after)).toEqual(Array.from({ length: 100 }, (_, n) => id(19 + n)));
});

test("C21 waits double up to a cap, with full jitter, and begin anew after a connection that held", async () => {
  const waits = (random: () => number) => {
    const backoff = new Backoff(random);
    return Array.from({ length: 9 }, () => backoff.next("soon"));
  };
  expect(waits(() => 1)).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  expect(waits(() => 0)).toEqual(Array(9).fill(0));

  const { client, timers, socket } = await ready();
  const waitAfter = () => {
    socket().heard.closed(1006);
    return client.status.state === "waiting" && client.status.wait;
  };
  const again = async () => {
    await timers.pass(timers.wait);
    socket().heard.opened();
    socket().greet();
  };
  expect(waitAfter()).toBe(250);
  await again();
  expect(waitAfter()).toBe(500);
  await again();
  expect(waitAfter()).toBe(1000);
  await again();
  await timers.pass(5000);
  expect(waitAfter()).toBe(250);
});

test("C22 what it does after a close code is what docs/PROTOCOL.md says", async () => {
  const told = (code: number) => [code, retryAfter(code)];
  expect([1000, 1001, 1006, 1009, 1011, 1012, 4408].map(told)).toEqual(
    [1000, 1001, 1006, 1009, 1011, 1012, 4408].map((code) => [code, "soon"]),
  );
  expect([1008, 1013].map(told)).toEqual([
    [1008, "later"],
    [1013, "later"],
  ]);
  expect([4400, 4401, 4406, 4499, 4500].map(told)).toEqual([
    [4400, "never"],
    [4401, "with-new-credentials"],
    [4406, "never"],
    [4499, "never"],
    [4500, "soon"],
  ]);
});

test("C22 too many or too fast waits five seconds at least", async () => {
  const { client, socket } = await ready();
  socket().heard.closed(1013);
  expect(client.status).toEqual({ state: "waiting", wait: 5250, code: 1013 });
});

test.each([4400, 4406])("C22 after %i it does not come back", async (code) => {
  const { client, timers, sockets, socket } = await open();
  socket().heard.closed(code);
  expect(client.status).toEqual({ state: "closed", code });
  await timers.pass(600_000);
  expect(sockets).toHaveLength(1);
});

test("C22 turned away with 4401 it tries new credentials once, and again after it has been let in", async () => {
  const { client, timers, sockets, socket } = await open();
  for (let times = 0; times < 2; times++) {
    socket().heard.closed(4401);
    expect(client.status.state).toBe("waiting");
    await timers.pass(10_000);
    socket().heard.opened();
    socket().greet();
  }
  for (let times = 0; times < 2; times++) {
    socket().heard.closed(4401);
    await timers.pass(10_000);
  }
  expect(client.status).toEqual({ state: "closed", code: 4401 });
  expect(sockets).toHaveLength(4);
});

test("C22 credentials that cannot be had are asked for again, and the trouble is told", async () => {
  let asked = 0;
  const credentials = async () => {
    if (++asked < 3) throw new Error("offline");
    return { token: "t" };
  };
  const { client, timers, socket } = await open({ credentials });
  const troubles: unknown[] = [];
  client.on("trouble", (trouble) => troubles.push(trouble));
  expect(client.status).toMatchObject({ state: "waiting", code: null });
  await timers.pass(60_000);
  socket().heard.opened();
  expect(socket().take()).toEqual([{ type: "hello", token: "t", after: {} }]);
  expect(troubles).toEqual([new Error("offline")]);
});

test("C23 a silent server is pinged, and one that does not answer is dead", async () => {
  const { client, timers, sockets, socket } = await ready();
  await timers.pass(10_000);
  socket().say({ type: "pong", time: 1 });
  await timers.pass(14_999);
  expect(socket().take()).toEqual([]);
  await timers.pass(1);
  expect(socket().take()).toEqual([{ type: "ping" }]);
  await timers.pass(1000);
  socket().say({ type: "pong", time: 1 });
  await timers.pass(5000);
  socket().say(snapshot(2));
  await timers.pass(39_999);
  expect(client.status.state).toBe("ready");
  const [dead] = sockets;
  await timers.pass(1);
  expect(client.status).toMatchObject({ state: "waiting", code: 1006 });
  expect(dead?.closedByClient).toBe(true);
  dead?.say(snapshot(9));
  dead?.heard.closed(4400);
  expect(client.sessions.get(session)?.seq).toBe(2);
  expect(client.status.state).toBe("waiting");
});

test("C23 a timer that fires late, as in a hidden page, does not take a quiet server for a dead one", async () => {
  const { client, timers, socket } = await ready();
  for (let minutes = 0; minutes < 3; minutes++) {
    await timers.pass(timers.wait);
    expect(socket().take()).toEqual([{ type: "ping" }]);
    socket().say({ type: "pong", time: 1 });
  }
  expect(client.status.state).toBe("ready");
});

test("C23 a server that never gets ready is given up", async () => {
  const { client, timers, socket } = await open();
  socket().heard.opened();
  await timers.pass(19_999);
  expect(client.status.state).toBe("connecting");
  await timers.pass(1);
  expect(client.status.state).toBe("waiting");
  expect(socket().closedByClient).toBe(true);
});

test("C23 once woken it looks at once: a waiting client connects, a ready one pings with little patience", async () => {
  const { client, timers, sockets, socket } = await ready();
  client.wake();
  expect(socket().take()).toEqual([{ type: "ping" }]);
  await timers.pass(5000);
  expect(client.status.state).toBe("waiting");
  client.wake();
  await settle();
  expect(sockets).toHaveLength(2);
});

test("C36 whoever stops watching twice stops nobody else's watch", async () => {
  const { client, timers, socket } = await ready();
  const stop = client.watchClosely();
  stop();
  stop();
  client.watchClosely();
  await timers.pass(3000);
  expect(socket().take()).toEqual([{ type: "ping" }]);
});

test("C36 while it is watched closely a dead server is known within 7 s, and no wait is over 5 s", async () => {
  const { client, timers, sockets, socket } = await ready();
  const stop = client.watchClosely();
  await timers.pass(3000);
  expect(socket().take()).toEqual([{ type: "ping" }]);
  socket().say({ type: "pong", time: 1 });
  await timers.pass(3000);
  expect(socket().take()).toEqual([{ type: "ping" }]);
  await timers.pass(3999);
  expect(client.status.state).toBe("ready");
  await timers.pass(1);
  const waits: number[] = [];
  for (let tries = 0; tries < 12; tries++) {
    const { status } = client;
    if (status.state !== "waiting") throw new Error(`${status.state} in try ${tries}`);
    waits.push(status.wait);
    await timers.pass(status.wait);
    sockets.at(-1)?.heard.closed(1006);
  }
  expect(Math.max(...waits)).toBeLessThanOrEqual(5000);
  stop();
  const { status } = client;
  await timers.pass(status.state === "waiting" ? status.wait : 0);
  sockets.at(-1)?.heard.closed(1006);
  expect(client.status).toMatchObject({ state: "waiting" });
  expect(client.status.state === "waiting" && client.status.wait).toBeGreaterThan(5000);
});

test("C24 closed means closed: nothing is opened or heard any more, and who waits for an answer is told", async () => {
  const { client, timers, sockets, socket } = await ready();
  const { outcome } = client.mark(session, "ada", "present");
  client.close();
  expect(await outcome).toMatchObject({ ok: false, code: "closed" });
  expect(client.status).toEqual({ state: "closed", code: null });
  expect(socket().closedByClient).toBe(true);
  socket().say(snapshot(2));
  await timers.pass(600_000);
  expect(client.sessions.size).toBe(0);
  expect(await client.mark(session, "ada", "present").outcome).toMatchObject({ ok: false, code: "closed" });
  expect(sockets).toHaveLength(1);
});

test("C24 a client closed while it asks for credentials opens nothing", async () => {
  const { promise, resolve } = Promise.withResolvers<{ token: string }>();
  const { client, sockets } = await open({ credentials: () => promise });
  client.close();
  resolve({ token: "t" });
  await settle();
  expect(sockets).toHaveLength(0);
});

test("C25 what is no frame, or of a kind that is not known, changes nothing and breaks nothing", async () => {
  const { client, socket } = await ready();
  const troubles: unknown[] = [];
  client.on("trouble", (trouble) => troubles.push(trouble));
  for (const text of ["{", "[]", "null", "7"]) socket().heard.text(text);
  expect(troubles).toHaveLength(4);
  socket().heard.text('{"type":"weather","sunny":true}');
  socket().say(snapshot(2));
  const news = { ...events(3, marked("ada"), { type: "weather", sunny: true }), extra: 1 };
  socket().heard.text(JSON.stringify(news));
  expect(client.sessions.get(session)).toMatchObject({ seq: 4, present: 1 });
  expect(troubles).toHaveLength(4);
});

test("C25 a listener that breaks breaks nobody else", async () => {
  const { client, socket } = await ready();
  const shown = spyOn(console, "error").mockImplementation(() => undefined);
  const seen: number[] = [];
  client.on("session", () => {
    throw new Error("broken");
  });
  const stop = client.on("session", ({ seq }) => seen.push(seq));
  socket().say(snapshot(2));
  stop();
  socket().say(snapshot(3));
  expect(seen).toEqual([2]);
  expect(client.sessions.get(session)?.seq).toBe(3);
  expect(shown).toHaveBeenCalledTimes(2);
  shown.mockRestore();
});
