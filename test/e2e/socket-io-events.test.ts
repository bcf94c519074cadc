import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import {
  Ended,
  enter,
  IoClient,
  ioLesson,
  leave,
  poll,
  seatOf,
  type Way,
  ways,
  webSocket,
} from "./io-client";
import { join, recordOf, student } from "./people";
import { error, marked } from "./plain-client";
import { startServer, type TestServer } from "./server";

setDefaultTimeout(60_000);
let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.dispose());

const described = ways.map((way) => [`${way.version} over ${way.transports.join(", then ")}`, way] as const);

test.each(described)(
  "SI1 comes in with its token in query or auth and hears nothing that nobody asked for (%s)",
  async (_, way) => {
    const { token } = await join(server, "student");
    for (const credentials of [{ query: { token } }, { auth: { token } }]) {
      const client = await IoClient.open(server, credentials, way);
      expect(client.refusal).toBeUndefined();
      expect(await client.heard()).toEqual([]);
      client.close();
    }
  },
);

test.each(described)("SI1 ends up on the last of its transports (%s)", async (_, way) => {
  const client = await enter(server, await join(server, "teacher"), way);
  await client.when("the last transport", () => client.transport === way.transports.at(-1));
  expect(await client.heard()).toEqual([]);
  client.close();
});

test.each(described)(
  "SI2 a bad or missing token is a connect_error with the contract's words (%s)",
  async (_, way) => {
    const { token } = await join(server, "student");
    for (const credentials of [{}, { auth: { token: "x" } }, { query: { token: `${token}x` } }]) {
      const client = await IoClient.open(server, credentials, way);
      expect(client.refusal).toBe("Unauthorized or invalid token");
      expect(client.received).toEqual([]);
      client.close();
    }
  },
);

test.each(described)(
  "SI3 a mark is broadcast to the class, present unless it says otherwise (%s)",
  async (_, way) => {
    const held = await ioLesson(server, 2, way);
    const [ada, ben] = [student(held, 0), student(held, 1)];
    held.desk.send("MARK_ATTENDANCE", { studentId: ada.id });
    held.desk.send("MARK_ATTENDANCE", { studentId: ben.id, status: "absent" });
    held.desk.send("MARK_ATTENDANCE", { studentId: ben.id, status: "present", classId: held.classId });
    for (const client of held.all) {
      expect(await client.nextOf(3)).toEqual([
        marked(ada.id, "present"),
        marked(ben.id, "absent"),
        marked(ben.id, "present"),
      ]);
      expect(await client.heard()).toEqual([]);
    }
    leave(...held.all);
  },
);

test.each(described)(
  "SI4 a summary and a student's own status are told to the asker alone (%s)",
  async (_, way) => {
    const held = await ioLesson(server, 2, way);
    const [ada, ben] = [student(held, 0), student(held, 1)];
    const first = seatOf(held, 0);
    const status = (value: string | null) => ({ event: "MY_STATUS", data: { status: value } });
    const summary = (...presentStudentIds: string[]) => ({
      event: "TODAY_SUMMARY",
      data: { presentCount: presentStudentIds.length, presentStudentIds },
    });
    held.desk.send("GET_TODAY_SUMMARY");
    expect(await held.desk.next()).toEqual(summary());
    first.send("CHECK_MY_STATUS");
    expect(await first.next()).toEqual(status(null));
    held.desk.send("MARK_ATTENDANCE", { studentId: ada.id });
    held.desk.send("MARK_ATTENDANCE", { studentId: ben.id, status: "absent" });
    held.desk.send("GET_TODAY_SUMMARY", {});
    expect((await held.desk.until("TODAY_SUMMARY")).at(-1)).toEqual(summary(ada.id));
    for (const client of held.seats) await client.nextOf(2);
    first.send("CHECK_MY_STATUS", { classId: held.classId });
    expect(await first.next()).toEqual(status("present"));
    for (const client of held.all) expect(await client.heard()).toEqual([]);
    leave(...held.all);
  },
);

test.each(described)(
  "SI5 DONE is told as SESSION_ENDED over the whole roll, once the records stand (%s)",
  async (_, way) => {
    const held = await ioLesson(server, 3, way);
    const [ada, ben, cleo] = [student(held, 0), student(held, 1), student(held, 2)];
    held.desk.send("MARK_ATTENDANCE", { studentId: ada.id });
    held.desk.send("DONE");
    for (const client of held.all) {
      const { data } = Ended.parse((await client.until("SESSION_ENDED")).at(-1));
      expect(data).toMatchObject({ classId: held.classId, totalStudents: 3, presentCount: 1 });
      const statuses = Object.fromEntries(data.attendance.map((one) => [one.studentId, one.status]));
      expect(statuses).toEqual({ [ada.id]: "present", [ben.id]: "absent", [cleo.id]: "absent" });
      expect(await recordOf(server, ben, held.classId)).toBe("absent");
      expect(await client.heard()).toEqual([]);
    }
    leave(...held.all);
  },
);

test.each([poll, webSocket])(
  "SI6 the plain names are commands too, answered in Socket.IO's (%o)",
  async (way) => {
    const held = await ioLesson(server, 1, way);
    const [ada, first] = [student(held, 0), seatOf(held, 0)];
    held.desk.send("ATTENDANCE_MARKED", { studentId: ada.id, status: "present" });
    for (const client of held.all) expect(await client.next()).toEqual(marked(ada.id, "present"));
    held.desk.send("ATTENDANCE_MARKED", { studentId: ada.id });
    expect(await held.desk.next()).toEqual(error("Invalid message format"));
    held.desk.send("TODAY_SUMMARY");
    const data = { presentCount: 1, presentStudentIds: [ada.id] };
    expect(await held.desk.next()).toEqual({ event: "TODAY_SUMMARY", data });
    first.send("MY_ATTENDANCE");
    expect(await first.next()).toEqual({ event: "MY_STATUS", data: { status: "present" } });
    for (const client of held.all) expect(await client.heard()).toEqual([]);
    leave(...held.all);
  },
);

test("SI10 clients that move from polling to WebSocket amid marks hear each once, in the order of the log", async () => {
  const held = await ioLesson(server, 1, webSocket);
  const { id } = student(held, 0);
  const both: Way["transports"] = ["polling", "websocket"];
  const movers: IoClient[] = [];
  const moving = ["newest", "4.0", "newest", "4.0", "newest", "4.0"] as const;
  const opened = moving.map(async (version) =>
    movers.push(await enter(server, student(held, 0), { version, transports: both })),
  );
  const moved = () =>
    movers.length === moving.length && movers.every((client) => client.transport === "websocket");
  for (let n = 0; !moved() && n < 20_000; n++) {
    held.desk.send("MARK_ATTENDANCE", { studentId: id, status: Math.random() < 0.5 ? "absent" : "present" });
    if (n % 5 === 4) await held.desk.nextOf(5);
  }
  await Promise.all(opened);
  held.desk.send("DONE");
  const all = await seatOf(held, 0).until("SESSION_ENDED");
  for (const client of movers) {
    const heard = await client.until("SESSION_ENDED");
    expect(heard.length).toBeGreaterThan(1);
    expect(heard).toEqual(all.slice(-heard.length));
  }
  leave(...held.all, ...movers);
});
