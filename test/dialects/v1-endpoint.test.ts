import { expect, test } from "bun:test";
import { serverFrame } from "../../protocol/v1.ts";
import type { UserId } from "../../src/core/ids.ts";
import type { Store } from "../../src/ports/store.ts";
import { createMemoryStore } from "../../src/store/memory/index.ts";
import { classId, teacher, user } from "../core/arbitrary.ts";
import { addClass } from "../faults/node.ts";
import { House, type Link, quiet } from "./house.ts";

const [ada, ben] = [user(1), user(2)];

async function open(store: Store = createMemoryStore(), socketsPerUser = 1000) {
  await addClass(store, [ada, ben]);
  return new House(store, { socketsPerUser }).start();
}

/** A socket and all that it was told. */
function socket(house: House) {
  const told: ReturnType<typeof serverFrame.parse>[] = [];
  const codes: number[] = [];
  const link = house.connect({
    frame: (text) => told.push(serverFrame.parse(JSON.parse(text))),
    closed: (code) => codes.push(code),
  });
  const named = (type: string) => told.filter((frame) => frame.type === type);
  return { link, told, codes, named };
}

async function greeted(house: House, who: UserId = teacher) {
  const its = socket(house);
  its.link.send({ type: "hello", token: who });
  await quiet();
  return its;
}

/** Starts the class's session and gives its id. */
async function started(link: Link, told: readonly { readonly type: string }[]): Promise<string> {
  link.send({ type: "start", id: "start", class: classId });
  await quiet();
  return serverFrame.options[4].parse(told.find(({ type }) => type === "ack")).session;
}

const mark = (session: string, id: string, student = ada) => ({
  type: "mark",
  id,
  session,
  student,
  status: "present",
});

test("C10 what is sent after an end or a start is done after it", async () => {
  const house = await open();
  const { link, told, named } = await greeted(house);
  const session = await started(link, told);
  link.send({ type: "end", id: "end", session });
  link.send(mark(session, "late"));
  link.send({ type: "start", id: "next", class: classId });
  await quiet();
  expect(named("refused")).toMatchObject([{ id: "late", code: "no-active-session" }]);
  const [, ended, next] = named("ack");
  expect(ended).toMatchObject({ id: "end", session });
  expect(next).toMatchObject({ id: "next", seq: 1 });
  expect(next).not.toMatchObject({ session });
});

test("C2 one id in two frames at once is one command, on whichever sockets they come", async () => {
  const house = await open();
  const [first, second] = [await greeted(house), await greeted(house)];
  const session = await started(first.link, first.told);
  first.link.send(mark(session, "a"));
  second.link.send(mark(session, "a"));
  first.link.send(mark(session, "b", ada));
  second.link.send(mark(session, "b", ben));
  await quiet();
  expect(first.named("ack").slice(1)).toMatchObject([
    { id: "a", seq: 2 },
    { id: "b", seq: 3 },
  ]);
  expect(second.named("ack")).toMatchObject([{ id: "a", seq: 2 }]);
  expect(second.named("refused")).toMatchObject([{ id: "b", code: "id-reused" }]);
});

test("C2 an id used for another class at the same time is refused", async () => {
  const house = await open();
  const { link, named } = await greeted(house);
  link.send({ type: "start", id: "x", class: classId });
  link.send({ type: "start", id: "x", class: "d".repeat(24) });
  await quiet();
  expect(named("ack")).toHaveLength(1);
  expect(named("refused")).toMatchObject([{ id: "x", code: "id-reused" }]);
});

test("C17 the answers to commands that come to one commit leave together, in the order of the commands", async () => {
  const house = await open();
  const { link, told, named } = await greeted(house);
  const session = await started(link, told);
  const before = link.writes.length;
  for (const id of ["a", "b", "c"]) link.send(mark(session, id));
  await quiet();
  expect(link.writes.slice(before)).toEqual([3]);
  expect(named("ack").slice(1)).toMatchObject([{ id: "a" }, { id: "b" }, { id: "c" }]);
});

test("C11 a frame with an id that is no command is refused by that id, others with an error", async () => {
  const { link, named } = await greeted(await open());
  link.send({ type: "mark", id: "bad", session: "none", student: ada, status: "late" });
  link.send({ type: "wave", id: "unknown" });
  for (const frame of ["{", "[]", '{"type":"mark","id":7}', `{"id":"${"x".repeat(65)}"}`]) link.send(frame);
  await quiet();
  expect(named("refused")).toMatchObject([
    { id: "bad", code: "invalid-schema" },
    { id: "unknown", code: "invalid-schema" },
  ]);
  expect(named("error")).toMatchObject(Array(4).fill({ code: "bad-frame" }));
});

