import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { z } from "zod";
import { dataOf, post } from "./http.ts";
import { endSession, join, type Person, school, startSession, student } from "./people.ts";
import { startServer } from "./server.ts";
import { V1Socket } from "./v1-socket.ts";

setDefaultTimeout(60_000);
const server = await startServer({
  FIRST_FRAME_MS: "1500",
  TICKET_LIFETIME_MS: "3000",
  FRAMES_WAITING_MAX: "200",
});
afterAll(() => server.dispose());

/** In this time a busy machine has written a ticket. */
const WRITTEN_MS = 1000;

const Ticket = z.object({ ticket: z.string(), expiresAt: z.string() });
const ticketOf = async (who: Person) =>
  Ticket.parse(dataOf(await post(server, "/auth/ticket", {}, who.token), 201));

/** The code with which a socket is closed that said this first. */
async function closeAfter(first: object | string | Uint8Array<ArrayBuffer>): Promise<number> {
  const socket = await V1Socket.open(server);
  socket.send(first);
  return socket.closed();
}

test("C15 a ticket opens one socket, once, for its user", async () => {
  const [ada, ben] = await Promise.all([join(server, "teacher"), join(server, "student")]);
  for (const who of [ada, ben]) {
    const { ticket } = await ticketOf(who);
    const socket = await V1Socket.open(server);
    socket.send({ type: "hello", ticket });
    expect((await socket.next("hello")).user).toMatchObject({ id: who.id, name: who.name, role: who.role });
    await socket.next("ready");
    expect(await closeAfter({ type: "hello", ticket })).toBe(4401);
    socket.send({ type: "ping" });
    await socket.next("pong");
    socket.close();
  }
});

test("C15 of many sockets with one ticket one comes in, and a ticket is good for as long as it says", async () => {
  const ada = await join(server, "teacher");
  const { ticket } = await ticketOf(ada);
  const sockets = await Promise.all(Array.from({ length: 8 }, () => V1Socket.open(server)));
  for (const socket of sockets) socket.send({ type: "hello", ticket });
  const ends = await Promise.all(
    sockets.map((socket) =>
      socket.next("ready").then(
        () => "ready",
        () => socket.closeCode,
      ),
    ),
  );
  expect(ends.toSorted()).toEqual([...Array(7).fill(4401), "ready"]);
  for (const socket of sockets) socket.close();
  const late = await ticketOf(ada);
  // By the clock of the database, which counts from when it wrote the ticket.
  while (Date.now() <= Date.parse(late.expiresAt) + WRITTEN_MS) await Bun.sleep(20);
  expect(await closeAfter({ type: "hello", ticket: late.ticket })).toBe(4401);
});

test("C16 each wrong first frame has its close code", async () => {
  const { token } = await join(server, "teacher");
  const id = (n: number) => n.toString(16).padStart(24, "0");
  const sessions = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [id(n), 1]));
  const wrong: [object | string | Uint8Array<ArrayBuffer>, number][] = [
    ["{", 4400],
    ["[]", 4400],
    [{ type: "hello" }, 4400],
    [{ type: "ping" }, 4400],
    [new TextEncoder().encode(JSON.stringify({ type: "hello", token })), 4400],
    [{ type: "hello", token, after: { none: 1 } }, 4400],
    [{ type: "hello", token, after: { [id(1)]: -1 } }, 4400],
    [{ type: "hello", token, after: sessions(101) }, 4400],
    [{ type: "hello", token: `${token}x` }, 4401],
    [{ type: "hello", ticket: "nobody's" }, 4401],
    ["x".repeat(65_537), 1009],
  ];
  for (const [first, code] of wrong) expect([first, await closeAfter(first)]).toEqual([first, code]);
  expect(await (await V1Socket.open(server)).closed()).toBe(4408);
  const socket = await V1Socket.ready(server, { token, after: sessions(100) });
  socket.close();
});

