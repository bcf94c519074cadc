import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { archive, withdraw } from "./class-verbs.ts";
import { enter, leave } from "./io-client.ts";
import { enrol, join, newClass, type Person, school, startSession, student } from "./people.ts";
import { connect } from "./plain-client.ts";
import { startServer } from "./server.ts";
import { V1Socket } from "./v1-socket.ts";

setDefaultTimeout(60_000);
const server = await startServer({ PRESENCE_EVERY_MS: "30" });
afterAll(() => server.dispose());

const v1 = (who: Person) => V1Socket.ready(server, { token: who.token });

/** A teacher's socket that looks at the class, and what it was told first. */
async function looker(teacher: Person, classId: string) {
  const socket = await v1(teacher);
  socket.send({ type: "look", class: classId });
  const first = await socket.next("presence");
  return { socket, first };
}

/** What comes next, once it says where these students are. */
async function until(socket: V1Socket, ...students: [string, string][]) {
  const told = new Map<string, string>();
  for (;;) {
    for (const [id, where] of (await socket.next("presence")).students) told.set(id, where);
    if (students.every(([id, where]) => told.get(id) === where)) return told;
  }
}

test("LO1 who looks is told who is connected, in whatever dialect, and in the room, and what changes", async () => {
  const lesson = await school(server, 4);
  const { teacher, classId } = lesson;
  const [ada, ben, cleo, dan] = [0, 1, 2, 3].map((n) => student(lesson, n));
  if (!ada || !ben || !cleo || !dan) throw new Error("four students");
  const adas = await v1(ada);
  const bens = await connect(server, ben);
  const { socket, first } = await looker(teacher, classId);
  expect(first).toMatchObject({ class: classId, whole: true });
  expect(first.students.map(String).toSorted()).toEqual(
    [ada, ben].map(({ id }) => `${id},connected`).toSorted(),
  );
  const cleos = await enter(server, cleo);
  await until(socket, [cleo.id, "connected"]);
  await startSession(server, teacher, classId);
  bens.send("JOIN_ROOM", { classId });
  await until(socket, [ben.id, "room"]);
  bens.send("LEAVE_ROOM");
  await until(socket, [ben.id, "connected"]);
  const again = await connect(server, ben);
  await bens.close();
  leave(cleos);
  const told = await until(socket, [cleo.id, "away"]);
  expect(told.has(ben.id)).toBe(false);
  again.vanish();
  await until(socket, [ben.id, "away"]);
  const late = await looker(teacher, classId);
  expect(late.first.students.map(String)).toEqual([`${ada.id},connected`]);
  for (const one of [adas, socket, late.socket]) one.close();
});

test("LO2 nobody else is told: students and other teachers are refused, and nothing closes", async () => {
  const lesson = await school(server, 1);
  const { teacher, classId } = lesson;
  const [pupil, outsider] = [await v1(student(lesson, 0)), await v1(await join(server, "teacher"))];
  const plain = await connect(server, teacher);
  for (const [socket, code] of [
    [pupil, "teacher-only"],
    [outsider, "not-class-teacher"],
  ] as const) {
    socket.send({ type: "look", class: classId });
    expect(await socket.next("error")).toMatchObject({ code, class: classId });
  }
  const { socket } = await looker(teacher, classId);
  const other = await v1(student(lesson, 0));
  other.close();
  await startSession(server, teacher, classId);
  for (const quiet of [pupil, outsider]) {
    quiet.send({ type: "ping" });
    await quiet.next("pong");
    expect(quiet.frames.filter(({ type }) => type === "presence")).toEqual([]);
    quiet.close();
  }
  expect(await plain.heard()).toEqual([]);
  socket.close();
  await plain.close();
});

test("LO3 who looks is told of every socket that does, as they come and go", async () => {
  const { teacher, classId } = await school(server, 0);
  const other = await newClass(server, teacher);
  const one = await looker(teacher, classId);
  expect(one.first.looking).toMatchObject([{ user: teacher.id, name: teacher.name }]);
  const two = await looker(teacher, classId);
  expect(two.first.looking).toHaveLength(2);
  const sees = async (count: number) => {
    while ((await one.socket.next("presence")).looking.length !== count);
  };
  await sees(2);
  two.socket.send({ type: "look", class: other });
  while (`${(await two.socket.next("presence")).class}` !== other);
  await sees(1);
  two.socket.send({ type: "look", class: classId });
  await sees(2);
  two.socket.send({ type: "look", class: null });
  await sees(1);
  const three = await looker(teacher, classId);
  await sees(2);
  three.socket.close();
  await sees(1);
  for (const { socket } of [one, two]) socket.close();
});

test("LO5 the withdrawn are away, the enrolled are there, and an archived class is looked at no more", async () => {
  const lesson = await school(server, 1);
  const { teacher, classId } = lesson;
  const [ada, eve] = [student(lesson, 0), await join(server, "student")];
  const sockets = [await v1(ada), await v1(eve)];
  const { socket, first } = await looker(teacher, classId);
  expect(first.students.map(String)).toEqual([`${ada.id},connected`]);
  await enrol(server, teacher, classId, eve);
  await until(socket, [eve.id, "connected"]);
  await withdraw(server, classId, ada.id, teacher);
  await until(socket, [ada.id, "away"]);
  await archive(server, classId, teacher);
  await socket.next("member");
  socket.frames.length = 0;
  socket.send({ type: "look", class: classId });
  expect(await socket.next("error")).toMatchObject({ code: "not-class-teacher" });
  for (const one of [...sockets, socket]) one.close();
});
