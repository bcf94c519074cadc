import { expect, test } from "bun:test";
import { createMemoryBus } from "../../src/bus/memory.ts";
import { noBus } from "../../src/bus/none.ts";
import { isClassId } from "../../src/core/ids.ts";
import { loadLog } from "../../src/log/load.ts";
import { verify } from "../../src/log/verify.ts";
import type { OpenBus } from "../../src/ports/bus.ts";
import { until } from "../client/network.ts";
import { endSession, join, newClass, school, startSession } from "../e2e/people.ts";
import { connect } from "../e2e/plain-client.ts";
import { V1Socket } from "../e2e/v1-socket.ts";
import { V1Watcher } from "../e2e/v1-watcher.ts";
import { TestNodes } from "./nodes.ts";
import { unruly } from "./unruly-bus.ts";

const STATUSES = ["present", "absent"] as const;
const MARKS = 60;

/** The teacher marks the same students by sockets on every node at once; every screen ends as the log does. */
async function markedEverywhere(openBus: OpenBus): Promise<void> {
  const nodes = await TestNodes.start({ openBus, env: { POLL_EVERY_MS: "100" } });
  try {
    const { teacher, students, classId } = await school(nodes.node(0), 3);
    const watchers = await Promise.all(nodes.nodes.map((node) => V1Watcher.open(node, teacher)));
    const screens = await Promise.all(nodes.nodes.map((node) => connect(node, teacher)));
    const { sessionId } = await startSession(nodes.node(1), teacher, classId);
    const desks = await Promise.all(
      nodes.nodes.map((node) => V1Socket.ready(node, { token: teacher.token })),
    );
    for (const [n, desk] of desks.entries()) {
      for (let count = 0; count < MARKS; count++) {
        const student = students[count % students.length]?.id ?? "";
        const status = STATUSES[(count + n) % 2] ?? "present";
        desk.send({ type: "mark", id: `${n} ${count}`, session: sessionId, student, status });
        if (count % 10 === 0) await Bun.sleep(1);
      }
    }
    for (const [n, desk] of desks.entries())
      for (let count = 0; count < MARKS; count++)
        expect(await desk.answer(`${n} ${count}`)).toMatchObject({ type: "ack" });
    await endSession(nodes.node(2), teacher, classId);
    await Promise.all(screens.map((screen) => screen.until("DONE")));
    if (!isClassId(classId)) throw new Error("no class id");
    const [head] = await nodes.store.sessions.page(null, 2);
    if (!head) throw new Error("no session");
    const { log } = await loadLog(nodes.store.sessions, head.id);
    expect(log.filter(({ type }) => type === "marked")).toHaveLength(3 * MARKS);
    for (const watcher of watchers) {
      await watcher.until("the end", () => watcher.events.at(-1)?.type === "ended");
      expect(watcher.events.map(({ seq }) => seq)).toEqual(log.map(({ seq }) => seq));
    }
    const marks = log.flatMap((event) => (event.type === "marked" ? [[event.student, event.status]] : []));
    for (const { received } of screens) {
      const frames = JSON.stringify(received);
      const told = marks.map(([studentId, status]) => ({
        event: "ATTENDANCE_MARKED",
        data: { studentId, status },
      }));
      expect(frames.startsWith(JSON.stringify(told).slice(0, -1))).toBe(true);
    }
    expect((await verify(nodes.store)).faults).toEqual([]);
  } finally {
    await nodes.end();
  }
}

test(
  "CL6 marks at full speed on every node are all kept, in one order, and every screen shows it",
  () => markedEverywhere(createMemoryBus()),
  30_000,
);

test(
  "CL6 a bus that loses, doubles, delays and shuffles makes no difference",
  () => markedEverywhere(unruly(createMemoryBus(), { lost: 0.3, twice: 0.3, lateMs: 40 })),
  30_000,
);

test(
  "CL7 without a bus the store is asked, and every screen shows it all the same",
  () => markedEverywhere(noBus),
  30_000,
);

test("CL7 without a bus new members and new classes are found too", async () => {
  const nodes = await TestNodes.start({ openBus: noBus, env: { POLL_EVERY_MS: "50" } });
  try {
    const teacher = await join(nodes.node(0), "teacher");
    const seat = await V1Watcher.open(nodes.node(1), teacher);
    const classId = await newClass(nodes.node(0), teacher);
    await seat.until("the class", (frame) => frame.type === "member" && frame.joined);
    await startSession(nodes.node(2), teacher, classId);
    await seat.until("the start", (frame) => frame.type === "events" || frame.type === "snapshot");
    await until("the only session", () => seat.events.length <= 1);
  } finally {
    await nodes.end();
  }
});
