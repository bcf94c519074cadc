import { afterAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { loadLog } from "../../src/log/load.ts";
import { verify } from "../../src/log/verify.ts";
import { openSqliteReader } from "../../src/store/sqlite/index.ts";
import { call, get, post, refused } from "../e2e/http.ts";
import { everyone, type Lesson, lesson, seat } from "../e2e/lesson.ts";
import { newcomer, recordOf } from "../e2e/people.ts";
import { error, type Frame, marked } from "../e2e/plain-client.ts";
import { startServer, type TestServer } from "../e2e/server.ts";
import { SmallDisk } from "./tmpfs.ts";

setDefaultTimeout(120_000);
const disk = new SmallDisk(8);
const server = await startServer({ ROLLCALL_DATA: disk.folder });
beforeEach(async () => {
  disk.empty();
  await untilHealth(server, 200);
});
afterAll(async () => {
  await server.stop("SIGKILL");
  disk.remove();
});

const notSaved = error("Could not save, try again");
const mark = (of: Lesson, studentId: string, status: string) =>
  of.desk.send("ATTENDANCE_MARKED", { classId: of.classId, studentId, status });

/** What is answered to a mark: its broadcast, or an error. */
async function marking(of: Lesson, studentId: string, status: string): Promise<Frame> {
  mark(of, studentId, status);
  return of.desk.next();
}

/**
 * Marks a student, who is present, to and fro until the first refusal, for the log may still have room in pages that
 * it holds already. Gives the status that was last taken.
 */
async function untilRefused(of: Lesson, studentId: string): Promise<string> {
  for (let tries = 0, last = "present"; tries < 20_000; tries++) {
    const next = last === "absent" ? "present" : "absent";
    const answer = await marking(of, studentId, next);
    if (Bun.deepEquals(answer, notSaved)) return last;
    expect(answer).toEqual(marked(studentId, next));
    last = next;
  }
  throw new Error("a full disk took every mark");
}

async function untilHealth(of: TestServer, status: number): Promise<void> {
  for (;;) {
    const answer = await call(of, "GET", "/health");
    if (answer.status === status) return;
    await Bun.sleep(50);
  }
}

async function logOf({ classId }: Lesson) {
  const reader = openSqliteReader(join(disk.folder, "rollcall.db"));
  try {
    const heads = await reader.sessions.page(null, 100);
    const head = heads.findLast((one) => one.classId === classId);
    if (!head) throw new Error("the class has no session");
    const { faults } = await verify(reader);
    return { log: (await loadLog(reader.sessions, head.id)).log, faults };
  } finally {
    await reader.close();
  }
}

test("D21 on a full disk marks are refused and told to nobody, reads go on, and writes come back by themselves", async () => {
  const maths = await lesson(server, 2);
  const [ada, ben] = [seat(maths, 0), seat(maths, 1)];
  expect(await marking(maths, ben.person.id, "present")).toEqual(marked(ben.person.id, "present"));
  disk.fill();
  const last = await untilRefused(maths, ben.person.id);
  const told = maths.desk.received.filter((frame) => !Bun.deepEquals(frame, notSaved));
  for (let tries = 0; tries < 50; tries++)
    expect(await marking(maths, ben.person.id, "absent")).toEqual(notSaved);
  expect(await marking(maths, ada.person.id, "present")).toEqual(notSaved);
  // Nobody heard of a refused mark, and what is on disk can be asked for.
  for (const { socket, person } of [ada, ben]) {
    expect((await socket.heard()).filter((frame) => !Bun.deepEquals(frame, told[0]))).toEqual(told.slice(1));
    socket.send("MY_ATTENDANCE");
    const status = person.id === ben.person.id ? last : "not yet updated";
    expect(await socket.next()).toEqual({ event: "MY_ATTENDANCE", data: { status } });
    expect(await get(server, `/class/${maths.classId}`, person.token)).toMatchObject({ status: 200 });
    expect(await recordOf(server, person, maths.classId)).toBeNull();
  }
  expect(await get(server, `/class/${maths.classId}`, maths.teacher.token)).toMatchObject({ status: 200 });
  await untilHealth(server, 503);
  expect(await post(server, "/auth/signup", newcomer("student"))).toEqual(
    refused(503, "Could not save, try again"),
  );
  disk.empty();
  await untilHealth(server, 200);
  expect(await marking(maths, ben.person.id, "absent")).toEqual(marked(ben.person.id, "absent"));
  const { log, faults } = await logOf(maths);
  expect(faults).toEqual([]);
  const kept = log.flatMap((event) => (event.type === "marked" ? [marked(event.student, event.status)] : []));
  expect(kept).toEqual([...told, marked(ben.person.id, "absent")]);
  for (const socket of everyone(maths)) expect(socket.closeCode).toBeUndefined();
});

test("DP3 a server that cannot save is not to be restarted: /health/live goes on answering 200", async () => {
  const maths = await lesson(server, 1);
  const { id } = seat(maths, 0).person;
  expect(await marking(maths, id, "present")).toEqual(marked(id, "present"));
  disk.fill();
  await untilRefused(maths, id);
  await untilHealth(server, 503);
  expect(await get(server, "/health/live")).toEqual({
    status: 200,
    body: { success: true, data: { status: "ok" } },
  });
});

test("D21 an end on a full disk is refused, and whole once there is room", async () => {
  const maths = await lesson(server, 2);
  const [ada, ben] = [seat(maths, 0), seat(maths, 1)];
  expect(await marking(maths, ada.person.id, "present")).toEqual(marked(ada.person.id, "present"));
  disk.fill();
  await untilRefused(maths, ada.person.id);
  maths.desk.send("DONE", { classId: maths.classId });
  expect(await maths.desk.next()).toEqual(notSaved);
  expect(await recordOf(server, ada.person, maths.classId)).toBeNull();
  disk.empty();
  expect(await marking(maths, ben.person.id, "present")).toEqual(marked(ben.person.id, "present"));
  maths.desk.send("DONE", { classId: maths.classId });
  expect(await maths.desk.next()).toMatchObject({ event: "DONE", data: { total: 2 } });
  expect(await recordOf(server, ben.person, maths.classId)).toBe("present");
  expect((await logOf(maths)).faults).toEqual([]);
});

test("D21 a server killed on a full disk says why it cannot start, and starts with everything once there is room", async () => {
  const maths = await lesson(server, 1);
  const { person } = seat(maths, 0);
  expect(await marking(maths, person.id, "present")).toEqual(marked(person.id, "present"));
  disk.fill();
  const last = await untilRefused(maths, person.id);
  await server.kill9();
  await expect(server.start()).rejects.toThrow("disk is full");
  disk.empty();
  await server.start();
  const { log, faults } = await logOf(maths);
  expect(faults).toEqual([]);
  expect(log.at(-1)).toMatchObject({ type: "marked", student: person.id, status: last });
});
