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
