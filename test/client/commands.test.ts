import { expect, test } from "bun:test";
import { type CommandState, memoryStorage, type Queued, type QueueStorage } from "../../client/index.ts";
import { commandFrame } from "../../protocol/v1.ts";
import { classId, events, marked, open, ready, session, settle, snapshot } from "./fakes.ts";

const ack = (id: string, seq = 4) => ({ type: "ack", id, session, seq });
const refused = (id: string, code = "student-not-enrolled") => ({ type: "refused", id, code, message: "No" });

test("C28 each command is a frame of the protocol with an id of its own, and its outcome is the answer", async () => {
  const { client, socket } = await ready();
  const sent = [
    client.start(classId),
    client.mark(session, "ada", "present"),
    client.markMany(session, "rest", "absent"),
    client.markMany(session, ["ada", "ben"], "absent"),
    client.undo(session, 3),
    client.end(session),
  ];
  const frames = socket()
    .take()
    .map((frame) => commandFrame.parse(frame));
  expect(frames.map(({ type }) => type)).toEqual(["start", "mark", "markMany", "markMany", "undo", "end"]);
  expect(new Set(frames.map(({ id }) => id)).size).toBe(6);
  expect(frames.map(({ id }) => id)).toEqual(sent.map(({ id }) => id));
  for (const { id } of sent.slice(0, 3)) socket().say(ack(id));
  for (const { id } of sent.slice(3)) socket().say(refused(id));
  const outcomes = await Promise.all(sent.map(({ outcome }) => outcome));
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true, false, false, false]);
  expect(outcomes[0]).toEqual({ ok: true, session, seq: 4 });
  expect(outcomes[5]).toEqual({ ok: false, code: "student-not-enrolled", message: "No" });
  expect(client.waiting).toEqual([]);
});

test("C28 what was not answered is sent again after each loss, in order, until it is answered", async () => {
  const { client, timers, socket } = await ready();
  const again = async () => {
    socket().heard.closed(1006);
    await timers.pass(timers.wait);
    socket().heard.opened();
    expect(socket().take()).toHaveLength(1);
    socket().greet();
    return socket()
      .take()
      .map((frame) => commandFrame.parse(frame).id);
  };
  const [a, b, c] = ["ada", "ben", "cyd"].map((student) => client.mark(session, student, "present").id);
  socket().say(ack(`${b}`));
  expect(await again()).toEqual([`${a}`, `${c}`]);
  const late = client.end(session).id;
  socket().say(refused(`${a}`));
  socket().say(ack(`${a}`));
  expect(await again()).toEqual([`${c}`, late]);
  socket().say(ack(`${c}`));
  socket().say(ack(late));
  expect(await again()).toEqual([]);
});

test("C28 what is asked while there is no connection waits for one", async () => {
  const { client, socket } = await open();
  const { id } = client.mark(session, "ada", "present");
  socket().heard.opened();
  expect(socket().take()).toMatchObject([{ type: "hello" }]);
  socket().greet();
  expect(socket().take()).toMatchObject([{ type: "mark", id }]);
});

test("C29 never more than 256 wait for their answer at once", async () => {
  const { client, socket } = await ready();
  for (let n = 0; n < 1000; n++) client.mark(session, `${n}`, "present");
  const answered: string[] = [];
  for (let sent = socket().take(); sent.length > 0; sent = socket().take()) {
    const ids = sent.map((frame) => commandFrame.parse(frame).id);
    expect(ids.length).toBeLessThanOrEqual(256);
    answered.push(...ids);
    for (const id of ids) socket().say(ack(id));
  }
  expect(new Set(answered).size).toBe(1000);
});

test("C29 a command larger than a frame may be is refused at once, and so is the largest after a 1009", async () => {
  const { client, timers, socket } = await ready();
  const many = (count: number) => Array.from({ length: count }, (_, n) => `student ${n} with a long id`);
  expect(await client.markMany(session, many(5000), "present").outcome).toMatchObject({ code: "too-large" });
  expect(socket().take()).toEqual([]);
  const small = client.mark(session, "ada", "present");
  const large = client.markMany(session, many(200), "present");
  socket().heard.closed(1009);
  expect(await large.outcome).toMatchObject({ ok: false, code: "too-large" });
  await timers.pass(timers.wait);
  socket().heard.opened();
  socket().greet();
  expect(socket().take().slice(1)).toMatchObject([{ id: small.id }]);
});

test("C30 commands outlive the page by their storage: the next client sends them first, in their order", async () => {
  const storage = memoryStorage();
  const before = await ready({ storage });
  const ids = ["ada", "ben", "cyd"].map((student) => before.client.mark(session, student, "present").id);
  before.socket().say(ack(`${ids[1]}`));
  await settle();
  before.client.close();
  const offline = await open({ storage });
  offline.client.close();
  const after = await open({ storage: slow(storage) });
  const fresh = after.client.mark(session, "dan", "present").id;
  expect(after.sockets).toHaveLength(0);
  for (let turns = 0; turns < 4; turns++) await settle();
  after.socket().heard.opened();
  after.socket().greet();
  const sent = after.socket().take();
  expect(sent).toMatchObject([{ type: "hello" }, { id: ids[0] }, { id: ids[2] }, { id: fresh }]);
  const told: CommandState[] = [];
  after.client.on("command", (state) => told.push(state));
  for (const id of [ids[0], ids[2], fresh]) after.socket().say(ack(`${id}`));
  expect(told.map(({ state }) => state)).toEqual(["saved", "saved", "saved"]);
  await settle();
  expect(await storage.load()).toEqual([]);
});

