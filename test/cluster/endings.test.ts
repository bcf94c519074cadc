import { afterEach, expect, test } from "bun:test";
import { noBus } from "../../src/bus/none.ts";
import type { Store } from "../../src/ports/store.ts";
import { createMemoryStore } from "../../src/store/memory/index.ts";
import { dataOf, get } from "../e2e/http.ts";
import { recordOf, school, startSession, student } from "../e2e/people.ts";
import { connect, marked } from "../e2e/plain-client.ts";
import { V1Socket } from "../e2e/v1-socket.ts";
import { type TestNode, TestNodes } from "./nodes.ts";

const running: TestNodes[] = [];
afterEach(async () => {
  for (const nodes of running.splice(0)) await nodes.end();
});

async function started(...setup: Parameters<typeof TestNodes.start>): Promise<TestNodes> {
  const nodes = await TestNodes.start(...setup);
  running.push(nodes);
  return nodes;
}

/** The classes that a node hears of, and the sessions in its memory. */
async function keptBy({ url }: TestNode): Promise<(number | undefined)[]> {
  const lines = (await (await fetch(`${url}/metrics`)).text()).split("\n");
  return ["rollcall_classes_heard", "rollcall_sessions_held"].map((name) =>
    lines.flatMap((line) => (line.startsWith(`${name} `) ? Number(line.split(" ").at(-1)) : [])).at(0),
  );
}

async function untilEmpty(node: TestNode): Promise<void> {
  for (let kept = await keptBy(node); kept.some((count) => count !== 0); kept = await keptBy(node))
    await Bun.sleep(20);
}

/** A store of which one node hears nothing more once it has written an end: as if it were killed at that moment. */
function diesInDone(store: Store) {
  let dead = false;
  const { promise: never, reject } = Promise.withResolvers<never>();
  never.catch(() => undefined);
  const dying: Store = {
    ...store,
    records: { ...store.records, project: (...given) => (dead ? never : store.records.project(...given)) },
    audit: { ...store.audit, last: () => (dead ? never : store.audit.last()) },
    sessions: {
      ...store.sessions,
      append: (batches) => {
        const outcomes = store.sessions.append(batches);
        if (batches.every(({ endedAt }) => endedAt === null)) return outcomes;
        dead = true;
        return outcomes.map(() => never);
      },
    },
  };
  return { dying, bury: () => reject(new Error("it is dead")) };
}

test("CL9 an end whose node dies before it told anybody is finished by another, and screens there get DONE", async () => {
  const store = createMemoryStore();
  const nodes = await started({ store, count: 2, env: { POLL_EVERY_MS: "100" } });
  const { dying: mortal, bury } = diesInDone(store);
  const dying = await nodes.add(mortal);
  const built = await school(nodes.node(0), 2);
  const [ada, ben] = [student(built, 0), student(built, 1)];
  const [desk, seat] = [await connect(dying, built.teacher), await connect(nodes.node(1), ada)];
  await startSession(nodes.node(0), built.teacher, built.classId);
  desk.send("ATTENDANCE_MARKED", { studentId: ada.id, status: "present" });
  expect(await seat.next()).toEqual(marked(ada.id, "present"));
  desk.send("DONE");
  expect(await seat.next()).toMatchObject({ event: "DONE", data: { present: 1, absent: 1, total: 2 } });
  expect(await recordOf(nodes.node(0), ben, built.classId)).toBe("absent");
  expect(await startSession(nodes.node(1), built.teacher, built.classId)).toMatchObject({
    classId: built.classId,
  });
  bury();
});

