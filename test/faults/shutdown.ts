import { loadLog } from "../../src/log/load.ts";
import { openSqliteReader } from "../../src/store/sqlite/index.ts";
import { PlainClient } from "../e2e/plain-client.ts";
import { type Besieged, classOf, startSession } from "./besieged.ts";
import { databaseIn, type StormClass } from "./storm-school.ts";

interface Shutdown {
  readonly exitCode: number | null;
  /** From the signal to the end of the process. */
  readonly ms: number;
  /** How many sockets were closed with each code. */
  readonly codes: Readonly<Record<number, number>>;
  /** Marks that were told, and those in the log. */
  readonly acknowledged: number;
  readonly kept: number;
}

/** What a user may have open. */
const SOCKETS_PER_USER = 20;
const MARKS_AT_ONCE = 4;
const AT_ONCE = 100;

/** How many students a class needs for so many sockets. */
export const studentsFor = (sockets: number): number => Math.ceil(sockets / SOCKETS_PER_USER);

/** Ends the server by SIGTERM while its only class, with this many students' sockets, is being marked without a pause. */
export async function endUnderLoad(siege: Besieged, sockets: number, settleMs: number): Promise<Shutdown> {
  const { server } = siege;
  const cls = classOf(siege, 0);
  await startSession(server, cls);
  const codes: Record<number, number> = {};
  const closed = await openMany(siege, cls, sockets, (code) => {
    codes[code] = (codes[code] ?? 0) + 1;
  });
  const marking = mark(siege, cls);
  await Bun.sleep(settleMs);
  const began = performance.now();
  server.signal("SIGTERM");
  const exitCode = await server.ended();
  const ms = performance.now() - began;
  await Promise.all(closed);
  const acknowledged = await marking;
  return { exitCode, ms, codes, acknowledged, kept: await marksKept(siege, cls) };
}

/** Opens the sockets, some at a time; gives a promise for each that resolves once it is closed. */
async function openMany(
  { server }: Besieged,
  { students }: StormClass,
  count: number,
  note: (code: number) => void,
): Promise<Promise<void>[]> {
  const closed: Promise<void>[] = [];
  while (closed.length < count) {
    const opened: Promise<void>[] = [];
    for (let n = 0; n < AT_ONCE && closed.length < count; n++) {
      const student = students[closed.length % students.length];
      const socket = new WebSocket(server.socketUrl(student?.token ?? ""));
      opened.push(new Promise((resolve) => socket.addEventListener("open", () => resolve())));
      const gone = Promise.withResolvers<void>();
      socket.onclose = ({ code }) => {
        note(code);
        gone.resolve();
      };
      closed.push(gone.promise);
    }
    await Promise.all(opened);
  }
  return closed;
}

/** Marks as fast as this process itself can hear it, until the socket is gone; gives how many marks were told. */
async function mark({ server }: Besieged, { teacher, students }: StormClass): Promise<number> {
  const open = (token: string) => PlainClient.open(server.socketUrl(token));
  const [desk, seat] = await Promise.all([open(teacher.token), open(teacher.token)]);
  let told = 0;
  try {
    for (let lap = 0; ; lap++) {
      const status = lap % 2 ? "absent" : "present";
      for (const { id } of students.slice(0, MARKS_AT_ONCE))
        desk.send("ATTENDANCE_MARKED", { studentId: id, status });
      for (const socket of [desk, seat]) await socket.nextOf(MARKS_AT_ONCE);
      told += MARKS_AT_ONCE;
    }
  } catch {
    for (const socket of [desk, seat]) await socket.closed();
    return told + desk.unread;
  }
}

async function marksKept({ server }: Besieged, cls: StormClass): Promise<number> {
  const reader = openSqliteReader(databaseIn(server.dataDir));
  try {
    const running = await reader.sessions.runningOf(cls.id);
    if (!running) throw new Error("the session does not run on");
    const { log } = await loadLog(reader.sessions, running.id);
    return log.filter(({ type }) => type === "marked").length;
  } finally {
    await reader.close();
  }
}