test("C12 sockets that go while they say hello leave no trace", async () => {
  const store = createMemoryStore();
  const house = await open(store, 2);
  const { idsOf } = store.classes;
  for (let times = 0; times < 5; times++) {
    const { link } = socket(house);
    store.classes.idsOf = (id) => {
      link.cut();
      return idsOf(id);
    };
    link.send({ type: "hello", token: teacher });
    await quiet();
  }
  store.classes.idsOf = idsOf;
  const { named, codes } = await greeted(house);
  expect(codes).toEqual([]);
  expect(named("ready")).toHaveLength(1);
});

test("C12 nothing is heard of a socket whose first frame was wrong", async () => {
  const house = await open(createMemoryStore(), 1);
  const { link, told, codes } = socket(house);
  link.send({ type: "hello" });
  link.send({ type: "hello", token: teacher });
  await quiet();
  expect({ told, codes }).toEqual({ told: [], codes: [4400] });
  expect(house.hub.isFull(teacher)).toBe(false);
});

test("C13 where the store cannot be read the socket is closed with 1011", async () => {
  const store = createMemoryStore();
  const house = await open(store);
  const { link, codes } = await greeted(house);
  store.sessions.head = () => Promise.reject(new Error("gone"));
  link.send({ type: "resume", session: "a".repeat(24), after: 1 });
  await quiet();
  expect(codes).toEqual([1011]);
  store.classes.idsOf = () => Promise.reject(new Error("gone"));
  expect((await greeted(house)).codes).toEqual([1011]);
  expect(house.troubles).toHaveLength(2);
});

test("C13 where the ids cannot be read the command is refused, and the next one works", async () => {
  const store = createMemoryStore();
  const house = await open(store);
  const { link, told, named } = await greeted(house);
  const session = await started(link, told);
  const { commandsOf } = store.sessions;
  store.sessions.commandsOf = () => Promise.reject(new Error("gone"));
  link.send({ type: "end", id: "a", session: "f".repeat(24) });
  link.send(mark(session, "b"));
  await quiet();
  store.sessions.commandsOf = commandsOf;
  link.send(mark(session, "b"));
  await quiet();
  expect(named("refused").map((frame) => "code" in frame && frame.code)).toEqual([
    "could-not-save",
    "could-not-save",
  ]);
  expect(named("ack").at(-1)).toMatchObject({ id: "b", seq: 2 });
});

test("C6 a student who is withdrawn hears of it, and nothing more of the class, whatever was asked", async () => {
  const house = await open();
  const { link, told } = await greeted(house);
  const session = await started(link, told);
  const seat = await greeted(house, ada);
  const before = seat.told.length;
  const withdrawn = house.place(ada, false);
  seat.link.send({ type: "resume", session, after: 0 });
  await withdrawn;
  link.send(mark(session, "a", ben));
  await quiet();
  seat.link.send({ type: "resume", session, after: 0 });
  await quiet();
  const after = seat.told.slice(before);
  const parting = after.findIndex((frame) => frame.type === "member");
  expect(after[parting]).toEqual({ type: "member", class: classId, joined: false });
  expect(after.slice(parting + 1)).toMatchObject([{ type: "error", code: "unknown-session", session }]);
});

test("C5 whoever was told that a session is none of theirs, and becomes a member, gets it whole", async () => {
  const house = await open();
  const { link, told } = await greeted(house);
  const session = await started(link, told);
  const cyd = user(3);
  const seat = socket(house);
  seat.link.send({ type: "hello", token: cyd, after: { [session]: 1 } });
  await quiet();
  await house.place(cyd, true);
  await quiet();
  expect(seat.told.map(({ type }) => type)).toEqual(["hello", "error", "ready", "member", "snapshot"]);
});

test("C5 where the events would be more than a class, the answer is a snapshot", async () => {
  const house = await open();
  const { link, told } = await greeted(house);
  const session = await started(link, told);
  const large = Array.from({ length: 98 }, (_, n) => house.place(user(100 + n), true));
  await Promise.all(large);
  const answer = async (after: number) => {
    const before = told.length;
    link.send({ type: "resume", session, after });
    await quiet();
    return told.slice(before).map(({ type }) => type);
  };
  for (let times = 0; times < 100; times++)
    link.send({ type: "markMany", id: `${times}`, session, whom: "all", status: "present" });
  await quiet();
  expect(await answer(99)).toEqual(["events"]);
  link.send({ type: "markMany", id: "one more", session, whom: "all", status: "present" });
  await quiet();
  expect(await answer(99)).toEqual(["snapshot"]);
  expect(await answer(100)).toEqual(["events"]);
});
