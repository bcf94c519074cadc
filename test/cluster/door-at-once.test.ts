import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { noBus } from "../../src/bus/none.ts";
import type { DoorStore } from "../../src/ports/doors.ts";
import { createMemoryStore } from "../../src/store/memory/index.ts";
import { until } from "../client/network.ts";
import { school, startSession, student } from "../e2e/people.ts";
import { Seat, told } from "../e2e/room-seat.ts";
import type { Reachable } from "../e2e/server.ts";
import { V1Socket } from "../e2e/v1-socket.ts";
import { TestNodes } from "./nodes.ts";

setDefaultTimeout(60_000);
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of cleanups.splice(0)) await end();
});

type Gate = () => Promise<void>;

/** Doors whose next readers, having read, each wait at the next of `gates`. */
function gated(good: DoorStore, gates: Gate[]): DoorStore {
  return {
    ...good,
    async read(session) {
      const door = await good.read(session);
      await gates.shift()?.();
      return door;
    },
  };
}

/** A gate that opens once two are there. */
function pair(): Gate {
  let waiting = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  return () => {
    if (++waiting === 2) resolve();
    return promise;
  };
}

/** Holds the next reader; `arrived` once one is there, until it is opened. */
function gate(gates: Gate[]) {
  const arrived = Promise.withResolvers<void>();
  const open = Promise.withResolvers<void>();
  gates.push(() => {
    arrived.resolve();
    return open.promise;
  });
  return { arrived: arrived.promise, open: open.resolve };
}

async function lesson(count: number) {
  const good = createMemoryStore();
  const gates: Gate[] = [];
  const nodes = await TestNodes.start({ count, store: { ...good, doors: gated(good.doors, gates) } });
  cleanups.push(() => nodes.end());
  const of = await school(nodes.node(0), 2);
  await startSession(nodes.node(0), of.teacher, of.classId);
  return { nodes, of, gates };
}

/** Waits until the seat was told something with this in it. */
const untilTold = ({ socket }: Pick<Seat, "socket">, text: string) =>
  until(`${text} told`, () => JSON.stringify(socket.frames).includes(text));

test("RO40 of two changes on two nodes in one moment none is lost", async () => {
  const { nodes, of, gates } = await lesson(2);
  const both = [0, 1] as const;
  const desks = await Promise.all(both.map((n) => Seat.take(nodes.node(n), of, of.teacher)));
  const seats = await Promise.all(both.map((n) => Seat.take(nodes.node(n), of, student(of, n))));
  for (const desk of desks) for (const { peer } of seats) await untilTold(desk, peer);
  const gate = pair();
  gates.push(gate, gate);
  desks.forEach((desk, n) => {
    desk.send({ type: "remove", user: student(of, n).id });
  });
  for (const seat of seats) await untilTold(seat, '"reason":"removed"');
  for (const n of both) {
    const socket = await V1Socket.ready(nodes.node(n), { token: student(of, 1 - n).token });
    socket.send({ type: "enter", class: of.classId });
    expect(await told(socket)).toMatchObject([{ type: "error", code: "removed-from-room" }]);
  }
  for (const { socket } of desks)
    await until("both shown as removed", () =>
      socket.frames.some((frame) => frame.type === "roomChange" && frame.removed?.length === 2),
    );
});

/** What a page is told that was at the door of one server while its student was removed on the first. */
async function toldAtTheDoor({ nodes, of, gates }: Awaited<ReturnType<typeof lesson>>, server: Reachable) {
  const ada = student(of, 0);
  const desk = await Seat.take(nodes.node(0), of, of.teacher);
  const first = await Seat.take(nodes.node(0), of, ada);
  const second = await V1Socket.ready(server, { token: ada.token });
  const { arrived, open } = gate(gates);
  second.send({ type: "enter", class: of.classId });
  await arrived;
  desk.send({ type: "remove", user: ada.id });
  await untilTold(first, '"reason":"removed"');
  open();
  return (await told(second)).at(-1);
}

test("RO40 a page that was at the door while its student was removed is refused", async () => {
  const at = await lesson(1);
  expect(await toldAtTheDoor(at, at.nodes.node(0))).toMatchObject({
    type: "error",
    code: "removed-from-room",
  });
});

test("RO40 a page that was at the door of a server without news of the removal is put out", async () => {
  const at = await lesson(1);
  const apart = await at.nodes.add(at.nodes.store, noBus);
  expect(await toldAtTheDoor(at, apart)).toMatchObject({ type: "roomLeft", reason: "removed" });
});

test("RO40 a page that was at the door while the room was locked is refused, and when the call ended it is put out", async () => {
  for (const [verb, news, last] of [
    [{ type: "lock", locked: true }, '"locked":true', { type: "error", code: "room-locked" }],
    [{ type: "closeRoom" }, '"reason":"ended"', { type: "roomLeft", reason: "ended" }],
  ] as const) {
    const { nodes, of, gates } = await lesson(1);
    const desk = await Seat.take(nodes.node(0), of, of.teacher);
    const socket = await V1Socket.ready(nodes.node(0), { token: student(of, 0).token });
    const { arrived, open } = gate(gates);
    socket.send({ type: "enter", class: of.classId });
    await arrived;
    desk.send(verb);
    await untilTold(desk, news);
    open();
    expect((await told(socket)).at(-1)).toMatchObject(last);
  }
});

test("RO61 whoever is in is not told otherwise where the store fails when it is asked of the door again", async () => {
  const { nodes, of, gates } = await lesson(1);
  gates.push(
    () => Promise.resolve(),
    () => Promise.reject(new Error("the disk is away")),
  );
  const ada = await Seat.take(nodes.node(0), of, student(of, 0));
  expect(await ada.told()).toEqual([]);
  expect(gates).toEqual([]);
});
