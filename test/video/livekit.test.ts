import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { until } from "../client/network.ts";
import { endSession, join, type Person, student } from "../e2e/people.ts";
import { met, running, Seat, told } from "../e2e/room-seat.ts";
import { presenceOfStudent } from "../e2e/time-in-room.ts";
import { V1Socket } from "../e2e/v1-socket.ts";
import { V1Watcher } from "../e2e/v1-watcher.ts";
import { CallRig, closed, dial, newsOf } from "./call-rig.ts";

setDefaultTimeout(60_000);

let rig: CallRig;
beforeAll(async () => {
  rig = await CallRig.open();
});
afterAll(() => rig?.close());

test("RO16 a room that outgrows the mesh moves over, everyone is told, and it stays so", async () => {
  const of = await running(rig.server, 3);
  const first = await Seat.take(rig.server, of, student(of, 0));
  const second = await Seat.take(rig.server, of, student(of, 1));
  expect(second.found.media).toEqual({ kind: "mesh", max: 2 });
  await first.told();
  const third = await Seat.take(rig.server, of, of.teacher);
  const moved = { type: "roomChange", media: { kind: "livekit" }, peers: [], gone: [] };
  for (const seat of [first, second, third]) expect((await seat.hears()).at(-1)).toMatchObject(moved);
  for (const seat of [first, second]) seat.socket.close();
  await third.hears();
  const late = await Seat.take(rig.server, of, student(of, 2));
  expect(late.found.media).toEqual({ kind: "livekit" });
});