test("CL15 a node keeps nothing of a class that has no socket on it, after a while", async () => {
  const nodes = await started({ count: 2, env: { POLL_EVERY_MS: "50", CLASS_KEPT_MS: "100" } });
  const built = await school(nodes.node(0), 1);
  const ada = student(built, 0);
  await startSession(nodes.node(0), built.teacher, built.classId);
  const desk = await connect(nodes.node(0), built.teacher);
  desk.send("ATTENDANCE_MARKED", { studentId: ada.id, status: "present" });
  await desk.next();
  expect(await keptBy(nodes.node(0))).toEqual([1, 1]);
  expect(await keptBy(nodes.node(1))).toEqual([0, 0]);
  // Somebody passes by.
  expect(dataOf(await get(nodes.node(1), `/class/${built.classId}/room`, ada.token))).toMatchObject({
    isActive: true,
  });
  const seat = await connect(nodes.node(1), ada);
  seat.send("MY_ATTENDANCE");
  expect(await seat.next()).toEqual({ event: "MY_ATTENDANCE", data: { status: "present" } });
  expect(await keptBy(nodes.node(1))).toEqual([1, 1]);
  await seat.close();
  await untilEmpty(nodes.node(1));
  await desk.close();
  await untilEmpty(nodes.node(0));
  // And it is all there again for who comes.
  const again = await connect(nodes.node(1), ada);
  again.send("MY_ATTENDANCE");
  expect(await again.next()).toEqual({ event: "MY_ATTENDANCE", data: { status: "present" } });
});

test("CL16 health is degraded without news, and serves", async () => {
  const silent = await started({ openBus: (listener) => ({ ...noBus(listener), state: "late" }) });
  expect(dataOf(await get(silent.node(0), "/health"))).toEqual({
    status: "degraded",
    database: "ok",
    bus: "late",
  });
  const polling = await started({ openBus: noBus });
  expect(dataOf(await get(polling.node(0), "/health"))).toEqual({ status: "ok", database: "ok" });
});

test("CL17 where websocket is the only transport a poll is refused in Engine.IO's words, and WebSocket passes", async () => {
  const nodes = await started({ count: 1, env: { SOCKET_IO_TRANSPORTS: "websocket" } });
  const poll = await fetch(`${nodes.node(0).url}/socket.io/?EIO=4&transport=polling`);
  expect([poll.status, await poll.json()]).toEqual([
    400,
    { success: false, error: "Transport unknown", code: 0, message: "Transport unknown" },
  ]);
  const socket = new WebSocket(
    `${nodes.node(0).wsUrl.replace("/ws", "/socket.io/")}?EIO=4&transport=websocket`,
  );
  const first = await new Promise<string>((resolve) => {
    socket.onmessage = ({ data }) => resolve(String(data));
  });
  expect(first.startsWith("0{")).toBe(true);
  socket.close();
});

test("CL15 who comes while the log of their class cannot be read comes again, and is told each range once", async () => {
  const store = createMemoryStore();
  const nodes = await started({ store, count: 1, env: { POLL_EVERY_MS: "50" } });
  let fails = true;
  const read: Store["sessions"]["read"] = (...given) =>
    fails ? Promise.reject(new Error("no primary")) : store.sessions.read(...given);
  const troubled = await nodes.add({ ...store, sessions: { ...store.sessions, read } });
  const { teacher, students, classId } = await school(nodes.node(0), 1);
  const { sessionId } = await startSession(nodes.node(0), teacher, classId);
  const first = await V1Socket.open(troubled);
  first.send({ type: "hello", token: teacher.token });
  expect(await first.closed()).toBe(1011);
  fails = false;
  const second = await V1Socket.open(troubled);
  second.send({ type: "hello", token: teacher.token, after: { [sessionId]: 1 } });
  await second.next("ready");
  second.send({
    type: "mark",
    id: "m",
    session: sessionId,
    student: students[0]?.id ?? "",
    status: "present",
  });
  expect(await second.answer("m")).toMatchObject({ type: "ack", seq: 2 });
  second.send({ type: "ping" });
  await second.next("pong");
  expect(second.frames.filter(({ type }) => type === "events" || type === "snapshot")).toEqual([]);
  second.close();
});
