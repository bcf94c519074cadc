import { expect, test } from "bun:test";
import { enterRoom, type Room, type Shown } from "../../client/room.ts";
import { classId, hex, ready } from "./fakes.ts";

const [me, ada, ben] = ["1".repeat(20), "2".repeat(20), "3".repeat(20)];
const peer = (id: string, more: object = {}) => ({
  ...{ peer: id, user: `user ${id[0]}`, role: "student", name: null, since: 1, plain: false },
  ...{ hand: false, mic: true, camera: false, screen: false },
  ...more,
});
const whole = (...peers: object[]) => ({
  ...{ type: "room", class: classId, session: hex("5"), peer: me, media: { kind: "mesh", max: 6 } },
  ...{ locked: false, removed: [], keepsChat: false },
  peers,
});
const change = (peers: object[], gone: string[] = [], of = classId) => ({
  ...{ type: "roomChange", class: of, peers, gone },
});

async function entered(shown: Partial<Shown> = {}) {
  const opened = await ready();
  const link = enterRoom(opened.client, classId, shown);
  const rooms: (Room | null)[] = [];
  link.on("room", (room) => rooms.push(room));
  return { ...opened, link, rooms };
}

test("RO1 our client keeps the room as it is told", async () => {
  const { link, socket, rooms } = await entered({ mic: true });
  expect(socket().sent.at(-1)).toMatchObject({ type: "enter", class: classId, mic: true, hand: false });
  socket().say(whole(peer(ada ?? "")));
  socket().say(change([peer(ben ?? "")], [ada ?? ""], hex("9")));
  socket().say(change([peer(ben ?? ""), peer(me ?? "")], [ada ?? ""]));
  expect(rooms.map((room) => [...(room?.peers.keys() ?? [])])).toEqual([[ada], [ben]]);
  socket().say({ ...change([]), locked: true, removed: [{ user: "eve", name: null }] });
  expect(link.room).toMatchObject({
    peer: me,
    media: { max: 6 },
    locked: true,
    removed: [{ user: "eve", name: null }],
  });
});

test("RO2 after a cut it enters again as the same page, showing what it shows then, and knows nobody in between", async () => {
  const { link, socket, timers, rooms } = await entered();
  const first = socket().sent.at(-1);
  socket().say(whole(peer(ada ?? "")));
  link.show({ hand: true });
  socket().say({ type: "asked", class: classId, what: "mute", by: "teacher" });
  socket().heard.closed(1006);
  expect(link.room).toBeNull();
  await timers.pass(1000);
  socket().heard.opened();
  socket().greet();
  const again = socket().sent.at(-1);
  expect(again).toEqual({ ...Object(first), hand: true, mic: false });
  socket().say(whole());
  expect(rooms.map((room) => room?.peers.size ?? null)).toEqual([1, null, 0]);
});

test("RO10 who is put out, or refused, does not come back by itself", async () => {
  const { link, socket, timers } = await entered();
  const told: string[] = [];
  link.on("left", ({ reason }) => told.push(reason));
  link.on("refused", ({ code }) => told.push(code));
  link.on("said", ({ messages }) => told.push(...messages.map(({ text }) => text)));
  socket().say(whole());
  socket().say({ type: "error", class: classId, code: "peer-not-connected", message: "gone" });
  socket().say({
    type: "said",
    class: classId,
    messages: [{ id: "1", at: 1, user: "ada", name: null, text: "hi" }],
  });
  socket().say({ type: "roomLeft", class: classId, reason: "replaced", message: "elsewhere" });
  expect(link.room).toBeNull();
  socket().heard.closed(1006);
  await timers.pass(1000);
  socket().heard.opened();
  socket().greet();
  link.show({ hand: true });
  expect(JSON.stringify(socket().sent)).not.toMatch(/enter|show/);
  expect(told).toEqual(["peer-not-connected", "hi", "replaced"]);
});

test("RO6 what the teacher asks is shown, and each verb is sent as it is named", async () => {
  const { link, socket } = await entered({ mic: true, hand: true });
  socket().say(whole(peer(ada ?? "")));
  const shown: Shown[] = [];
  link.on("shown", (now) => shown.push(now));
  for (const what of ["mute", "lowerHand", "unmute"])
    socket().say({ type: "asked", class: classId, what, by: "teacher" });
  expect(shown.map(({ mic, hand }) => [mic, hand])).toEqual([
    [false, true],
    [false, false],
  ]);
  socket().take();
  link.mute(null);
  link.askUnmute(ada ?? "");
  link.lowerHand(ada ?? "");
  link.signal(ada ?? "", "offer", { sdp: "v=0" });
  link.say("Which page?");
  link.remove("ada");
  link.letIn("ada");
  link.lock(true);
  link.closeForAll();
  link.leave();
  expect(socket().take()).toEqual([
    { type: "mute", peer: null },
    { type: "askUnmute", peer: ada },
    { type: "lowerHand", peer: ada },
    { type: "signal", to: ada, kind: "offer", data: { sdp: "v=0" } },
    { type: "say", text: "Which page?" },
    { type: "remove", user: "ada" },
    { type: "letIn", user: "ada" },
    { type: "lock", locked: true },
    { type: "closeRoom" },
    { type: "leave" },
  ]);
});

test("C36 after a room that ended, or was shut, the next one is watched as closely", async () => {
  for (const last of [
    { type: "roomLeft", class: classId, reason: "ended", message: "over" },
    { type: "error", class: classId, code: "room-full", message: "full", of: "enter" },
  ]) {
    const { client, link, socket, timers } = await entered();
    // As the page does, which leaves whatever way it hears that it is out.
    link.on("left", () => link.leave());
    link.on("refused", () => link.leave());
    if (last.type === "roomLeft") socket().say(whole());
    socket().say(last);
    enterRoom(client, classId);
    socket().take();
    await timers.pass(3000);
    expect(socket().take()).toEqual([{ type: "ping" }]);
  }
});