test("C5 a resume from the future gets the session whole, one of another's session gets nothing of it", async () => {
  const [ours, theirs] = [await school(server, 1), await school(server, 1)];
  const { sessionId: session } = await startSession(server, ours.teacher, ours.classId);
  const { sessionId: foreign } = await startSession(server, theirs.teacher, theirs.classId);
  for (const who of [ours.teacher, student(ours, 0)]) {
    const socket = await V1Socket.open(server);
    const after = { [session]: 7, [foreign]: 1, ["e".repeat(24)]: 1 };
    socket.send({ type: "hello", token: who.token, after });
    await socket.next("ready").catch(() => undefined);
    const again = await V1Socket.ready(server, { token: who.token });
    for (const [id, from] of Object.entries(after)) {
      again.frames.splice(0);
      again.send({ type: "resume", session: id, after: from });
      const { code } = await again.next("error");
      expect(code).toBe(id === session ? "resume-from-future" : "unknown-session");
      if (id === session) expect((await again.next("snapshot")).seq).toBe(1);
    }
    for (const each of [socket, again]) each.close();
  }
});

test("C2 an accepted id answers as the first time after a restart and after the end, and is no other command's", async () => {
  const { teacher, students, classId } = await school(server, 2);
  const [ada, ben] = students.map(({ id }) => id);
  let desk = await V1Socket.ready(server, teacher);
  const ask = (frame: { id: string; [field: string]: unknown }) => {
    desk.send(frame);
    return desk.answer(frame.id);
  };
  const begun = await ask({ type: "start", id: "start", class: classId });
  const session = begun.type === "ack" ? begun.session : "";
  const mark = { type: "mark", id: "mark", session, student: ada, status: "present" };
  const accepted = { type: "ack", id: "mark", session, seq: 2 } as const;
  expect<unknown>(await ask(mark)).toEqual(accepted);
  expect(await ask({ ...mark, id: "no", student: "stranger" })).toMatchObject({
    code: "student-not-enrolled",
  });
  for (const life of ["the same", "another", "ended"]) {
    if (life === "another") {
      await server.kill9();
      await server.restart();
      desk = await V1Socket.ready(server, teacher);
    }
    if (life === "ended") await endSession(server, teacher, classId);
    expect<unknown>(await ask(mark)).toEqual(accepted);
    expect(await ask({ type: "start", id: "start", class: classId })).toEqual(begun);
    expect(await ask({ ...mark, student: ben })).toMatchObject({ type: "refused", code: "id-reused" });
    expect(await ask({ type: "end", id: "mark", session })).toMatchObject({
      type: "refused",
      code: "id-reused",
    });
  }
  expect(await ask({ ...mark, id: "late" })).toMatchObject({ type: "refused", code: "no-active-session" });
  desk.close();
});

test("C16 a flood of unanswered commands closes its socket with 1008, what was acknowledged stands, and others notice nothing", async () => {
  const { teacher, students, classId } = await school(server, 2);
  const { sessionId: session } = await startSession(server, teacher, classId);
  const [desk, calm, seat] = await Promise.all(
    [teacher, teacher, student({ teacher, students, classId }, 0)].map((who) => V1Socket.ready(server, who)),
  );
  if (!desk || !calm || !seat) throw new Error("three sockets");
  for (let n = 0; n < 10_000; n++)
    desk.send({ type: "mark", id: `${n}`, session, student: students[n % 2]?.id, status: "present" });
  expect(await desk.closed()).toBe(1008);
  const acks = desk.frames.flatMap((frame) => (frame.type === "ack" ? frame : []));
  calm.send({ type: "mark", id: "after", session, student: students[0]?.id, status: "absent" });
  const last = await calm.answer("after");
  expect(last.type).toBe("ack");
  const again = await V1Socket.ready(server, { token: teacher.token, after: { [session]: 0 } });
  again.send({ type: "resume", session, after: 0 });
  const events = await again.next("events");
  const seqs = new Set(events.events.map(({ seq }) => seq));
  expect(acks.filter(({ seq }) => !seqs.has(seq))).toEqual([]);
  for (const socket of [calm, seat, again]) socket.close();
});
