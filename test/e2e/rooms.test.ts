import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Json } from "./http";
import { everyone, type Lesson, lesson, seat } from "./lesson";
import { endSession, enrol, join, newClass, type Person, school, startSession, student } from "./people";
import { connect, connectAll, error, type Frame, type PlainClient } from "./plain-client";
import { startServer } from "./server";

setDefaultTimeout(60_000);
const server = await startServer({ SIGNALS_PER_S: "50", SIGNALS_BURST: "60" });
afterAll(() => server.dispose());

const notConnected = error("target peer not connected");
const kinds = ["WEBRTC_OFFER", "WEBRTC_ANSWER", "WEBRTC_ICE_CANDIDATE"];

const joined = ({ id, role, name }: Person): Frame => ({
  event: "PEER_JOINED",
  data: { userId: id, role, name },
});
const left = ({ id }: Person): Frame => ({ event: "PEER_LEFT", data: { userId: id } });

/** Enters the room and returns once the server has dealt with it; what the joiner heard is the result. */
async function enter(socket: PlainClient, classId: string): Promise<Frame[]> {
  socket.send("JOIN_ROOM", { classId });
  return socket.heard();
}

/** The teacher and the students of the first seats enter, one after the other; what they heard is taken. */
async function enterAll(of: Lesson, seats: number): Promise<void> {
  const entering = [of.desk, ...of.seats.slice(0, seats)];
  for (const socket of entering) expect(await enter(socket, of.classId)).toEqual([]);
  for (const [at, socket] of entering.entries()) await socket.nextOf(entering.length - 1 - at);
}

async function silence(sockets: PlainClient[]): Promise<void> {
  for (const socket of sockets) expect(await socket.heard()).toEqual([]);
}

test("V1 who is in the room hears who enters, and nobody else hears anything", async () => {
  const physics = await lesson(server, 3);
  const [first, second, third] = [seat(physics, 0), seat(physics, 1), seat(physics, 2)];
  const elsewhere = await connect(server, first.person);
  expect(await enter(first.socket, physics.classId)).toEqual([]);
  await silence(everyone(physics));
  expect(await enter(physics.desk, physics.classId)).toEqual([]);
  expect(await first.socket.next()).toEqual(joined(physics.teacher));
  expect(await enter(second.socket, physics.classId)).toEqual([]);
  for (const socket of [first.socket, physics.desk])
    expect(await socket.next()).toEqual(joined(second.person));
  await silence([...everyone(physics), elsewhere, third.socket]);
});

test("V2 who is in the room hears who leaves, and the one who left hears no more", async () => {
  const physics = await lesson(server, 3);
  await enterAll(physics, 2);
  const [first, second] = [seat(physics, 0), seat(physics, 1)];
  first.socket.send("LEAVE_ROOM");
  for (const socket of [physics.desk, second.socket]) expect(await socket.next()).toEqual(left(first.person));
  await silence(everyone(physics));
  second.socket.send("LEAVE_ROOM", { classId: physics.classId });
  expect(await physics.desk.next()).toEqual(left(second.person));
  await silence(everyone(physics));
  expect(await enter(first.socket, physics.classId)).toEqual([]);
  expect(await physics.desk.next()).toEqual(joined(first.person));
  await silence(everyone(physics));
});

test("V2 a socket that closes leaves the room", async () => {
  const physics = await lesson(server, 2);
  await enterAll(physics, 2);
  await seat(physics, 0).socket.close();
  for (const socket of [physics.desk, seat(physics, 1).socket]) {
    expect(await socket.next()).toEqual(left(seat(physics, 0).person));
  }
  await physics.desk.close();
  expect(await seat(physics, 1).socket.next()).toEqual(left(physics.teacher));
  await silence([seat(physics, 1).socket]);
});

test("V2 a user has left when the last of their sockets has", async () => {
  const physics = await lesson(server, 2);
  await enterAll(physics, 1);
  const { person, socket } = seat(physics, 0);
  const tab = await connect(server, person);
  expect(await enter(tab, physics.classId)).toEqual([]);
  await physics.desk.heard();
  socket.send("LEAVE_ROOM");
  await silence([socket, tab, physics.desk]);
  await tab.close();
  expect(await physics.desk.next()).toEqual(left(person));
  await silence([socket, physics.desk]);
});

