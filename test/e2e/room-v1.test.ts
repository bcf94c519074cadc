import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { withdraw } from "./class-verbs.ts";
import { enter as enterIo, leave as leaveIo } from "./io-client.ts";
import { endSession, join, student } from "./people.ts";
import { connect } from "./plain-client.ts";
import { met, running, Seat, told } from "./room-seat.ts";
import { startServer } from "./server.ts";
import { V1Socket } from "./v1-socket.ts";

setDefaultTimeout(60_000);
const server = await startServer({
  ...{ VIDEO_MESH_MAX: "4", SIGNALS_PER_S: "50", SIGNALS_BURST: "60" },
  ...{ SHOWS_PER_S: "1", SHOWS_BURST: "10" },
});
afterAll(() => server.dispose());

const nowhere = { type: "error", code: "not-in-room" };
const noPeer = { type: "error", code: "peer-not-connected", message: "target peer not connected" };
const changed = (peers: object[], gone: string[] = []) => ({ type: "roomChange", peers, gone });

test("RO1 who enters is told of everyone there and what they show, they of the newcomer, and nobody outside", async () => {
  const of = await running(server, 3);
  const [ada, ben, cleo] = [student(of, 0), student(of, 1), student(of, 2)];
  const outside = await V1Socket.ready(server, { token: cleo.token });
  const desk = await Seat.take(server, of, of.teacher, { mic: true });
  expect(desk.found).toMatchObject({ class: of.classId, media: { kind: "mesh", max: 4 }, peers: [] });
  const first = await Seat.take(server, of, ada, { hand: true, device: "a" });
  const shown = { mic: false, camera: false, screen: false, plain: false };
  const adas = { peer: first.peer, user: ada.id, role: "student", name: ada.name, hand: true, ...shown };
  expect(first.found.peers).toMatchObject([
    { peer: desk.peer, user: of.teacher.id, role: "teacher", mic: true },
  ]);
  expect(await desk.hears()).toMatchObject([changed([adas])]);
  const second = await Seat.take(server, of, ben);
  expect(second.found.peers.map(({ peer }) => peer)).toEqual([desk.peer, first.peer]);
  second.send({ type: "leave" });
  expect(await second.told()).toMatchObject([{ type: "roomLeft", reason: "left", class: of.classId }]);
  for (const seat of [desk, first])
    expect(await seat.told()).toMatchObject([changed([{ peer: second.peer }]), changed([], [second.peer])]);
  expect(await told(outside)).toEqual([]);
});

test("RO2 a page is the same peer after a cut, in the place of its lost socket; a second page is a second peer", async () => {
  const { of, desk, ada } = await met(server);
  const page = await Seat.take(server, of, ada.person, { device: "page", mic: true });
  const back = await Seat.take(server, of, ada.person, { device: "page", mic: true });
  expect(back.peer).toBe(page.peer);
  expect(back.found.peers.map(({ peer }) => peer)).toContain(ada.peer);
  expect(await page.told()).toMatchObject([{ type: "roomLeft", reason: "replaced" }]);
  page.send({ type: "show", hand: true });
  expect(await page.told()).toMatchObject([nowhere]);
  page.socket.close();
  expect(await desk.told()).toMatchObject([changed([{ peer: page.peer }]), changed([{ peer: page.peer }])]);
  const same = await Seat.take(server, of, of.teacher, { device: "page" });
  expect(same.peer).not.toBe(page.peer);
});

test("RO2 entering the same room again tells it anew and changes nothing", async () => {
  const { of, desk, ada } = await met(server);
  ada.send({ type: "enter", class: of.classId, hand: true });
  const [whole, own] = await ada.told();
  expect(whole).toMatchObject({ type: "room", peer: ada.peer });
  expect(own).toMatchObject(changed([{ peer: ada.peer, hand: true }]));
  expect(await desk.told()).toMatchObject([changed([{ peer: ada.peer, hand: true }])]);
});

test("RO3 what a peer shows is told once, where it changed", async () => {
  const { desk, ada, ben } = await met(server);
  ada.send({ type: "show", hand: true, mic: true });
  ada.send({ type: "show", mic: true });
  ada.send({ type: "show", hand: false, screen: true });
  await ada.told();
  for (const seat of [desk, ben])
    expect(await seat.told()).toMatchObject([
      changed([{ peer: ada.peer, hand: true, mic: true, screen: false }]),
      changed([{ peer: ada.peer, hand: false, mic: true, screen: true }]),
    ]);
});

test("RO4 a signal goes as it was sent to the one peer, and from nobody but a peer of the room", async () => {
  const { desk, ada, ben } = await met(server);
  const data = { sdp: "v=0", list: [1, { a: null }], fromId: "as it was", to: "x" };
  for (const kind of ["offer", "answer", "candidate"]) {
    ada.send({ type: "signal", to: ben.peer, kind, data });
    const [signal] = await ben.hears();
    expect(signal).toMatchObject({ type: "signal", from: ada.peer, kind });
    expect(signal && "data" in signal && signal.data).toEqual(data);
  }
  const others = await met(server);
  for (const to of [ada.peer, others.ada.peer, "0".repeat(20)])
    ada.send({ type: "signal", to, kind: "offer", data });
  expect(await ada.told()).toMatchObject([noPeer, noPeer, noPeer]);
  const outside = await V1Socket.ready(server, { token: ada.person.token });
  outside.send({ type: "signal", to: ben.peer, kind: "offer", data });
  expect(await told(outside)).toMatchObject([noPeer]);
  for (const seat of [desk, ben, ...others.all]) expect(await seat.told()).toEqual([]);
});