test("RO17 a page in the room gets a pass for its call alone, which LiveKit takes", async () => {
  const { of, ada, desk } = await met(rig.server);
  const { url, token, expiresAt } = await rig.passOf(of, ada);
  expect(url).toBe(rig.livekit.env.LIVEKIT_URL ?? "");
  expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(60_000);
  const { video, attributes, name, sub, exp = 0 } = await rig.verifier.verify(token);
  const { canPublishSources, ...grant } = video ?? {};
  expect(exp * 1000 - Date.now()).toBeLessThanOrEqual(61_000);
  // As LiveKit reads it, whose library names them by numbers.
  expect(`${canPublishSources}`).toBe("microphone,camera,screen_share");
  expect({ grant, attributes, name, sub }).toEqual({
    grant: {
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
  const sockets = [await dial(url, token), await rig.connected(of, desk)];
  expect((await rig.inCall(ada.found.session)).toSorted()).toEqual([ada.peer, desk.peer].toSorted());
  for (const socket of sockets) socket.close();
});

test("RO17 nobody else gets one: strangers, for another's page, out of the room, after the session", async () => {
  const { of, ada, ben } = await met(rig.server);
  const stranger = await join(rig.server, "student");
  const tries: [Person, string, number][] = [
    [stranger, ada.peer, 403],
    [await join(rig.server, "teacher"), ada.peer, 403],
    [ben.person, ada.peer, 404],
    [of.teacher, ada.peer, 404],
    [ada.person, "0".repeat(20), 404],
    [ada.person, "not a peer", 400],
  ];
  for (const [who, peer, status] of tries) expect((await rig.asked(of, peer, who)).status).toBe(status);
  ada.send({ type: "leave" });
  await ada.told();
  expect((await rig.asked(of, ada.peer, ada.person)).status).toBe(404);
  await endSession(rig.server, of.teacher, of.classId);
  expect((await rig.asked(of, ben.peer, ben.person)).status).toBe(400);
});

test("RO17 a room that is still from peer to peer has no passes, so that nobody moves it over", async () => {
  const of = await running(rig.server, 2);
  const ada = await Seat.take(rig.server, of, student(of, 0));
  expect((await rig.asked(of, ada.peer, ada.person)).status).toBe(404);
  for (const who of [student(of, 1), of.teacher]) await Seat.take(rig.server, of, who);
  expect((await rig.asked(of, ada.peer, ada.person)).status).toBe(201);
});

test("RO12 RO19 who is removed is put out of the call, and again where an older pass lets them in", async () => {
  const { of, desk, ada, ben } = await met(rig.server);
  const { session } = ada.found;
  const [adas, bens] = [await rig.connected(of, ada), await rig.connected(of, ben)];
  const older = await rig.passOf(of, ada);
  desk.send({ type: "remove", user: ada.person.id });
  await until("Ada put out", closed(adas));
  expect(await rig.inCall(session)).toEqual([ben.peer]);
  const back = await dial(older.url, older.token);
  await until("Ada put out again", closed(back));
  expect(await rig.inCall(session)).toEqual([ben.peer]);
  expect((await rig.asked(of, ada.peer, ada.person)).status).toBe(404);
  const outside = await V1Socket.ready(rig.server, { token: ada.person.token });
  outside.send({ type: "enter", class: of.classId });
  expect(await told(outside)).toMatchObject([{ code: "removed-from-room" }]);
  bens.close();
});

test("RO15 the call's end and the session's end put everybody out of LiveKit", async () => {
  for (const end of ["call", "session"]) {
    const { of, desk, ada } = await met(rig.server);
    const sockets = [await rig.connected(of, ada), await rig.connected(of, desk)];
    if (end === "call") desk.send({ type: "closeRoom" });
    else await endSession(rig.server, of.teacher, of.classId);
    for (const socket of sockets) await until(`the end of the ${end}`, closed(socket));
    expect(await rig.inCall(ada.found.session)).toEqual([]);
  }
});

test("RO24 after a restart of the server who comes back finds the call that went on", async () => {
  const { of, desk, ada, ben } = await met(rig.server);
  const sockets = [await rig.connected(of, desk), await rig.connected(of, ada)];
  await rig.server.restart();
  const back = await Seat.take(rig.server, of, ben.person);
  expect(back.found.media).toEqual({ kind: "livekit" });
  for (const socket of sockets) {
    expect(socket.readyState).toBe(WebSocket.OPEN);
    socket.close();
  }
});

test("RO18 LiveKit's webhooks are taken, and forged ones are refused", async () => {
  const { of, ada } = await met(rig.server);
  rig.answered.splice(0);
  const socket = await rig.connected(of, ada);
  await until("a webhook", () => rig.answered.length > 0);
  expect(new Set(rig.answered)).toEqual(new Set([200]));
  socket.close();
  const body = newsOf("participant_left", of, ada);
  expect((await rig.webhook(body, await rig.signed(body))).status).toBe(200);
  const came = newsOf("participant_joined", of, ada);
  const watcher = await V1Watcher.open(rig.server, of.teacher);
  expect((await rig.webhook(came, await rig.signed(came))).status).toBe(200);
  await watcher.until("that LiveKit has seen her", (frame) => JSON.stringify(frame).includes('"webhook"'));
  const forged = [
    undefined,
    "Bearer nonsense",
    await rig.signed(body, { secret: "another secret that is long enough to sign by" }),
    await rig.signed(body, { key: "another-key" }),
    // One that was heard on its way, and is sent again later.
    await rig.signed(body, { ttl: "-120s" }),
    await rig.signed(`${body} `),
    (await rig.passOf(of, ada)).token,
  ];
  for (const authorization of forged) expect((await rig.webhook(body, authorization)).status).toBe(401);
  expect((await rig.webhook("x".repeat(100_000), "Bearer x")).status).toBe(413);
});

test("RO18 a signed word of a room that is none, of a session that is over, or of who has left lets nobody in", async () => {
  const [lesson, over] = [await met(rig.server), await met(rig.server)];
  const { of, ada, ben } = lesson;
  await endSession(rig.server, over.of.teacher, over.of.classId);
  const came = newsOf("participant_joined", of, ada);
  const words = [
    came.replaceAll(ada.found.session, "a room of somebody else's"),
    came.replaceAll(ada.person.id, ""),
    newsOf("participant_joined", over.of, over.ada),
    newsOf("participant_joined", of, ben),
    newsOf("participant_left", of, ben),
    newsOf("participant_joined", of, ben),
  ];
  for (const seat of [ada, ben]) seat.send({ type: "leave" });
  for (const body of words) expect((await rig.webhook(body, await rig.signed(body))).status).toBe(200);
  for (const who of [ada, ben]) {
    const told = await presenceOfStudent(rig.server, of.teacher, ada.found.session, who.person);
    expect(told).toMatchObject({ here: false });
  }
  const after = await presenceOfStudent(rig.server, over.of.teacher, over.ada.found.session, over.ada.person);
  expect(after.intervals).toMatchObject([{ fromBy: "socket", toBy: "end" }]);
});
