import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { verify } from "../../src/log/verify.ts";
import { openSqliteReader } from "../../src/store/sqlite/index.ts";
import { type Lesson, lesson, seat } from "./lesson.ts";
import { endSession, startSession } from "./people.ts";
import { connect } from "./plain-client.ts";
import { startServer } from "./server.ts";
import { enterRoom, presenceOf, presenceOfStudent, until } from "./time-in-room.ts";

setDefaultTimeout(60_000);
const server = await startServer();
afterAll(() => server.dispose());

const apart = (one: string | null | undefined, other: number): number =>
  Math.abs(Date.parse(one ?? "") - other);
/** How exactly the end of a server that died is known, in ms: its signs of life come every second. */
const EXACT_MS = 2000;

/** A lesson with two in the room for so long that the server has shown that it lives meanwhile. */
async function attended(): Promise<Lesson & { sessionId: string }> {
  const physics = await lesson(server, 2);
  const { sessionId } = await startSession(server, physics.teacher, physics.classId);
  for (const at of [0, 1]) await enterRoom(seat(physics, at).socket, physics.classId);
  await until(
    "two seconds in the room",
    () => presenceOf(server, physics.teacher, sessionId),
    ({ students }) => students.every(({ inRoomMs }) => inRoomMs > 2200),
  );
  return { ...physics, sessionId };
}

test("PR11 a server that is killed sees out who was there at its last sign of life; who is back at once was never away", async () => {
  const { sessionId, teacher, classId, students } = await attended();
  const [ada, ben] = students;
  if (!ada || !ben) throw new Error("a lesson of two");
  const killed = Date.now();
  await server.kill9();
  await server.start();
  const gone = await presenceOfStudent(server, teacher, sessionId, ada);
  expect(gone).toMatchObject({ here: false, intervals: [{ fromBy: "socket", toBy: "last-sign-of-life" }] });
  expect(apart(gone.intervals[0]?.to, killed)).toBeLessThan(EXACT_MS);
  const back = Date.now();
  await enterRoom(await connect(server, ada), classId);
  const [interval, more] = (await presenceOfStudent(server, teacher, sessionId, ada)).intervals;
  expect(more).toBeUndefined();
  expect(interval).toMatchObject({ from: gone.intervals[0]?.from, to: null });
  const [gap] = interval?.bridged ?? [];
  expect(apart(gap?.from, killed)).toBeLessThan(EXACT_MS);
  expect(apart(gap?.to, back)).toBeLessThan(EXACT_MS);
  await endSession(server, teacher, classId);
  const other = await presenceOfStudent(server, teacher, sessionId, ben);
  expect(apart(other.intervals[0]?.to, killed)).toBeLessThan(EXACT_MS);
});

test("PR10 a server that is stopped writes down who left by it, and what it wrote holds together", async () => {
  const { sessionId, teacher, students } = await attended();
  const stopped = Date.now();
  await server.restart();
  for (const who of students) {
    const { here, intervals } = await presenceOfStudent(server, teacher, sessionId, who);
    expect([here, intervals.length, intervals[0]?.toBy]).toEqual([false, 1, "socket"]);
    expect(apart(intervals[0]?.to, stopped)).toBeLessThan(EXACT_MS);
  }
  const reader = openSqliteReader(`${server.dataDir}/rollcall.db`);
  expect((await verify(reader)).faults).toEqual([]);
  await reader.close();
});