test("V3 a room is entered by its class alone, and while its session runs", async () => {
  const [physics, others] = await Promise.all([lesson(server, 1), lesson(server, 1)]);
  const stranger = await connect(server, await join(server, "student"));
  await enterAll(physics, 1);
  const tries: [PlainClient, string][] = [
    [others.desk, "Forbidden, not class teacher"],
    [seat(others, 0).socket, "Forbidden, not enrolled in class"],
    [stranger, "Forbidden, not enrolled in class"],
  ];
  for (const [socket, message] of tries) {
    expect(await enter(socket, physics.classId)).toEqual([error(message)]);
  }
  await silence(everyone(physics));
  await endSession(server, physics.teacher, physics.classId);
  for (const socket of everyone(physics)) {
    expect((await socket.until("DONE")).at(-1)).toMatchObject({ event: "DONE" });
    expect(await enter(socket, physics.classId)).toEqual([error("No active attendance session")]);
  }
});

const signals: [string, Json][] = [
  ["WEBRTC_OFFER", { sdp: "v=0\r\no=- 1 2 IN IP4 127.0.0.1", type: "offer" }],
  ["WEBRTC_ANSWER", { answer: { type: "answer", sdp: "v=0" } }],
  ["WEBRTC_ICE_CANDIDATE", { candidate: { candidate: "candidate:1", sdpMid: "0", sdpMLineIndex: 0 } }],
  ["WEBRTC_ICE_CANDIDATE", { candidate: null, list: [1, [2, { a: "b" }]] }],
];

test.each(signals)(
  "V4 %s is relayed as it was sent, with its sender's id and role, to its target alone",
  async (event, signal) => {
    const physics = await lesson(server, 3);
    await enterAll(physics, 2);
    const people = [physics.teacher, seat(physics, 0).person, seat(physics, 1).person];
    const sockets = [physics.desk, seat(physics, 0).socket, seat(physics, 1).socket];
    for (const [from, sender] of people.entries()) {
      const to = (from + 1) % people.length;
      const data = { ...Object(signal), targetId: people[to]?.id };
      sockets[from]?.send(event, data);
      const relayed = { event, data: { ...data, fromId: sender.id, fromRole: sender.role } };
      expect(await sockets[to]?.next()).toEqual(relayed);
    }
    await silence(everyone(physics));
  },
);

test("V5 a sender's own fromId and fromRole are overwritten", async () => {
  const physics = await lesson(server, 2);
  await enterAll(physics, 1);
  const { person, socket } = seat(physics, 0);
  for (const event of kinds) {
    const data = {
      targetId: physics.teacher.id,
      sdp: "x",
      fromId: physics.students[1]?.id ?? "",
      fromRole: "teacher",
    };
    socket.send(event, data);
    expect(await physics.desk.next()).toEqual({
      event,
      data: { ...data, fromId: person.id, fromRole: "student" },
    });
  }
  await silence(everyone(physics));
});

test("V6 a signal goes to the target's newest socket in the room", async () => {
  const physics = await lesson(server, 1);
  await enterAll(physics, 1);
  const { person, socket: oldest } = seat(physics, 0);
  const [middle, newest] = [await connect(server, person), await connect(server, person)];
  for (const socket of [middle, newest]) await enter(socket, physics.classId);
  await physics.desk.heard();
  const outside = await connect(server, person);
  const offer = async (expected: PlainClient, n: number) => {
    const data = { targetId: person.id, n };
    physics.desk.send("WEBRTC_OFFER", data);
    const added = { fromId: physics.teacher.id, fromRole: "teacher" };
    expect(await expected.next()).toEqual({ event: "WEBRTC_OFFER", data: { ...data, ...added } });
  };
  await offer(newest, 1);
  await newest.close();
  await offer(middle, 2);
  middle.send("LEAVE_ROOM");
  await middle.heard();
  await offer(oldest, 3);
  await silence([oldest, middle, outside, physics.desk]);
});

test.each(kinds)("V7 %s without a target is told so", async (event) => {
  const physics = await lesson(server, 1);
  await enterAll(physics, 1);
  for (const data of [{}, { sdp: "x" }, { targetId: "" }, { targetId: null }]) {
    for (const socket of everyone(physics)) {
      socket.send(event, data);
      expect(await socket.heard()).toEqual([error("missing targetId in WebRTC message")]);
    }
  }
  await silence(everyone(physics));
});

test.each(kinds)(
  "V8 %s to somebody who is not in the room, or from outside it, finds no peer",
  async (event) => {
    const physics = await lesson(server, 2);
    await enterAll(physics, 1);
    const [inside, outside] = [seat(physics, 0), seat(physics, 1)];
    for (const targetId of [
      outside.person.id,
      "0123456789abcdef01234567",
      "nobody",
      "__proto__",
      "constructor",
    ]) {
      physics.desk.send(event, { targetId });
      expect(await physics.desk.heard()).toEqual([notConnected]);
    }
    outside.socket.send(event, { targetId: inside.person.id });
    expect(await outside.socket.heard()).toEqual([notConnected]);
    await silence(everyone(physics));
  },
);