test("VW6 whoever leaves and goes in again at once is in, and hears nothing of the leaving", async () => {
  const { client, link, socket } = await entered();
  const parting = (reason: string) => ({ type: "roomLeft", class: classId, reason, message: reason });
  for (const comesLate of [true, false]) {
    socket().say(whole());
    link.leave();
    const again = enterRoom(client, classId);
    const told: string[] = [];
    again.on("left", ({ reason }) => told.push(reason));
    if (!comesLate) socket().say(parting("replaced"));
    socket().say(parting("left"));
    socket().say(whole(peer(ada ?? "")));
    if (comesLate) socket().say(parting("left"));
    socket().say(change([peer(ben ?? "")]));
    expect([told, [...(again.room?.peers.keys() ?? [])]]).toEqual([[], [ada, ben]]);
    socket().say(parting("ended"));
    expect(told).toEqual(["ended"]);
  }
});

const back = async ({ socket, timers }: Awaited<ReturnType<typeof entered>>) => {
  socket().heard.closed(1006);
  await timers.pass(1000);
  socket().heard.opened();
  socket().greet();
};
const refusal = (code: string, of: string) => ({ type: "error", class: classId, code, message: code, of });

test("VW80 who leaves before the server has answered says so all the same, and only where they asked to enter", async () => {
  const its = await entered();
  its.socket().take();
  its.link.leave();
  expect(its.socket().take()).toEqual([{ type: "leave" }]);
  const cut = await entered();
  cut.socket().heard.closed(1006);
  cut.link.leave();
  await cut.timers.pass(1000);
  cut.socket().heard.opened();
  cut.socket().greet();
  expect(JSON.stringify(cut.socket().sent)).not.toMatch(/enter|leave/);
});

test("VW81 where the browser makes no random names, on a page of plain HTTP, the room is entered all the same", async () => {
  const own = Object.getOwnPropertyDescriptor(crypto, "randomUUID");
  Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });
  try {
    const { socket } = await entered();
    const { device } = Object(socket().sent.at(-1));
    expect(device).toMatch(/^[0-9a-f]{32}$/);
  } finally {
    if (own) Object.defineProperty(crypto, "randomUUID", own);
    else Reflect.deleteProperty(crypto, "randomUUID");
  }
});

test("VW82 a way back that the server could not make is tried again, later each time, until it is made or the room is shut", async () => {
  const its = await entered();
  its.socket().say(whole(peer(ada ?? "")));
  await back(its);
  for (let tries = 0; tries < 4; tries += 1) {
    its.socket().take();
    its.socket().say(refusal("could-not-save", "enter"));
    expect(its.socket().sent).toEqual([]);
    await its.timers.pass(500 * 2 ** tries);
    expect(JSON.stringify(its.socket().sent)).toContain(`"type":"enter","class":"${classId}"`);
  }
  its.socket().take();
  its.socket().say(whole(peer(ada ?? "")));
  expect(its.link.room?.peers.size).toBe(1);
  await its.timers.pass(10_000);
  expect(JSON.stringify(its.socket().sent)).not.toContain("enter");
  await back(its);
  its.socket().take();
  its.socket().say(refusal("removed-from-room", "enter"));
  await its.timers.pass(10_000);
  expect(JSON.stringify(its.socket().sent)).not.toContain("enter");
});

test("VW83 what is written has been said once it comes back, and not where it is refused or the socket is cut", async () => {
  const its = await entered();
  const own = (text: string) => ({
    ...{ type: "said", class: classId },
    messages: [{ id: text, at: 1, user: "teacher", name: null, text }],
  });
  expect(await its.link.say("too early")).toBe(false);
  its.socket().say(whole());
  const [one, two, three] = ["one", "two", "three"].map((text) => its.link.say(text));
  its.socket().say(own("one"));
  its.socket().say(refusal("too-fast", "say"));
  its.socket().heard.closed(1006);
  expect(await Promise.all([one, two, three])).toEqual([true, false, false]);
  expect(await its.link.say("in between")).toBe(false);
});

test("VW84 whoever runs the room is told that what cannot be sent was not sent", async () => {
  const its = await entered();
  its.socket().say(whole(peer(ada ?? "")));
  expect([its.link.remove("ada"), its.link.mute(null), its.link.lock(true)]).toEqual([true, true, true]);
  its.socket().heard.closed(1006);
  const { link } = its;
  expect([link.remove("ada"), link.letIn("ada"), link.mute(null), link.askUnmute(ada ?? "")]).toEqual(
    Array(4).fill(false),
  );
  expect([link.lowerHand(null), link.lock(true), link.closeForAll()]).toEqual(Array(3).fill(false));
});

test("VW110 what was shown too fast is shown again once it may be, as it is then, and not by a page that is out", async () => {
  const { link, socket, timers } = await entered();
  socket().say(whole());
  link.show({ mic: true });
  link.show({ mic: false });
  const refused: string[] = [];
  link.on("refused", ({ code }) => refused.push(code));
  for (const mic of [true, false]) {
    socket().say(refusal("too-fast", "show"));
    link.show({ mic });
    socket().take();
    await timers.pass(1000);
    expect(socket().sent.filter((sent) => Object(sent).type === "show")).toEqual([
      { type: "show", hand: false, mic, camera: false, screen: false },
    ]);
  }
  expect(refused).toEqual([]);
  socket().say(refusal("too-fast", "show"));
  link.leave();
  socket().take();
  await timers.pass(2000);
  expect(JSON.stringify(socket().sent)).not.toContain("show");
});
