import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { z } from "zod";
import { dataOf, get } from "./http";
import { everyone, type Lesson, lesson, seat, seated } from "./lesson";
import { endSession, login, recordOf, school, startSession } from "./people";
import { error, type Frame, marked, type PlainClient } from "./plain-client";
import { startServer } from "./server";

setDefaultTimeout(120_000);
const server = await startServer();
afterAll(() => server.dispose());

const done = (present: number, absent: number) => ({
  event: "DONE",
  data: { message: "Attendance persisted", present, absent, total: present + absent },
});

async function answer(socket: PlainClient, event: string): Promise<Frame> {
  socket.send(event);
  return socket.next();
}

const ownStatus = (of: Lesson, n: number) => answer(seat(of, n).socket, "MY_ATTENDANCE");

test("D1 a mark that the teacher saw broadcast outlives a kill -9, and its session runs on", async () => {
  for (const status of ["present", "absent", "present"]) {
    const before = await lesson(server, 2);
    const started = await startSession(server, before.teacher, before.classId);
    const { id } = seat(before, 0).person;
    before.desk.send("ATTENDANCE_MARKED", { studentId: id, status });
    expect(await before.desk.next()).toEqual(marked(id, status));
    await server.kill9();
    await server.restart();
    const after = await seated(server, before);
    expect(await startSession(server, before.teacher, before.classId)).toEqual(started);
    expect(await ownStatus(after, 0)).toEqual({ event: "MY_ATTENDANCE", data: { status } });
    expect(await ownStatus(after, 1)).toEqual({
      event: "MY_ATTENDANCE",
      data: { status: "not yet updated" },
    });
    expect(await recordOf(server, seat(after, 0).person, after.classId)).toBeNull();
    const present = status === "present" ? 1 : 0;
    after.desk.send("DONE");
    for (const socket of everyone(after)) expect(await socket.next()).toEqual(done(present, 2 - present));
    expect(await recordOf(server, seat(after, 0).person, after.classId)).toBe(status);
    expect(await recordOf(server, seat(after, 1).person, after.classId)).toBe("absent");
  }
});

test("D1 of many marks in flight at a kill -9 none that was seen is lost", async () => {
  const before = await lesson(server, 30);
  for (const { id } of before.students)
    before.desk.send("ATTENDANCE_MARKED", { studentId: id, status: "present" });
  await before.desk.nextOf(5);
  await server.kill9();
  const seen = new Set(before.desk.received.map((frame) => Marked.parse(frame).data.studentId));
  await server.restart();
  const after = await seated(server, before);
  const summary = Summary.parse(await answer(after.desk, "TODAY_SUMMARY")).data;
  expect(summary.present).toBeGreaterThanOrEqual(seen.size);
  const figures = await endSession(server, after.teacher, after.classId);
  expect(figures).toMatchObject({ present: summary.present, absent: 30 - summary.present, total: 30 });
  const lost = await Promise.all(
    after.students
      .filter(({ id }) => seen.has(id))
      .map(async (one) => ({ id: one.id, record: await recordOf(server, one, after.classId) })),
  );
  expect(lost.filter(({ record }) => record !== "present")).toEqual([]);
});

const Marked = z.object({ data: z.object({ studentId: z.string(), status: z.string() }) });
const Summary = z.object({ data: z.object({ present: z.number(), absent: z.number(), total: z.number() }) });

test.each(["SIGKILL", "SIGTERM"] as const)("D2 what was DONE stays on record after a %s", async (signal) => {
  const before = await lesson(server, 2);
  before.desk.send("ATTENDANCE_MARKED", { studentId: seat(before, 0).person.id, status: "present" });
  before.desk.send("DONE");
  expect((await before.desk.until("DONE")).at(-1)).toEqual(done(1, 1));
  await server.stop(signal);
  await server.restart();
  expect(await recordOf(server, seat(before, 0).person, before.classId)).toBe("present");
  expect(await recordOf(server, seat(before, 1).person, before.classId)).toBe("absent");
  const after = await seated(server, before);
  const none = error("No active attendance session");
  expect(await answer(after.desk, "TODAY_SUMMARY")).toEqual(none);
  expect(await ownStatus(after, 0)).toEqual(none);
  await startSession(server, after.teacher, after.classId);
  expect(await answer(after.desk, "TODAY_SUMMARY")).toMatchObject({
    data: { present: 0, absent: 0, total: 0 },
  });
});

test("D3 running sessions of several classes run on after a clean restart, marks included", async () => {
  const before = await Promise.all([lesson(server, 1), lesson(server, 1)]);
  const rooms = () =>
    Promise.all(
      before.map(async (one) => dataOf(await get(server, `/class/${one.classId}/room`, one.teacher.token))),
    );
  const open = await rooms();
  for (const one of before) {
    one.desk.send("ATTENDANCE_MARKED", { studentId: seat(one, 0).person.id, status: "present" });
    await one.desk.next();
  }
  expect(await server.stop()).toBe(0);
  await server.restart();
  expect(await rooms()).toEqual(open);
  for (const one of before) {
    const after = await seated(server, one);
    expect(await ownStatus(after, 0)).toEqual({ event: "MY_ATTENDANCE", data: { status: "present" } });
    expect(await answer(after.desk, "DONE")).toEqual(done(1, 0));
  }
});

test("D4 users, passwords, tokens and classes outlive a kill -9", async () => {
  const { teacher, students, classId } = await school(server, 2);
  const shown = dataOf(await get(server, `/class/${classId}`, teacher.token));
  await server.kill9();
  await server.restart();
  expect(dataOf(await get(server, `/class/${classId}`, teacher.token))).toEqual(shown);
  for (const one of [teacher, ...students]) await login(server, one.email, one.password);
});
