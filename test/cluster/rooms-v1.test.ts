import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { parseNews } from "../../src/cluster/news.ts";
import { until } from "../client/network.ts";
import { school, startSession, student } from "../e2e/people.ts";
import { connect } from "../e2e/plain-client.ts";
import { Seat, told } from "../e2e/room-seat.ts";
import { V1Socket } from "../e2e/v1-socket.ts";
import { TestNodes } from "./nodes.ts";

setDefaultTimeout(60_000);
let nodes: TestNodes;
beforeAll(async () => {
  nodes = await TestNodes.start();
});
afterAll(() => nodes.end());

async function lesson() {
  const of = await school(nodes.node(0), 2);
  await startSession(nodes.node(1), of.teacher, of.classId);
  return { of, ada: student(of, 0), ben: student(of, 1) };
}

/** Everything that the seat was told until something of it is so. */
async function untilTold(seat: Seat, what: string, text: string): Promise<string> {
  const said = () => JSON.stringify(seat.socket.frames);
  await until(what, () => said().includes(text), said);
  const all = said();
  seat.socket.frames.splice(0);
  return all;
}

test("RO11 peers, what they show, signals and the teacher's controls reach every node", async () => {
  const { of, ada, ben } = await lesson();
  const desk = await Seat.take(nodes.node(0), of, of.teacher);
  const first = await Seat.take(nodes.node(1), of, ada, { mic: true, hand: true });
  await untilTold(desk, "Ada", first.peer);
  const second = await Seat.take(nodes.node(2), of, ben);
  for (const seat of [desk, first]) await untilTold(seat, "Ben", second.peer);
  first.send({ type: "signal", to: second.peer, kind: "offer", data: { sdp: "v=0" } });
  const offer = { type: "signal", class: of.classId, from: first.peer, kind: "offer", data: { sdp: "v=0" } };
  expect(await untilTold(second, "an offer", '"signal"')).toContain(JSON.stringify(offer));
  desk.send({ type: "mute", peer: first.peer });
  desk.send({ type: "lowerHand", peer: null });
  const asked = await untilTold(first, "the teacher's wishes", '"lowerHand"');
  expect(asked).toContain('"what":"mute"');
  for (const seat of [desk, second]) await untilTold(seat, "what Ada shows", '"hand":false,"mic":false');
  first.send({ type: "leave" });
  for (const seat of [desk, second]) await untilTold(seat, "Ada gone", `"gone":["${first.peer}"]`);
});

test("RO11 a page that comes back by another node is the same peer, and its old socket is out", async () => {
  const { of, ada } = await lesson();
  const desk = await Seat.take(nodes.node(0), of, of.teacher);
  const page = await Seat.take(nodes.node(1), of, ada, { device: "page" });
  await untilTold(desk, "Ada", page.peer);
  const back = await Seat.take(nodes.node(2), of, ada, { device: "page", hand: true });
  expect(back.peer).toBe(page.peer);
  await untilTold(page, "that it is replaced", '"replaced"');
  await untilTold(desk, "the new socket", '"hand":true');
  page.socket.close();
  desk.send({ type: "signal", to: back.peer, kind: "offer", data: { n: 1 } });
  await untilTold(back, "the offer", '"n":1');
  back.socket.close();
  expect(await untilTold(desk, "Ada gone", '"gone":["')).toContain(back.peer);
});

test("RO10 the session's end puts everybody out, on every node", async () => {
  const { of, ada } = await lesson();
  const desk = await Seat.take(nodes.node(0), of, of.teacher);
  const first = await Seat.take(nodes.node(1), of, ada);
  desk.send({ type: "end", id: "the end", session: desk.found.session });
  for (const seat of [desk, first]) await untilTold(seat, "the end", '"sessionEnded"');
});

test("RO11 who is removed is out on every node, and what the teacher says of the door holds on all", async () => {
  const { of, ada, ben } = await lesson();
  const desk = await Seat.take(nodes.node(0), of, of.teacher);
  const first = await Seat.take(nodes.node(1), of, ada);
  await untilTold(desk, "Ada", first.peer);
  desk.send({ type: "remove", user: ada.id });
  await untilTold(first, "that she is removed", '"reason":"removed"');
  await untilTold(desk, "Ada gone", `"gone":["${first.peer}"]`);
  for (const node of [1, 2]) {
    const socket = await V1Socket.ready(nodes.node(node), { token: ada.token });
    socket.send({ type: "enter", class: of.classId });
    expect(await told(socket)).toMatchObject([{ type: "error", code: "removed-from-room" }]);
  }
  const second = await Seat.take(nodes.node(2), of, ben);
  await untilTold(desk, "Ben", second.peer);
  desk.send({ type: "closeRoom" });
  for (const seat of [desk, second]) await untilTold(seat, "the end of the call", '"reason":"ended"');
  second.send({ type: "enter", class: of.classId });
  await untilTold(second, "a refusal", '"room-ended"');
});

test("RO11 what is said is heard on every node, once", async () => {
  const { of, ada } = await lesson();
  const desk = await Seat.take(nodes.node(0), of, of.teacher);
  const first = await Seat.take(nodes.node(1), of, ada);
  await untilTold(desk, "Ada", first.peer);
  first.send({ type: "say", text: "Which page?" });
  desk.send({ type: "say", text: "Page 3" });
  for (const [seat, text] of [
    [desk, "Which page?"],
    [first, "Page 3"],
  ] as const)
    expect((await untilTold(seat, "what was said", text)).split(text)).toHaveLength(2);
});

test("RO62 RO64 mute and the number of one's sockets hold over all servers", async () => {
  const { of, ada, ben } = await lesson();
  const desk = await Seat.take(nodes.node(0), of, of.teacher);
  const page = await Seat.take(nodes.node(2), of, ada);
  const plain = await connect(nodes.node(1), ben);
  plain.send("JOIN_ROOM", { classId: of.classId });
  await untilTold(desk, "Ben", `"user":"${ben.id}"`);
  await untilTold(page, "Ben", `"user":"${ben.id}"`);
  desk.send({ type: "mute", peer: null });
  for (const seat of [desk, page]) await untilTold(seat, "that Ben is muted", '"muted":true');
  const pages = [];
  for (const node of [0, 1, 2, 0]) pages.push(await Seat.take(nodes.node(node), of, ben));
  const [first] = pages;
  if (first) await untilTold(first, "that the oldest page is out", '"reason":"replaced"');
});

test("RO62 a server that knows nothing of muting is understood", () => {
  const peer = {
    ...{ socket: "s", id: "0".repeat(20), user: "ada000000000000000000001", name: null, role: "student" },
    ...{ since: 1, plain: true, place: 1, hand: false, mic: false, camera: false, screen: false },
  };
  const news = { kind: "room", from: "n", version: 1, session: null, isCall: false, peers: [peer] };
  expect(parseNews(JSON.stringify(news))).toMatchObject({ peers: [{ ...peer, muted: false }] });
});
