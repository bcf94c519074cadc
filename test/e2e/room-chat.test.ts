import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { z } from "zod";
import { ADMIN_ENV, adminOf } from "./admin.ts";
import { patch } from "./class-verbs.ts";
import { call, dataOf, get } from "./http.ts";
import { student } from "./people.ts";
import { met, Seat, told } from "./room-seat.ts";
import { startServer } from "./server.ts";
import { V1Socket } from "./v1-socket.ts";

setDefaultTimeout(60_000);
const server = await startServer({
  CHAT_CHARS_MAX: "20",
  CHAT_PER_S: "1",
  CHAT_BURST: "3",
  CHAT_SHOWN_MAX: "2",
});
afterAll(() => server.dispose());

const saying = (text: string, who: Seat) => ({ user: who.person.id, name: who.person.name, text });
const heard = async (seat: Seat) =>
  (await seat.told()).flatMap((frame) => (frame.type === "said" ? frame.messages : []));
const Mine = z.object({ said: z.array(z.object({ text: z.string() })) });

test("RO21 what one says is told to everyone in the room, the sender among them, and to nobody else", async () => {
  const lesson = await met(server, 3);
  const { of, desk, ada, ben } = lesson;
  const outside = await V1Socket.ready(server, { token: student(of, 2).token });
  expect(ada.found.keepsChat).toBe(false);
  ada.send({ type: "say", text: "Which page?" });
  const [own] = await heard(ada);
  expect(own).toMatchObject(saying("Which page?", ada));
  for (const seat of [desk, ben]) expect(await heard(seat)).toEqual([Object(own)]);
  expect(await told(outside)).toEqual([]);
  outside.send({ type: "say", text: "hello" });
  expect(await told(outside)).toMatchObject([{ type: "error", code: "not-in-room" }]);
  expect((await Seat.take(server, of, student(of, 2))).found.keepsChat).toBe(false);
  expect(Mine.parse(dataOf(await get(server, "/account/data", ada.person.token))).said).toEqual([]);
});

test("RO21 messages that are too long, blank or too many are refused, and nothing closes", async () => {
  const { desk, ada } = await met(server);
  for (const text of ["x".repeat(21), "", " \n", "\u200b", "1", "2", "3", "4"])
    ada.send({ type: "say", text });
  const errors = (await ada.told()).flatMap((frame) => (frame.type === "error" ? frame.code : []));
  expect(errors).toEqual(["too-long", "bad-frame", "bad-frame", "bad-frame", "too-fast"]);
  expect((await heard(desk)).map(({ text }) => text)).toEqual(["1", "2", "3"]);
});

test("RO22 a class that wants it keeps what is said with the session, for who comes later and after a restart", async () => {
  const own = await startServer({ ...ADMIN_ENV, CHAT_SHOWN_MAX: "2" });
  const { of, ada, ben } = await met(own);
  expect(dataOf(await patch(own, of.classId, { keepsChat: true }, of.teacher))).toMatchObject({
    keepsChat: true,
  });
  for (const [seat, text] of [
    [ada, "one"],
    [ben, "two"],
    [ada, "three"],
  ] as const) {
    seat.send({ type: "say", text });
    await seat.told();
  }
  await own.restart();
  const desk = await Seat.take(own, of, of.teacher);
  expect(desk.found.keepsChat).toBe(true);
  expect(await heard(desk)).toMatchObject([saying("two", ben), saying("three", ada)]);
  const { said } = Mine.parse(dataOf(await get(own, "/account/data", ada.person.token)));
  expect(said.map(({ text }) => text)).toEqual(["one", "three"]);
  const admin = await adminOf(own);
  dataOf(await call(own, "POST", `/admin/users/${ada.person.id}/erase`, { token: admin.token }));
  expect(await heard(await Seat.take(own, of, of.teacher))).toMatchObject([saying("two", ben)]);
  await own.dispose();
});

test("RO22 students do not settle what is kept", async () => {
  const { of, ada } = await met(server);
  expect((await patch(server, of.classId, { keepsChat: true }, ada.person)).status).toBe(403);
});

test("RO63 those in the room are told that what is said is kept from now on, and what was said before is not", async () => {
  const { of, desk, ada, ben } = await met(server);
  ada.send({ type: "say", text: "before" });
  await ada.told();
  await patch(server, of.classId, { keepsChat: true }, of.teacher);
  for (const seat of [desk, ada, ben])
    expect((await seat.told()).at(-1)).toMatchObject({ type: "roomChange", keepsChat: true, peers: [] });
  ada.send({ type: "say", text: "after" });
  await ada.told();
  const kept = () =>
    get(server, "/account/data", ada.person.token).then((answer) => Mine.parse(dataOf(answer)));
  expect((await kept()).said).toMatchObject([{ text: "after" }]);
  await patch(server, of.classId, { keepsChat: false }, of.teacher);
  expect((await ada.told()).at(-1)).toMatchObject({ type: "roomChange", keepsChat: false });
});

test("RO66 who enters again where they are is told nothing of the chat again", async () => {
  const { of, ada } = await met(server);
  await patch(server, of.classId, { keepsChat: true }, of.teacher);
  ada.send({ type: "say", text: "once" });
  await ada.told();
  for (let again = 0; again < 3; again++) ada.send({ type: "enter", class: of.classId });
  const news = await ada.told();
  expect(news.map(({ type }) => type)).toEqual(["room", "room", "room"]);
});
