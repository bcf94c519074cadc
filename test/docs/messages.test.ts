import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { z } from "zod";
import { serverFrame } from "../../protocol/plain.ts";
import { serverEvent } from "../../protocol/socket-io.ts";
import { SUBPROTOCOL, serverFrame as v1Frame } from "../../protocol/v1.ts";
import { ADA, BEN, CLASS, CLEO, SESSION, TOKEN } from "../../src/http/docs/examples.ts";
import type { Dialect, Message } from "../../src/http/docs/message.ts";
import { plainReference } from "../../src/http/docs/plain-messages.ts";
import { socketIoReference } from "../../src/http/docs/socket-io-messages.ts";
import { v1Reference } from "../../src/http/docs/v1-messages.ts";
import { Browser } from "../e2e/browser.ts";
import { dataOf, post } from "../e2e/http.ts";
import { enter, type IoClient, leave } from "../e2e/io-client.ts";
import { type Person, type School, school, startSession, student } from "../e2e/people.ts";
import { connect, type Frame, type PlainClient } from "../e2e/plain-client.ts";
import { startServer, type TestServer } from "../e2e/server.ts";
import { V1Watcher } from "../e2e/v1-watcher.ts";

setDefaultTimeout(60_000);
let server: TestServer;
let physics: School;
beforeAll(async () => {
  server = await startServer();
  physics = await school(server, 2);
});
afterAll(() => server.dispose());

/** An example, about the people, the class and the session of this server. */
async function real(example: unknown, who: Person): Promise<unknown> {
  const { teacher, classId } = physics;
  const { sessionId } = await startSession(server, teacher, classId);
  const ids = [
    [ADA, teacher.id],
    [BEN, student(physics, 0).id],
    [CLEO, student(physics, 1).id],
    [CLASS, classId],
    [SESSION, sessionId],
    [TOKEN, who.token],
  ] as const;
  return JSON.parse(ids.reduce((text, [from, to]) => text.replaceAll(from, to), JSON.stringify(example)));
}

const sentIn = ({ messages }: Dialect) => messages.filter(({ from }) => from === "client");
const namesOf = (dialect: Dialect, from: Message["from"]) =>
  dialect.messages.filter((message) => message.from === from).map(({ name }) => name);
const sendersOf = ({ party }: Message): Person[] =>
  party === "anyone"
    ? [physics.teacher, student(physics, 0)]
    : [party === "a teacher" ? physics.teacher : student(physics, 0)];

const NOT_UNDERSTOOD = ["Invalid message format", "Unknown event", "missing targetId in WebRTC message"];
const understood = (frame: Frame) => !NOT_UNDERSTOOD.some((text) => JSON.stringify(frame).includes(text));
const Called = z.object({ event: z.string() });

const heardIn = (told: readonly Frame[]) => new Set(told.map((frame) => Called.parse(frame).event));
/** PONG is what the clients wait for, and ERROR is for whoever errs. */
const tellsIn = (dialect: Dialect) =>
  namesOf(dialect, "server").filter((name) => name !== "ERROR" && name !== "PONG");

/** One round may miss something: who is still coming into a room is not told of those who leave it. */
const ROUNDS_MAX = 3;

/** Sends every example as somebody who may, until everything was told; gives whatever anyone of the class was told. */
async function sendAll(...args: Parameters<typeof sendOnce>): Promise<Frame[]> {
  const told: Frame[] = [];
  const lacks = () => tellsIn(args[0]).some((name) => !heardIn(told).has(name));
  for (let round = 0; round < ROUNDS_MAX && lacks(); round++) told.push(...(await sendOnce(...args)));
  return told;
}

async function sendOnce(
  dialect: Dialect,
  sockets: ReadonlyMap<Person, Pick<PlainClient | IoClient, "heard">>,
  send: (who: Person, payload: unknown) => void,
): Promise<Frame[]> {
  const told: Frame[] = [];
  const joining = sentIn(dialect).find(({ name }) => name === "JOIN_ROOM")?.examples[0];
  const enterRoom = async (who: Person) => {
    send(who, await real(joining, who));
    told.push(...((await sockets.get(who)?.heard()) ?? []));
  };
  for (const message of sentIn(dialect))
    for (const example of message.examples)
      for (const who of sendersOf(message)) {
        if (message.name.startsWith("WEBRTC")) for (const each of sockets.keys()) await enterRoom(each);
        send(who, await real(example, who));
        for (const socket of sockets.values()) told.push(...(await socket.heard()));
      }
  // What gathers in the students' window may come after its PONG.
  for (const socket of [...sockets.values(), ...sockets.values()]) told.push(...(await socket.heard()));
  return told;
}

