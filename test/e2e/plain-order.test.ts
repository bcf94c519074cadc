import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { z } from "zod";
import { everyone, lesson, seat } from "./lesson";
import { endSession, recordOf } from "./people";
import { connect, connectAll, type Frame, marked, type PlainClient } from "./plain-client";
import { startServer } from "./server";

setDefaultTimeout(60_000);
const server = await startServer();
afterAll(() => server.dispose());

const Mark = z.strictObject({
  event: z.literal("ATTENDANCE_MARKED"),
  data: z.strictObject({ studentId: z.string(), status: z.enum(["present", "absent"]) }),
});

/** What a screen shows after these marks: the last status of each student. */
function screen(frames: Frame[]): Map<string, string> {
  return new Map(
    frames.map((frame) => Mark.parse(frame).data).map(({ studentId, status }) => [studentId, status]),
  );
}

/** The place of the socket's latest frame among the frames of all sockets. */
const place = (socket: PlainClient) => socket.places.at(-1) ?? Number.NaN;

test("P19 a mark reaches the teacher's own sockets before any student's", async () => {
  const physics = await lesson(server, 5);
  const tab = await connect(server, physics.teacher);
  const { id } = seat(physics, 0).person;
  for (let round = 0; round < 20; round += 1) {
    const status = round % 2 ? "absent" : "present";
    physics.desk.send("ATTENDANCE_MARKED", { studentId: id, status });
    for (const socket of [...everyone(physics), tab]) expect(await socket.next()).toEqual(marked(id, status));
    const teachers = Math.max(place(physics.desk), place(tab));
    expect(Math.min(...physics.seats.map(place))).toBeGreaterThan(teachers);
  }
});

test("P19 so does every other frame of the class", async () => {
  const physics = await lesson(server, 2);
  const { person, socket } = seat(physics, 0);
  const steps: [string, string][] = [
    ["ATTENDANCE_MARKED", "ATTENDANCE_MARKED"],
    ["TODAY_SUMMARY", "TODAY_SUMMARY"],
    ["DONE", "DONE"],
  ];
  for (const [event, answer] of steps) {
    physics.desk.send(event, { studentId: person.id, status: "present" });
    const frame = (await physics.desk.until(answer)).at(-1);
    const teachers = place(physics.desk);
    expect(await socket.next()).toEqual(frame ?? null);
    expect(place(socket)).toBeGreaterThan(teachers);
  }
});

test("P20 two tabs of one teacher that disagree leave every screen alike", async () => {
  const physics = await lesson(server, 4);
  const tabs = await connectAll(server, [physics.teacher, physics.teacher]);
  const screens = [...everyone(physics), ...tabs];
  const ids = physics.students.map((one) => one.id);
  for (let at = 0; at < 100; at += 1) {
    const studentId = ids[at % ids.length] ?? "";
    tabs[0]?.send("ATTENDANCE_MARKED", { studentId, status: "present" });
    tabs[1]?.send("ATTENDANCE_MARKED", { studentId, status: "absent" });
    if (at % 10 === 0) await tabs[0]?.nextOf(1); // now and then in answer to a frame, not only in one go
  }
  const [first, ...others] = await Promise.all(screens.map((socket) => seen(socket, 200)));
  for (const other of others) expect(other).toEqual(first ?? []);
  const shown = screen(first ?? []);
  expect([...shown.keys()].toSorted()).toEqual(ids.toSorted());
  for (const [at, id] of ids.entries()) {
    const { socket } = seat(physics, at);
    socket.send("MY_ATTENDANCE");
    expect((await socket.until("MY_ATTENDANCE")).at(-1)).toEqual({
      event: "MY_ATTENDANCE",
      data: { status: shown.get(id) ?? "none" },
    });
  }
  const present = [...shown.values()].filter((status) => status === "present").length;
  expect(await endSession(server, physics.teacher, physics.classId)).toMatchObject({ present, total: 4 });
  for (const one of physics.students) {
    expect(await recordOf(server, one, physics.classId)).toBe(shown.get(one.id) ?? "none");
  }
});

/** The first `count` frames that the socket ever got. */
async function seen(socket: PlainClient, count: number): Promise<Frame[]> {
  await socket.nextOf(count - (socket.received.length - socket.unread));
  return socket.received.slice(0, count);
}

test("P20 marks, summaries and the end come in one order on every socket", async () => {
  const physics = await lesson(server, 3);
  const tab = await connect(server, physics.teacher);
  for (let at = 0; at < 60; at += 1) {
    const from = at % 2 ? physics.desk : tab;
    const { id } = seat(physics, at % 3).person;
    from.send("ATTENDANCE_MARKED", { studentId: id, status: at % 4 ? "present" : "absent" });
    if (at % 5 === 0) from.send("TODAY_SUMMARY");
  }
  await physics.desk.nextOf(60 + 12);
  physics.desk.send("DONE");
  const sequences = await Promise.all([...everyone(physics), tab].map((socket) => untilDone(socket)));
  for (const sequence of sequences) expect(sequence).toEqual(sequences[0] ?? []);
  expect(sequences[0]).toHaveLength(60 + 12 + 1);
});

/** Everything that the socket heard of the class, to the end. */
async function untilDone(socket: PlainClient): Promise<Frame[]> {
  await socket.until("DONE");
  return socket.received;
}
