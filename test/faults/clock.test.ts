import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { z } from "zod";
import { sessionIdSchema } from "../../protocol/ids.ts";
import type { SessionId } from "../../src/core/ids.ts";
import { loadLog } from "../../src/log/load.ts";
import { verify } from "../../src/log/verify.ts";
import { HealthCheck } from "../../src/observe/health.ts";
import { openSqliteReader } from "../../src/store/sqlite/index.ts";
import { error, marked, PlainClient } from "../e2e/plain-client.ts";
import { classOf } from "./besieged.ts";
import { ClockServer, DAY_MS } from "./clock-server.ts";
import type { Pupil, StormClass } from "./storm-school.ts";
import { V1Client } from "./v1-client.ts";

setDefaultTimeout(60_000);

async function ask(server: ClockServer, method: string, path: string, token: string, body?: object) {
  const response = await fetch(server.url + path, {
    method,
    headers: { authorization: token },
    ...(body && { body: JSON.stringify(body) }),
  });
  const { data } = z.object({ data: z.unknown().optional() }).parse(await response.json());
  return { status: response.status, data };
}

const plain = (server: ClockServer, token: string) =>
  PlainClient.open(`${server.url.replace("http", "ws")}/ws?token=${token}`);

async function startOf(server: ClockServer, cls: StormClass, token = cls.teacher.token): Promise<SessionId> {
  const { data } = await ask(server, "POST", "/attendance/start", token, { classId: cls.id });
  return z.object({ sessionId: sessionIdSchema }).parse(data).sessionId;
}

const mark = ({ id }: Pupil, status = "present") => ({ studentId: id, status });

function studentOf(cls: StormClass, n: number): Pupil {
  const student = cls.students[n];
  if (!student) throw new Error(`no student ${n}`);
  return student;
}

async function logOf(server: ClockServer, id: SessionId) {
  const reader = openSqliteReader(server.database);
  try {
    expect((await verify(reader)).faults).toEqual([]);
    return (await loadLog(reader.sessions, id)).log;
  } finally {
    await reader.close();
  }
}

const servers: ClockServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.end())));

async function world() {
  const server = await ClockServer.start({ classes: 1, students: 2, spare: 0 });
  servers.push(server);
  const cls = classOf(server, 0);
  const [ada, ben] = [studentOf(cls, 0), studentOf(cls, 1)];
  return { server, cls, ada, ben };
}

const jumps = [
  ["a day ahead", DAY_MS + 60_000, await world()],
  ["a day back", -DAY_MS - 60_000, await world()],
] as const;