test("RO5 a thousand candidates a second and an offer of a megabyte end their sender's socket alone", async () => {
  const { ada, ben, desk } = await met(server);
  for (let n = 0; n < 200; n++)
    ada.send({ type: "signal", to: ben.peer, kind: "candidate", data: { candidate: `candidate:${n}` } });
  expect(await ada.socket.closed()).toBe(1008);
  const heard = (await ben.told()).filter(({ type }) => type === "signal").length;
  expect(heard).toBeGreaterThan(50);
  expect(heard).toBeLessThan(150);
  ben.send({ type: "signal", to: desk.peer, kind: "offer", data: { sdp: "v".repeat(1024 ** 2) } });
  expect(await ben.socket.closed()).toBe(1009);
  const news = await desk.hears();
  expect(JSON.stringify(news)).toContain(ada.peer);
  desk.send({ type: "show", hand: true });
  expect((await desk.told()).at(-1)).toMatchObject(changed([{ peer: desk.peer, hand: true }]));
});

test("RO66 showing and coming in faster than is good for the others is refused, and told to nobody", async () => {
  const { of, desk, ada } = await met(server);
  for (let n = 0; n < 100; n++) ada.send({ type: "show", hand: n % 2 === 0 });
  const refused = (await ada.told()).filter((frame) => frame.type === "error" && frame.code === "too-fast");
  expect(refused.length).toBeGreaterThan(80);
  const told = (await desk.told()).length;
  expect(told).toBeGreaterThan(5);
  expect(told).toBeLessThan(20);
  for (let n = 0; n < 20; n++) ada.send({ type: "enter", class: of.classId });
  const entered = (await ada.told()).filter(({ type }) => type === "room");
  expect(entered.length).toBeLessThan(10);
});

test("RO66 who goes out and in by the plain dialect faster than is good for the others is not heard", async () => {
  const { of, desk } = await met(server);
  const plain = await connect(server, student(of, 0));
  for (let n = 0; n < 200; n++) {
    plain.send("JOIN_ROOM", { classId: of.classId });
    plain.send("LEAVE_ROOM");
  }
  expect(await plain.heard()).toEqual([]);
  const told = (await desk.told()).length;
  expect(told).toBeGreaterThan(5);
  expect(told).toBeLessThan(40);
});

test("RO6 the teacher mutes one and all, asks to unmute, and lowers hands: the room and the peer are told", async () => {
  const { of, desk, ada, ben } = await met(server);
  for (const seat of [desk, ada, ben]) seat.send({ type: "show", mic: true, hand: true });
  for (const seat of [desk, ada, ben, desk, ada]) await seat.told();
  desk.send({ type: "mute", peer: ada.peer });
  desk.send({ type: "askUnmute", peer: ada.peer });
  await desk.told();
  const by = of.teacher.id;
  const muted = changed([{ peer: ada.peer, mic: false, hand: true }]);
  expect(await ada.told()).toMatchObject([
    muted,
    { type: "asked", what: "mute", by },
    { type: "asked", what: "unmute", by },
  ]);
  expect(await ben.told()).toMatchObject([muted]);
  desk.send({ type: "lowerHand", peer: null });
  desk.send({ type: "mute", peer: null });
  await desk.told();
  expect((await ben.told()).filter(({ type }) => type === "asked")).toMatchObject([
    { what: "lowerHand" },
    { what: "mute" },
  ]);
  const again = await Seat.take(server, of, of.teacher);
  const now = again.found.peers.map(({ peer, mic, hand }) => [peer, mic, hand]);
  expect(now).toEqual([
    [desk.peer, true, true],
    [ada.peer, false, false],
    [ben.peer, false, false],
  ]);
});

test("RO7 students are refused what is the teacher's, and a teacher out of the room is too", async () => {
  const { of, desk, ada, ben } = await met(server);
  const controls = [
    { type: "mute", peer: ben.peer },
    { type: "mute", peer: null },
    { type: "askUnmute", peer: ben.peer },
    { type: "lowerHand", peer: ben.peer },
    { type: "lowerHand", peer: null },
  ];
  for (const control of controls) {
    ada.send(control);
    expect(await ada.told()).toMatchObject([{ type: "error", code: "teacher-only", class: of.classId }]);
  }
  const outside = await V1Socket.ready(server, { token: of.teacher.token });
  for (const control of controls) outside.send(control);
  expect(await told(outside)).toMatchObject(controls.map(() => nowhere));
  desk.send({ type: "mute", peer: "0".repeat(20) });
  expect(await desk.told()).toMatchObject([noPeer]);
  for (const seat of [desk, ben]) expect(await seat.told()).toEqual([]);
});