/** Answers a few turns later. */
function slow(storage: QueueStorage): QueueStorage {
  return { ...storage, load: () => settle().then(settle).then(storage.load) };
}

test("C30 commands of another user are kept and not sent", async () => {
  const storage = memoryStorage();
  const ada = await ready({ storage });
  const { id } = ada.client.mark(session, "x", "present");
  await settle();
  ada.client.close();
  const ben = await open({ storage });
  ben.socket().heard.opened();
  ben.socket().greet("ben");
  expect(ben.client.waiting).toEqual([]);
  expect(ben.socket().take()).toMatchObject([{ type: "hello" }]);
  ben.client.close();
  const again = await open({ storage });
  again.socket().heard.opened();
  again.socket().greet();
  expect(again.socket().take().slice(1)).toMatchObject([{ id }]);
});

test("C30 a storage that fails is told of and stops nothing", async () => {
  const fail = () => Promise.reject(new Error("full"));
  const { client, socket } = await ready({ storage: { load: fail, put: fail, remove: fail } });
  const troubles: unknown[] = [];
  client.on("trouble", (trouble) => troubles.push(trouble));
  const { id, outcome } = client.mark(session, "ada", "present");
  expect(socket().take()).toMatchObject([{ id }]);
  socket().say(ack(id));
  expect(await outcome).toMatchObject({ ok: true });
  await settle();
  expect(troubles).toEqual([new Error("full"), new Error("full")]);
});

test("C30 the storage is asked one thing after the other", async () => {
  const asked: string[] = [];
  let busy = 0;
  const one = async <T>(what: string, value: T): Promise<T> => {
    expect(++busy).toBe(1);
    asked.push(what);
    await settle();
    busy--;
    return value;
  };
  const storage: QueueStorage = {
    load: () => one<Queued[]>("load", []),
    put: ({ id }) => one(`put ${id}`, undefined),
    remove: (id) => one(`remove ${id}`, undefined),
  };
  const { client, socket } = await open({ storage });
  const { id } = client.mark(session, "ada", "present");
  await settle();
  socket().heard.opened();
  socket().greet();
  socket().say(ack(id));
  for (let turns = 0; turns < 5; turns++) await settle();
  expect(asked).toEqual(["load", `put ${id}`, `put ${id}`, `remove ${id}`]);
});

test("C31 a mark is shown as sending, then saved or refused, whichever command it is part of", async () => {
  const { client, socket } = await ready();
  socket().say(snapshot(3, [{ student: "ada", status: "absent", seq: 2, at: 1, by: "teacher" }]));
  const shown = () => ["ada", "ben", "cyd"].map((student) => client.markOf(session, student));
  const saved = (status: string | null) => ({ state: "saved", status });
  const sending = (status: string | null) => ({ state: "sending", status });
  const expectShown = (...states: object[]) => expect<object[]>(shown()).toEqual(states);
  expectShown(saved("absent"), saved(null), saved(null));

  const one = client.mark(session, "ben", "present");
  expectShown(saved("absent"), sending("present"), saved(null));
  const rest = client.markMany(session, "rest", "absent");
  expectShown(saved("absent"), sending("present"), sending("absent"));
  socket().say(events(4, marked("ben")));
  socket().say(ack(one.id));
  expectShown(saved("absent"), saved("present"), sending("absent"));
  socket().say(refused(rest.id));
  const no = (status: string | null) => ({ state: "refused", status, code: "student-not-enrolled" });
  expectShown(saved("absent"), saved("present"), no(null));

  const undo = client.undo(session, 4);
  const all = client.markMany(session, "all", "present");
  expectShown(sending("present"), sending("present"), sending("present"));
  socket().say(refused(all.id));
  expectShown(no("absent"), sending("present"), no(null));
  socket().say(events(5, { type: "undone", of: 4, marks: [["ben", null]] }));
  socket().say(ack(undo.id));
  socket().say(events(6, marked("ada", "present"), marked("cyd")));
  expectShown(saved("present"), no(null), saved("present"));

  const list = client.markMany(session, ["ben"], "present");
  client.mark("6".repeat(24), "ada", "absent");
  client.end(session);
  client.start(classId);
  expectShown(saved("present"), sending("present"), saved("present"));
  socket().say(events(8, { type: "markedMany", students: ["ben"], status: "present" }));
  socket().say(ack(list.id));
  expectShown(saved("present"), saved("present"), saved("present"));
});
