import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { until } from "../client/network.ts";
import { ADMIN_ENV, adminOf } from "../e2e/admin.ts";
import { withdraw } from "../e2e/class-verbs.ts";
import { call, dataOf } from "../e2e/http.ts";
import { endSession } from "../e2e/people.ts";
import { met, Seat } from "../e2e/room-seat.ts";
import { V1Watcher } from "../e2e/v1-watcher.ts";
import { CallRig, closed, dial, newsOf } from "./call-rig.ts";

setDefaultTimeout(60_000);

let rig: CallRig;
beforeAll(async () => {
  rig = await CallRig.open({ ...ADMIN_ENV, LIVEKIT_ALONE_MS: "3000" });
});
afterAll(() => rig?.close());

test("RO25 an older pass keeps nobody in the call who is withdrawn or disabled meanwhile", async () => {
  const { of, ada, ben, desk } = await met(rig.server);
  const admin = await adminOf(rig.server);
  const { session } = desk.found;
  const passes = [await rig.passOf(of, ada), await rig.passOf(of, ben)];
  const teachers = await rig.connected(of, desk);
  expect((await withdraw(rig.server, of.classId, ada.person.id, of.teacher)).status).toBe(200);
  const disabled = await call(rig.server, "PATCH", `/admin/users/${ben.person.id}`, {
    token: admin.token,
    body: { disabled: true },
  });
  dataOf(disabled);
  for (const { url, token } of passes) await until("put out", closed(await dial(url, token)));
  expect(await rig.inCall(session)).toEqual([desk.peer]);
  expect(teachers.readyState).toBe(WebSocket.OPEN);
  teachers.close();
});

test("RO25 who is in the call and is disabled there is put out of it", async () => {
  const { of, ada, desk } = await met(rig.server);
  const admin = await adminOf(rig.server);
  const [adas, desks] = [await rig.connected(of, ada), await rig.connected(of, desk)];
  const body = { disabled: true };
  dataOf(await call(rig.server, "PATCH", `/admin/users/${ada.person.id}`, { token: admin.token, body }));
  await until("Ada put out", closed(adas));
  expect(await rig.inCall(desk.found.session)).toEqual([desk.peer]);
  desks.close();
});

test("RO25 who leaves the room is out of the call at once, by the page that left alone", async () => {
  const { of, ada, desk } = await met(rig.server);
  const second = await Seat.take(rig.server, of, ada.person);
  const sockets = [ada, second, desk].map((seat) => rig.connected(of, seat));
  const [left, stays, desks] = await Promise.all(sockets);
  ada.send({ type: "leave" });
  await until("the page that left put out", () => left?.readyState === WebSocket.CLOSED);
  const there = [desk.peer, second.peer].toSorted();
  expect((await rig.inCall(desk.found.session)).toSorted()).toEqual(there);
  for (const socket of [stays, desks]) socket?.close();
});

test("RO25 who has left the room does not come back into the call alone by the pass from before", async () => {
  const { of, ada, desk } = await met(rig.server);
  const { url, token } = await rig.passOf(of, ada);
  const first = await dial(url, token);
  ada.send({ type: "leave" });
  await until("the page that left put out", closed(first));
  const again = await dial(url, token);
  const news = newsOf("participant_joined", of, ada);
  expect((await rig.webhook(news, await rig.signed(news))).status).toBe(200);
  await until("put out again", closed(again));
  expect(await rig.inCall(desk.found.session)).toEqual([]);
});

test("RO25 who is cut off from the server stays in the call for a time, and for good where a page is back", async () => {
  const { of, ada, ben, desk } = await met(rig.server);
  const device = crypto.randomUUID();
  const bens = await Seat.take(rig.server, of, ben.person, { device });
  const sockets = [await rig.connected(of, ada), await rig.connected(of, bens)];
  const [adas, kept] = sockets;
  for (const seat of [ada, bens]) seat.socket.close();
  const back = await Seat.take(rig.server, of, ben.person, { device });
  expect(back.peer).toBe(bens.peer);
  await until("Ada put out", () => adas?.readyState === WebSocket.CLOSED);
  expect(await rig.inCall(desk.found.session)).toEqual([back.peer]);
  kept?.close();
});

test("RO25 a pass from before the session's end begins no call after it", async () => {
  const { of, ada } = await met(rig.server);
  const { url, token } = await rig.passOf(of, ada);
  await endSession(rig.server, of.teacher, of.classId);
  const late = await dial(url, token);
  // LiveKit tells of a browser once its media are there.
  const news = newsOf("participant_joined", of, ada);
  expect((await rig.webhook(news, await rig.signed(news))).status).toBe(200);
  await until("Ada put out", closed(late));
  expect(await rig.inCall(ada.found.session)).toEqual([]);
});

test("PR13 who leaves a call whose webhooks are lost, with no socket in the room, is seen out by the list", async () => {
  const { of, desk, ada, ben } = await met(rig.server);
  const watcher = await V1Watcher.open(rig.server, of.teacher);
  const passed = (type: string, witness: string) => (frame: unknown) =>
    JSON.stringify(frame).includes(`"${type}"`) && JSON.stringify(frame).includes(`"${witness}"`);
  const adas = await rig.connected(of, ada);
  await watcher.until("that LiveKit has seen her", passed("entered", "list"));
  for (const seat of [desk, ada, ben]) seat.socket.close();
  rig.loses = true;
  adas.close();
  await watcher.until("that the list has her no more", passed("left", "list"));
  rig.loses = false;
});
