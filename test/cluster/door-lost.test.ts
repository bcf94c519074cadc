import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { createMemoryBus } from "../../src/bus/memory.ts";
import type { BusState, OpenBus } from "../../src/ports/bus.ts";
import type { Store } from "../../src/ports/store.ts";
import { createMemoryStore } from "../../src/store/memory/index.ts";
import { until } from "../client/network.ts";
import { patch } from "../e2e/class-verbs.ts";
import { school, startSession, student } from "../e2e/people.ts";
import { Seat } from "../e2e/room-seat.ts";
import { TestNodes } from "./nodes.ts";

setDefaultTimeout(60_000);
let nodes: TestNodes | undefined;
afterEach(() => nodes?.end());

/** A bus that loses every word of doors, and tells its listeners that its state has changed. */
function withoutDoors(open: OpenBus) {
  const changed: ((state: BusState) => void)[] = [];
  const openBus: OpenBus = (listener) => {
    const bus = open(listener);
    changed.push(listener.changed);
    return {
      ...{ follow: bus.follow, leave: bus.leave, state: "ok", unsaid: 0, close: bus.close },
      publish(channel, message) {
        if (!message.includes('"kind":"door"')) bus.publish(channel, message);
      },
    };
  };
  return { openBus, changed };
}

/** A teacher on one of two servers and two students on the other, which gets no word of the door. */
async function lesson(env: Readonly<Record<string, string>>) {
  const { openBus, changed } = withoutDoors(createMemoryBus());
  nodes = await TestNodes.start({ count: 2, openBus, env });
  const of = await school(nodes.node(0), 3);
  await startSession(nodes.node(0), of.teacher, of.classId);
  const desk = await Seat.take(nodes.node(0), of, of.teacher);
  const ada = await Seat.take(nodes.node(1), of, student(of, 0));
  const ben = await Seat.take(nodes.node(1), of, student(of, 1));
  for (const { peer } of [ada, ben]) await heard(desk, peer);
  return { of, desk, ada, ben, changed, server: nodes.node(0), other: nodes.node(1) };
}

/** A store of which the next reader of a class, having read, waits. */
function heldClasses() {
  const store = createMemoryStore();
  const gates: (() => Promise<void>)[] = [];
  const byId: Store["classes"]["byId"] = async (id) => {
    const found = await store.classes.byId(id);
    await gates.shift()?.();
    return found;
  };
  const next = () => {
    const [isRead, open] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    gates.push(() => {
      isRead.resolve();
      return open.promise;
    });
    return { isRead: isRead.promise, goOn: open.resolve };
  };
  return { store: { ...store, classes: { ...store.classes, byId } }, next };
}

const heard = ({ socket }: Seat, text: string) =>
  until(`${text} told`, () => JSON.stringify(socket.frames).includes(text));

test("RO61 a removal and a lock of which the news was lost hold on the other server by its next look at the store", async () => {
  const { desk, ada, ben } = await lesson({ POLL_EVERY_MS: "50" });
  desk.send({ type: "remove", user: ada.person.id });
  await heard(ada, '"reason":"removed"');
  expect((await ben.told()).at(-1)).toMatchObject({ type: "roomChange" });
  desk.send({ type: "lock", locked: true });
  await heard(ben, '"locked":true');
});

test("RO61 a removal of which the news was lost holds as soon as anybody enters on the other server", async () => {
  const { of, desk, ada, other } = await lesson({ POLL_EVERY_MS: "60000" });
  desk.send({ type: "remove", user: ada.person.id });
  await heard(desk, '"removed":[{');
  await Seat.take(other, of, student(of, 2));
  await heard(ada, '"reason":"removed"');
});

test("RO63 those on another server are told within a few polls that what is said is kept, and nothing is before", async () => {
  const { of, desk, ada, ben, server } = await lesson({ POLL_EVERY_MS: "50" });
  await patch(server, of.classId, { keepsChat: true }, of.teacher);
  for (const seat of [desk, ada, ben]) await heard(seat, '"keepsChat":true');
});

test("RO63 what the store said before the class began to keep what is said takes nothing back", async () => {
  const held = heldClasses();
  nodes = await TestNodes.start({ count: 1, store: held.store, env: { POLL_EVERY_MS: "50" } });
  const of = await school(nodes.node(0), 1);
  await startSession(nodes.node(0), of.teacher, of.classId);
  const ada = await Seat.take(nodes.node(0), of, student(of, 0));
  const older = held.next();
  await older.isRead;
  await patch(nodes.node(0), of.classId, { keepsChat: true }, of.teacher);
  await heard(ada, '"keepsChat":true');
  const newer = held.next();
  older.goOn();
  await newer.isRead;
  newer.goOn();
  expect((await ada.told()).flatMap((frame) => ("keepsChat" in frame ? frame.keepsChat : []))).toEqual([
    true,
  ]);
});

test("RO61 a server that hears the others again looks at the doors at once", async () => {
  const { desk, ada, changed } = await lesson({ POLL_EVERY_MS: "60000" });
  desk.send({ type: "remove", user: ada.person.id });
  await heard(desk, '"removed":[{');
  expect(JSON.stringify(await ada.told())).not.toContain('removed"');
  for (const told of changed) told("ok");
  await heard(ada, '"reason":"removed"');
});