test.each(jumps)(
  "W40 the clock jumps %s: sockets stay, marks follow each other in the log, and who resumes gets what is missing",
  async (_what, jump, { server, cls, ada, ben }) => {
    const session = await startOf(server, cls);
    const [desk, seat] = [await plain(server, cls.teacher.token), await plain(server, ada.token)];
    desk.send("ATTENDANCE_MARKED", mark(ada));
    for (const socket of [desk, seat]) expect(await socket.next()).toEqual(marked(ada.id, "present"));
    server.jump(jump);
    desk.send("ATTENDANCE_MARKED", mark(ada, "absent"));
    desk.send("ATTENDANCE_MARKED", mark(ben));
    for (const socket of [desk, seat])
      expect(await socket.nextOf(2)).toEqual([marked(ada.id, "absent"), marked(ben.id, "present")]);
    const client = new V1Client(await server.token(cls.teacher.id, "teacher"));
    client.views.sessions.set(session, { seq: 2, ended: false, marks: new Map([[ada.id, "present"]]) });
    await client.connect(server.url);
    expect(client.views.faults).toEqual([]);
    const marks = new Map([
      [ada.id, "absent"],
      [ben.id, "present"],
    ]);
    expect(client.views.sessions.get(session)).toEqual({ seq: 4, ended: false, marks });
    const log = await logOf(server, session);
    expect(log.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    // The times are the clock's own; the order is not by them.
    expect(Math.sign((log[2]?.at ?? 0) - (log[1]?.at ?? 0))).toBe(Math.sign(jump));
  },
);

test.each(jumps)(
  "W41 the clock has jumped %s: a token and a ticket hold as the clock says",
  async (_what, jump, { server, cls }) => {
    const old = cls.teacher.token;
    const now = await server.token(cls.teacher.id, "teacher");
    expect((await ask(server, "GET", "/me", old)).status).toBe(jump > 0 ? 401 : 200);
    expect((await ask(server, "GET", "/me", now)).status).toBe(200);
    const socket = await plain(server, old);
    if (jump > 0) expect(await socket.next()).toEqual(error("Unauthorized or invalid token"));
    else expect(await socket.heard()).toEqual([]);
    const { data } = await ask(server, "POST", "/auth/ticket", now);
    const { ticket } = z.object({ ticket: z.string() }).parse(data);
    server.jump(jump);
    const [first, second] = [await hello(server, ticket), await hello(server, ticket)];
    // Expired where the clock went on; where it went back, good once and no more.
    expect([first, second]).toEqual(jump > 0 ? [4401, 4401] : ["ready", 4401]);
    server.jump(-jump);
  },
);

test.each(jumps)(
  "W42 the clock has jumped %s: after a restart the session runs on, and its end has the marks of both sides",
  async (_what, _jump, { server, cls, ada, ben }) => {
    await server.restart();
    const desk = await plain(server, await server.token(cls.teacher.id, "teacher"));
    desk.send("DONE");
    expect(await desk.next()).toMatchObject({ event: "DONE", data: { present: 1, absent: 1, total: 2 } });
    expect(await recordOf(server, cls, ada)).toBe("absent");
    expect(await recordOf(server, cls, ben)).toBe("present");
    await desk.close();
  },
);

async function recordOf(server: ClockServer, cls: StormClass, { id }: Pupil): Promise<unknown> {
  const token = await server.token(id, "student");
  const { data } = await ask(server, "GET", `/class/${cls.id}/my-attendance`, token);
  return z.object({ status: z.unknown() }).parse(data).status;
}

/** What a ticket comes to: "ready", or the close code. */
function hello(server: ClockServer, ticket: string): Promise<"ready" | number> {
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/ws`, "rollcall.v1");
  socket.onopen = () => socket.send(JSON.stringify({ type: "hello", ticket }));
  return new Promise((resolve) => {
    socket.onclose = ({ code }) => resolve(code);
    socket.onmessage = ({ data }) => {
      if (JSON.parse(String(data)).type !== "ready") return;
      resolve("ready");
      socket.close();
    };
  });
}

test("W43 of a teacher's sessions the one started last is the latest, though the clock says that it is older", async () => {
  const { server, cls, ada } = await world();
  const { teacher } = cls;
  const { data } = await ask(server, "POST", "/class", teacher.token, { className: "the other" });
  const other = z.object({ _id: z.string() }).parse(data)._id;
  await ask(server, "POST", `/class/${other}/add-student`, teacher.token, { studentId: ada.id });
  await startOf(server, cls);
  server.jump(-DAY_MS);
  await ask(server, "POST", "/attendance/start", teacher.token, { classId: other });
  for (const restarted of [false, true]) {
    if (restarted) await server.restart();
    const desk = await plain(server, teacher.token);
    desk.send("ATTENDANCE_MARKED", mark(ada));
    expect(await desk.next()).toEqual(marked(ada.id, "present"));
    desk.send("TODAY_SUMMARY", { classId: other });
    expect(await desk.next()).toMatchObject({ data: { present: 1 } });
    await desk.close();
  }
});

test("W43 a class's later session is on record, though the clock says that it ended before the earlier", async () => {
  const { server, cls, ada } = await world();
  for (const status of ["present", "absent"]) {
    await startOf(server, cls);
    const desk = await plain(server, cls.teacher.token);
    desk.send("ATTENDANCE_MARKED", mark(ada, status));
    desk.send("DONE");
    await desk.until("DONE");
    await desk.close();
    expect(await recordOf(server, cls, ada)).toBe(status);
    server.jump(-DAY_MS / 2);
  }
});

test("W44 health answers anew after a clock that went back, whatever had failed before", async () => {
  let now = DAY_MS;
  const health = new HealthCheck({ probe: async () => undefined }, { now: () => now });
  health.failed();
  expect((await health.ask()).status).toBe("failing");
  now = 0;
  expect((await health.ask()).status).toBe("ok");
});
