import { afterAll, beforeAll, expect, test } from "bun:test";
import { school, startSession, student } from "../e2e/people.ts";
import { connect, error, type PlainClient } from "../e2e/plain-client.ts";
import { TestNodes } from "./nodes.ts";

let nodes: TestNodes;
beforeAll(async () => {
  nodes = await TestNodes.start();
});
afterAll(() => nodes.end());

async function lesson() {
  const built = await school(nodes.node(0), 2);
  const { sessionId } = await startSession(nodes.node(1), built.teacher, built.classId);
  const desk = await connect(nodes.node(0), built.teacher);
  const [ada, ben] = [student(built, 0), student(built, 1)];
  const seats = [await connect(nodes.node(1), ada), await connect(nodes.node(2), ben)] as const;
  return { ...built, sessionId, desk, ada, ben, seats };
}

const enter = async (socket: PlainClient, classId: string) => {
  socket.send("JOIN_ROOM", { classId });
  expect(await socket.heard()).toEqual([]);
};

test("CL10 who enters and leaves a room on one node is told on the others, once", async () => {
  const { desk, seats, classId, ada, teacher } = await lesson();
  await enter(desk, classId);
  await enter(seats[0], classId);
  const peer = { userId: ada.id, role: "student", name: ada.name };
  expect(await desk.next()).toEqual({ event: "PEER_JOINED", data: peer });
  const second = await connect(nodes.node(2), teacher);
  await enter(second, classId);
  expect(await seats[0].next()).toMatchObject({ event: "PEER_JOINED", data: { userId: teacher.id } });
  // The teacher has a socket in the room still.
  await second.close();
  seats[0].vanish();
  expect(await desk.next()).toEqual({ event: "PEER_LEFT", data: { userId: ada.id } });
  expect(await seats[1].heard()).toEqual([]);
  expect(await desk.heard()).toEqual([]);
});

test("CL10 a signal reaches the target's newest socket in the room, on whichever node, and nobody else", async () => {
  const { desk, seats, classId, ada, teacher } = await lesson();
  const [older, other] = seats;
  await enter(desk, classId);
  await enter(older, classId);
  await desk.until("PEER_JOINED");
  const newer = await connect(nodes.node(2), ada);
  await enter(newer, classId);
  await desk.until("PEER_JOINED");
  desk.send("WEBRTC_OFFER", { targetId: ada.id, sdp: "v=0", fromId: "nobody" });
  expect(await newer.next()).toEqual({
    event: "WEBRTC_OFFER",
    data: { targetId: ada.id, sdp: "v=0", fromId: teacher.id, fromRole: "teacher" },
  });
  newer.send("WEBRTC_ANSWER", { targetId: teacher.id, sdp: "v=1" });
  expect(await desk.next()).toMatchObject({ event: "WEBRTC_ANSWER", data: { fromId: ada.id } });
  expect(await older.heard()).toEqual([]);
  expect(await other.heard()).toEqual([]);
  desk.send("WEBRTC_OFFER", { targetId: "nobody" });
  expect(await desk.next()).toEqual(error("target peer not connected"));
});

test("CL10 the room is over with its session, on every node", async () => {
  const { desk, seats, classId, ada } = await lesson();
  await enter(desk, classId);
  await enter(seats[0], classId);
  await desk.until("PEER_JOINED");
  seats[1].send("DONE");
  expect(await seats[1].next()).toEqual(error("Forbidden, teacher event only"));
  desk.send("DONE");
  await desk.until("DONE");
  await seats[0].until("DONE");
  desk.send("WEBRTC_OFFER", { targetId: ada.id });
  expect(await desk.next()).toEqual(error("target peer not connected"));
});