test("X8 a server understands every plain example, and tells nothing that is not in the document", async () => {
  const reference = plainReference();
  const people = [physics.teacher, student(physics, 0)];
  const sockets = new Map<Person, PlainClient>();
  for (const who of people) sockets.set(who, await connect(server, who));
  const told = await sendAll(reference, sockets, (who, payload) =>
    sockets.get(who)?.sendRaw(JSON.stringify(payload)),
  );
  for (const frame of told)
    expect({ frame, ...serverFrame.safeParse(frame) }).toMatchObject({ frame, success: true });
  expect(told.filter((frame) => !understood(frame))).toEqual([]);
  expect([...heardIn(told)]).toEqual(expect.arrayContaining(tellsIn(reference)));
  for (const socket of sockets.values()) await socket.close();
});

test("X8 a server understands every Socket.IO example, and tells nothing that is not in the document", async () => {
  const reference = socketIoReference();
  const people = [physics.teacher, student(physics, 0)];
  const sockets = new Map<Person, IoClient>();
  for (const who of people) sockets.set(who, await enter(server, who));
  const Call = z.tuple([z.string()]).rest(z.unknown());
  const told = await sendAll(reference, sockets, (who, payload) =>
    sockets.get(who)?.send(...Call.parse(payload)),
  );
  for (const frame of told)
    expect({ frame, ...serverEvent.safeParse(frame) }).toMatchObject({ frame, success: true });
  expect(told.filter((frame) => !understood(frame))).toEqual([]);
  expect([...heardIn(told)]).toEqual(expect.arrayContaining(tellsIn(reference)));
  leave(...sockets.values());
});

test("X8 an event that the document does not have is unknown to the server", async () => {
  const everything = [plainReference(), socketIoReference(), v1Reference()];
  const names = new Set(everything.flatMap((dialect) => dialect.messages.map(({ name }) => name)));
  const unknown = { event: "ERROR", data: { message: "Unknown event" } };
  const plain = await connect(server, physics.teacher);
  const io = await enter(server, physics.teacher);
  for (const name of names) {
    if (!namesOf(plainReference(), "client").includes(name)) {
      plain.send(name, {});
      expect(await plain.next()).toEqual(unknown);
    }
    if (!namesOf(socketIoReference(), "client").includes(name)) {
      io.send(name, {});
      expect(await io.next()).toEqual(unknown);
    }
  }
  leave(io);
  await plain.close();
});

test("X8 a server understands every rollcall.v1 example, each first frame and what follows it", async () => {
  const [hello, ...others] = sentIn(v1Reference());
  if (!hello) throw new Error("no hello");
  const watcher = await V1Watcher.open(server, physics.teacher);
  for (const first of hello.examples) {
    const ticket = z
      .object({ ticket: z.string() })
      .parse(dataOf(await post(server, "/auth/ticket", {}, physics.teacher.token), 201));
    const asked = z.looseObject({}).parse(await real(first, physics.teacher));
    const headers = (await Browser.of(server, physics.teacher)).upgradeHeaders;
    const socket = new WebSocket(server.wsUrl, { protocols: [SUBPROTOCOL], headers });
    const told: z.output<typeof v1Frame>[] = [];
    const ready = Promise.withResolvers<void>();
    let more = () => {};
    socket.onopen = () => socket.send(JSON.stringify({ ...asked, ...("ticket" in asked && ticket) }));
    socket.onclose = ({ code }) => ready.reject(new Error(`closed with ${code}`));
    socket.onmessage = ({ data }) => {
      told.push(v1Frame.parse(JSON.parse(String(data))));
      if (told.at(-1)?.type === "ready") ready.resolve();
      more();
    };
    await ready.promise;
    const pong = async () => {
      const before = told.filter(({ type }) => type === "pong").length;
      socket.send(JSON.stringify({ type: "ping" }));
      while (told.filter(({ type }) => type === "pong").length === before)
        await new Promise<void>((resolve) => {
          more = resolve;
        });
    };
    for (const { examples } of others)
      for (const example of examples) {
        const frame = z.looseObject({}).parse(await real(example, physics.teacher));
        socket.send(JSON.stringify("id" in frame ? { ...frame, id: crypto.randomUUID() } : frame));
        await pong();
      }
    expect(told.filter((frame) => frame.type === "error" && frame.code === "bad-frame")).toEqual([]);
    socket.onclose = null;
    socket.close();
  }
  await watcher.heard();
  const kinds = new Set(watcher.events.map(({ type }) => type));
  expect([...kinds].toSorted()).toEqual(expect.arrayContaining(["ended", "marked", "markedMany"]));
});