test.each(kinds)(
  "V8 %s to oneself finds no peer, though another socket of one's own is there",
  async (event) => {
    const physics = await lesson(server, 1);
    await enterAll(physics, 1);
    const { person, socket } = seat(physics, 0);
    const second = await connect(server, person);
    await enter(second, physics.classId);
    for (const one of everyone(physics)) await one.heard();
    for (const one of [socket, second]) {
      one.send(event, { targetId: person.id });
      expect(await one.heard()).toEqual([notConnected]);
    }
    await silence([second, ...everyone(physics)]);
  },
);

test("RO5 hundreds of candidates a second and an offer of a megabyte end a plain sender's socket alone", async () => {
  const physics = await lesson(server, 2);
  await enterAll(physics, 2);
  const { desk, teacher, classId } = physics;
  const [hasty, large] = [seat(physics, 0), seat(physics, 1)];
  // Fewer than the frames that any socket may send at once: it is the signals that are too many.
  for (let n = 0; n < 400; n++)
    hasty.socket.send("WEBRTC_ICE_CANDIDATE", { targetId: teacher.id, candidate: `candidate:${n}` });
  expect(await hasty.socket.closed()).toBe(1008);
  const heard = (await desk.until("PEER_LEFT")).length - 1;
  expect(heard).toBeGreaterThan(50);
  expect(heard).toBeLessThan(150);
  large.socket.send("WEBRTC_OFFER", { targetId: teacher.id, sdp: "v".repeat(1024 ** 2) });
  expect(await large.socket.closed()).toBe(1009);
  expect((await desk.until("PEER_LEFT")).at(-1)).toEqual(left(large.person));
  const back = await connect(server, large.person);
  expect(await enter(back, classId)).toEqual([]);
  back.send("WEBRTC_OFFER", { targetId: teacher.id, sdp: "v=0" });
  expect((await desk.until("WEBRTC_OFFER")).at(-1)).toMatchObject({ data: { sdp: "v=0" } });
});

test("V8 a user of another class's room is no peer", async () => {
  const [physics, chemistry] = await Promise.all([lesson(server, 1), lesson(server, 1)]);
  for (const one of [physics, chemistry]) await enterAll(one, 1);
  for (const event of kinds) {
    for (const targetId of [physics.teacher.id, seat(physics, 0).person.id]) {
      for (const socket of everyone(chemistry)) {
        socket.send(event, { targetId });
        expect(await socket.heard()).toEqual([notConnected]);
      }
    }
  }
  await silence(everyone(physics));
});

test("V8 one who is enrolled in both classes is a peer in the one whose room they entered", async () => {
  const [physics, chemistry] = await Promise.all([lesson(server, 1), lesson(server, 1)]);
  const { person, socket } = seat(physics, 0);
  await enrol(server, chemistry.teacher, chemistry.classId, person);
  for (const one of [physics, chemistry]) await enterAll(one, 1);
  chemistry.desk.send("WEBRTC_OFFER", { targetId: person.id });
  expect(await chemistry.desk.heard()).toEqual([notConnected]);
  physics.desk.send("WEBRTC_OFFER", { targetId: person.id });
  expect(await socket.next()).toMatchObject({ event: "WEBRTC_OFFER", data: { fromId: physics.teacher.id } });
  await silence([...everyone(physics), ...everyone(chemistry)]);
});

test("V9 the room changes nothing of who hears the class", async () => {
  const physics = await school(server, 2);
  await startSession(server, physics.teacher, physics.classId);
  const people = [physics.teacher, student(physics, 0), student(physics, 1)];
  const [desk, inside, outside] = await connectAll(server, people);
  for (const socket of [desk, inside]) if (socket) await enter(socket, physics.classId);
  desk?.send("ATTENDANCE_MARKED", { studentId: student(physics, 0).id, status: "present" });
  for (const socket of [desk, inside, outside]) {
    expect((await socket?.until("ATTENDANCE_MARKED"))?.at(-1)).toMatchObject({ event: "ATTENDANCE_MARKED" });
  }
});

test("V3 leaving without a class leaves the room that the socket is in, whichever session is the latest", async () => {
  const held = await lesson(server, 1);
  const other = await newClass(server, held.teacher);
  const { person, socket } = seat(held, 0);
  await enrol(server, held.teacher, other, person);
  await startSession(server, held.teacher, other);
  held.desk.send("JOIN_ROOM", { classId: held.classId });
  await held.desk.heard();
  socket.send("JOIN_ROOM", { classId: held.classId });
  await held.desk.until("PEER_JOINED");
  socket.send("LEAVE_ROOM");
  expect((await held.desk.until("PEER_LEFT")).at(-1)).toEqual({
    event: "PEER_LEFT",
    data: { userId: person.id },
  });
});