test("RO8 a mesh holds so many, the last place is the teacher's, and who does not fit is told how many", async () => {
  const of = await running(server, 4);
  const seats = [];
  for (const n of [0, 1, 2]) seats.push(await Seat.take(server, of, student(of, n)));
  const late = await V1Socket.ready(server, { token: student(of, 3).token });
  const enter = { type: "enter", class: of.classId };
  late.send(enter);
  const message = "The room is full";
  const full = { type: "error", code: "room-full", message, of: "enter", class: of.classId, max: 4 };
  expect(await told(late)).toEqual([Object(full)]);
  await Seat.take(server, of, of.teacher);
  late.send(enter);
  expect(await told(late)).toMatchObject([full]);
  seats[0]?.send({ type: "leave" });
  await seats[0]?.told();
  late.send(enter);
  expect(await told(late)).toMatchObject([{ type: "room", class: of.classId }]);
});

test("RO9 clients of all dialects meet in one room, each in its own words", async () => {
  const { of, desk, ada } = await met(server, 4);
  const [plain, io] = [await connect(server, student(of, 2)), await enterIo(server, student(of, 3))];
  plain.send("JOIN_ROOM", { classId: of.classId });
  expect(await plain.heard()).toEqual([]);
  io.send("JOIN_ROOM", { classId: of.classId });
  const joined = await plain.until("PEER_JOINED");
  expect(joined.at(-1)).toMatchObject({ data: { userId: student(of, 3).id } });
  const [came, cameIo] = await desk.told();
  expect(cameIo).toMatchObject(changed([{ user: student(of, 3).id, plain: true }]));
  const to = came && "peers" in came ? (came.peers[0]?.peer ?? "") : "";
  desk.send({ type: "signal", to, kind: "offer", data: { sdp: "v=0", fromId: "nobody" } });
  const [targetId, fromId] = [student(of, 2).id, of.teacher.id];
  expect(await plain.next()).toEqual({
    event: "WEBRTC_OFFER",
    data: { sdp: "v=0", targetId, fromId, fromRole: "teacher" },
  });
  plain.send("WEBRTC_ANSWER", { targetId: of.teacher.id, sdp: "v=1" });
  const data = { sdp: "v=1", targetId: of.teacher.id, fromId: student(of, 2).id, fromRole: "student" };
  const answered = { type: "signal", class: of.classId, from: to, kind: "answer", data };
  expect(await desk.hears()).toEqual([Object(answered)]);
  plain.send("WEBRTC_OFFER", { targetId: student(of, 2).id });
  expect(await plain.next()).toEqual({ event: "ERROR", data: { message: noPeer.message } });
  desk.send({ type: "mute", peer: null });
  ada.send({ type: "leave" });
  expect(await plain.next()).toEqual({ event: "PEER_LEFT", data: { userId: ada.person.id } });
  plain.send("LEAVE_ROOM");
  expect(await plain.heard()).toEqual([]);
  const muted = (n: number) => changed([{ user: student(of, n).id, muted: true }]);
  expect(await desk.told()).toMatchObject([muted(2), muted(3), changed([], [ada.peer]), changed([], [to])]);
  leaveIo(io);
});

test("RO10 a student who is withdrawn and everyone at the session's end are put out and told why", async () => {
  const { of, desk, ada, ben } = await met(server);
  expect((await withdraw(server, of.classId, ben.person.id, of.teacher)).status).toBe(200);
  expect(await ben.hears()).toMatchObject([{ type: "roomLeft", reason: "notMember" }]);
  expect(await desk.hears()).toMatchObject([changed([], [ben.peer])]);
  await ada.told();
  await endSession(server, of.teacher, of.classId);
  for (const seat of [desk, ada]) {
    expect(await seat.hears()).toMatchObject([
      { type: "roomLeft", reason: "sessionEnded", class: of.classId },
    ]);
    seat.send({ type: "enter", class: of.classId });
    expect(await seat.told()).toMatchObject([
      { type: "error", code: "no-active-session", class: of.classId },
    ]);
  }
});

test("V3 strangers, foreign teachers and whatever is no frame are refused", async () => {
  const { of, desk } = await met(server);
  const tries = [
    [await join(server, "student"), "not-enrolled"],
    [await join(server, "teacher"), "not-class-teacher"],
  ] as const;
  for (const [who, code] of tries) {
    const socket = await V1Socket.ready(server, { token: who.token });
    socket.send({ type: "enter", class: of.classId });
    expect(await told(socket)).toMatchObject([{ type: "error", code, class: of.classId }]);
  }
  const wrong = [
    { type: "enter", class: of.classId, device: "no spaces" },
    { type: "signal", to: "everyone", kind: "offer", data: {} },
    { type: "signal", to: desk.peer, kind: "hello", data: {} },
    { type: "signal", to: desk.peer, kind: "offer", data: "v=0" },
    { type: "show", hand: "up" },
  ];
  for (const frame of wrong) {
    desk.send(frame);
    expect(await desk.told()).toMatchObject([{ type: "error", code: "bad-frame" }]);
  }
});
