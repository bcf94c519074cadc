import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { z } from "zod";
import { type Client, connect, memoryStorage, type Outcome, type Sent } from "../../client/index.ts";
import { enterRoom } from "../../client/room.ts";
import { dataOf, post } from "../e2e/http.ts";
import { enrol, join, type Person, recordOf, school, student } from "../e2e/people.ts";
import { met } from "../e2e/room-seat.ts";
import { startServer } from "../e2e/server.ts";
import { eventsOf, Network, until } from "./network.ts";

setDefaultTimeout(120_000);
const server = await startServer();
const network = await new Network(server).open();
afterAll(async () => {
  await network.close();
  await server.dispose();
});

const Ticket = z.object({ ticket: z.string() });

/** A client of ours that connects over the network with a ticket each time. */
function clientOf(who: Person, more: object = {}): Client {
  const credentials = async () =>
    Ticket.parse(dataOf(await post(server, "/auth/ticket", {}, who.token), 201));
  return connect({ url: network.wsUrl, credentials, ...more });
}

const ready = (...clients: Client[]) =>
  until("ready clients", () => clients.every(({ status }) => status.state === "ready"));

async function saved({ outcome }: Sent): Promise<Extract<Outcome, { ok: true }>> {
  const answer = await outcome;
  if (!answer.ok) throw new Error(`refused: ${answer.code}`);
  return answer;
}

/** What a session's screens show, without what students are not told. */
const screen = (client: Client, session: string) => {
  const state = client.sessions.get(session);
  const marks = [...(state?.marks ?? [])].map(([student, { status, seq }]) => [student, status, seq]);
  return { seq: state?.seq, ended: state?.endedAt, present: state?.present, marks };
};

test("VW80 who leaves right behind entering, without an answer, is out", async () => {
  const { of, desk } = await met(server);
  const late = student(of, 1);
  const client = clientOf(late);
  await ready(client);
  enterRoom(client, of.classId).leave();
  await until("a peer that came", () => desk.socket.frames.some(({ type }) => type === "roomChange"));
  client.close();
  const told = await desk.told();
  expect(told).toMatchObject([{ peers: [{ user: late.id }] }, { peers: [] }]);
  expect(told).toMatchObject([{ gone: [] }, { gone: [expect.any(String)] }]);
});

test("C34 kill -9 in the middle of a storm: the client comes back, nothing is lost, nothing is doubled", async () => {
  const { teacher, students, classId } = await school(server, 5);
  const storage = memoryStorage();
  const desk = clientOf(teacher, { storage });
  const seat = clientOf(students[0] ?? teacher);
  const told = new Map<string, number[]>();
  desk.on("event", ({ event, session }) => told.set(session, [...(told.get(session) ?? []), event.seq]));
  await ready(desk, seat);
  const { session } = await saved(desk.start(classId));
  const sent: Sent[] = [];
  const storm = (count: number) => {
    for (let n = 0; n < count; n++)
      sent.push(desk.mark(session, students[n % 5]?.id ?? "", n % 3 === 0 ? "absent" : "present"));
  };
  for (let deaths = 0; deaths < 3; deaths++) {
    storm(300);
    await until("the first acknowledgements", () => desk.waiting.length < 290);
    await server.kill9();
    storm(20);
    await server.restart();
    await until(
      "the last acknowledgement",
      () => desk.waiting.length === 0,
      () => desk.status,
    );
  }
  const places = await Promise.all(sent.map(saved));
  const events = await eventsOf(server, teacher.token, session);
  await ready(desk, seat);
  // Started, and one event for each mark, in the order in which they were given.
  expect(places.map(({ seq }) => seq)).toEqual(sent.map((_, index) => index + 2));
  expect(desk.sessions.get(session)?.seq).toBe(sent.length + 1);
  expect(events).toHaveLength(sent.length + 1);
  expect(new Set(told.get(session)).size).toBe(told.get(session)?.length ?? 0);
  await saved(desk.end(session));
  await until("the end on both screens", () =>
    [desk, seat].every((one) => one.sessions.get(session)?.endedAt),
  );
  expect(screen(seat, session)).toEqual(screen(desk, session));
  for (const student of students)
    expect(await recordOf(server, student, classId)).toBe(
      desk.sessions.get(session)?.marks.get(student.id)?.status ?? null,
    );
  for (const client of [desk, seat]) client.close();
});

test("C34 cut again and again, a reloaded client among them: each mark is done once", async () => {
  const { teacher, students, classId } = await school(server, 3);
  const storage = memoryStorage();
  let desk = clientOf(teacher, { storage });
  const seat = clientOf(students[0] ?? teacher);
  await ready(desk, seat);
  const { session } = await saved(desk.start(classId));
  let count = 0;
  for (let cuts = 0; cuts < 6; cuts++) {
    for (let n = 0; n < 40; n++, count++) desk.mark(session, students[n % 3]?.id ?? "", "present");
    if (cuts % 2) await until("an acknowledgement", () => desk.waiting.length < 40);
    network.cut();
    if (cuts % 3 === 2) {
      desk.close();
      await desk.stored;
      desk = clientOf(teacher, { storage });
    }
    await until("ready again", () => desk.status.state === "ready" && desk.waiting.length === 0);
  }
  const events = await eventsOf(server, teacher.token, session);
  expect(events.filter(({ type }) => type === "marked")).toHaveLength(count);
  expect(desk.sessions.get(session)?.seq).toBe(count + 1);
  await ready(seat);
  await until("the student's screen", () => seat.sessions.get(session)?.seq === count + 1);
  expect(screen(seat, session)).toEqual(screen(desk, session));
  const late = await join(server, "student");
  await enrol(server, teacher, classId, late);
  const third = clientOf(late);
  await until("the newcomer's snapshot", () => third.sessions.get(session)?.seq === count + 2);
  for (const client of [desk, seat, third]) client.close();
});
