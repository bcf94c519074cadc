import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { student } from "./people.ts";
import { connect, error } from "./plain-client.ts";
import { met, Seat, told } from "./room-seat.ts";
import { startServer } from "./server.ts";
import { V1Socket } from "./v1-socket.ts";

setDefaultTimeout(60_000);
const server = await startServer();
afterAll(() => server.dispose());

const refusal = (code: string) => ({ type: "error", code });

/** What a student is told who wants to come in by a new socket. */
async function knock({ of }: Awaited<ReturnType<typeof met>>, n: number) {
  const socket = await V1Socket.ready(server, { token: student(of, n).token });
  socket.send({ type: "enter", class: of.classId });
  const [first] = await told(socket);
  return { socket, first };
}

test("RO12 a removed student is put out by every page and dialect, told why, and cannot come back", async () => {
  const lesson = await met(server, 3);
  const { of, desk, ada, ben } = lesson;
  const [page, plain] = [await Seat.take(server, of, ada.person), await connect(server, ada.person)];
  plain.send("JOIN_ROOM", { classId: of.classId });
  expect(await plain.heard()).toEqual([]);
  for (const seat of [desk, ben]) await seat.told();
  desk.send({ type: "remove", user: ada.person.id });
  const news = await desk.told();
  expect(news.at(-1)).toMatchObject({
    type: "roomChange",
    removed: [{ user: ada.person.id, name: ada.person.name }],
    locked: false,
  });
  for (const seat of [ada, page])
    expect((await seat.told()).filter(({ type }) => type === "roomLeft")).toMatchObject([
      { reason: "removed" },
    ]);
  const heard = JSON.stringify(await ben.told());
  for (const seat of [ada, page]) expect(heard).toContain(`"gone":["${seat.peer}"]`);
  expect(heard).not.toContain("removed");
  expect((await knock(lesson, 0)).first).toMatchObject(refusal("removed-from-room"));
  plain.send("JOIN_ROOM", { classId: of.classId });
  expect(await plain.heard()).toEqual([error("Forbidden, not enrolled in class")]);
  for (const seat of [desk, ben]) expect(await seat.told()).toEqual([]);
});

test("RO12 what the teacher has said of the door holds after a restart of the server, until the student is let in", async () => {
  const own = await startServer();
  const { of, desk, ada } = await met(own, 2);
  desk.send({ type: "remove", user: ada.person.id });
  await desk.told();
  await own.restart();
  const late = await V1Socket.ready(own, { token: ada.person.token });
  late.send({ type: "enter", class: of.classId });
  expect(await told(late)).toMatchObject([refusal("removed-from-room")]);
  const again = await Seat.take(own, of, of.teacher);
  expect(again.found.removed).toMatchObject([{ user: ada.person.id, name: ada.person.name }]);
  again.send({ type: "letIn", user: ada.person.id });
  expect(await again.told()).toMatchObject([{ type: "roomChange", removed: [] }]);
  expect((await Seat.take(own, of, ada.person)).found.peers).toHaveLength(1);
  await own.dispose();
});

test("RO13 the teacher lets in who was removed or comes too late, and nobody is removed who is not there", async () => {
  const lesson = await met(server, 3);
  const { of, desk, ada } = lesson;
  desk.send({ type: "lock", locked: true });
  desk.send({ type: "remove", user: ada.person.id });
  await desk.told();
  expect((await knock(lesson, 2)).first).toMatchObject(refusal("room-locked"));
  for (const n of [0, 2]) desk.send({ type: "letIn", user: student(of, n).id });
  await desk.told();
  for (const n of [0, 2])
    expect((await knock(lesson, n)).first).toMatchObject({ type: "room", locked: true });
  await desk.told();
  for (const user of [of.teacher.id, "nobody"]) {
    desk.send({ type: "remove", user });
    expect(await desk.told()).toMatchObject([refusal("peer-not-connected")]);
  }
});

test("RO14 into a locked room nobody new comes, who was there comes back, and all do once it is open", async () => {
  const lesson = await met(server, 3);
  const { of, desk, ada, ben } = lesson;
  desk.send({ type: "lock", locked: true });
  await desk.told();
  for (const seat of [ada, ben])
    expect(await seat.told()).toMatchObject([{ type: "roomChange", locked: true }]);
  const late = await knock(lesson, 2);
  expect(late.first).toMatchObject({ ...refusal("room-locked"), class: of.classId });
  const plain = await connect(server, student(of, 2));
  plain.send("JOIN_ROOM");
  expect(await plain.heard()).toEqual([error("Forbidden, not enrolled in class")]);
  ada.socket.close();
  expect((await knock(lesson, 0)).first).toMatchObject({ type: "room", locked: true });
  desk.send({ type: "lock", locked: false });
  await desk.told();
  late.socket.send({ type: "enter", class: of.classId });
  expect(await told(late.socket)).toMatchObject([{ type: "room", locked: false }]);
});

test("RO15 the call ends for everyone, begins again with its teacher, and the session runs on", async () => {
  const lesson = await met(server, 2);
  const { of, desk, ada, ben } = lesson;
  desk.send({ type: "closeRoom" });
  for (const seat of [desk, ada, ben])
    expect((await seat.hears()).at(-1)).toMatchObject({
      type: "roomLeft",
      reason: "ended",
      class: of.classId,
    });
  expect((await knock(lesson, 0)).first).toMatchObject(refusal("room-ended"));
  desk.send({ type: "enter", class: of.classId });
  expect(await desk.told()).toMatchObject([{ type: "room", locked: false, peers: [] }]);
  expect((await knock(lesson, 0)).first).toMatchObject({ type: "room", session: desk.found.session });
});

test("RO7 students are refused the door, and so is a teacher outside", async () => {
  const { of, desk, ada, ben } = await met(server);
  const verbs = [
    { type: "remove", user: ben.person.id },
    { type: "letIn", user: ben.person.id },
    { type: "lock", locked: true },
    { type: "closeRoom" },
  ];
  for (const verb of verbs) {
    ada.send(verb);
    expect(await ada.told()).toMatchObject([{ ...refusal("teacher-only"), class: of.classId }]);
  }
  const outside = await V1Socket.ready(server, { token: of.teacher.token });
  for (const verb of verbs) {
    outside.send(verb);
    expect(await told(outside)).toMatchObject([refusal("not-in-room")]);
  }
  for (const seat of [desk, ben]) expect(await seat.told()).toEqual([]);
});
