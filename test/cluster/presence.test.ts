import { afterAll, beforeAll, setDefaultTimeout, test } from "bun:test";
import { createMemoryBus } from "../../src/bus/memory.ts";
import { type Person, school, startSession, student } from "../e2e/people.ts";
import { connect } from "../e2e/plain-client.ts";
import type { Reachable } from "../e2e/server.ts";
import { V1Socket } from "../e2e/v1-socket.ts";
import { TestNodes } from "./nodes.ts";
import { unruly } from "./unruly-bus.ts";

setDefaultTimeout(60_000);
const env = { PRESENCE_EVERY_MS: "20" };
let nodes: TestNodes;
beforeAll(async () => {
  nodes = await TestNodes.start({ env });
});
afterAll(() => nodes.end());

/** A teacher's socket on a node that looks at the class, and what it knows. */
async function looker(node: Reachable, teacher: Person, classId: string) {
  const socket = await V1Socket.ready(node, { token: teacher.token });
  const known = new Map<string, string>();
  let looking: readonly { readonly socket: string }[] = [];
  const take = async () => {
    const frame = await socket.next("presence");
    if (frame.whole) known.clear();
    for (const [id, where] of frame.students) {
      if (where === "away") known.delete(id);
      else known.set(id, where);
    }
    looking = frame.looking;
  };
  socket.send({ type: "look", class: classId });
  await take();
  return {
    socket,
    /** Waits until these are there, and so many look. */
    async sees(there: Readonly<Record<string, string>>, count: number) {
      const is = () =>
        looking.length === count &&
        known.size === Object.keys(there).length &&
        Object.entries(there).every(([id, where]) => known.get(id) === where);
      while (!is()) await take();
    },
  };
}

test("LO7 who looks on one node is told who is there on the others, in the room too, and who else looks there", async () => {
  const built = await school(nodes.node(0), 3);
  const { teacher, classId } = built;
  const [ada, ben, cleo] = [0, 1, 2].map((n) => student(built, n));
  if (!ada || !ben || !cleo) throw new Error("three students");
  const adas = await V1Socket.ready(nodes.node(1), { token: ada.token });
  const one = await looker(nodes.node(0), teacher, classId);
  await one.sees({ [ada.id]: "connected" }, 1);
  // Two sockets on two nodes: only with the last one is he away.
  const bens = [await connect(nodes.node(1), ben), await connect(nodes.node(2), ben)];
  await one.sees({ [ada.id]: "connected", [ben.id]: "connected" }, 1);
  await startSession(nodes.node(2), teacher, classId);
  bens[1]?.send("JOIN_ROOM", { classId });
  await one.sees({ [ada.id]: "connected", [ben.id]: "room" }, 1);
  const two = await looker(nodes.node(1), teacher, classId);
  await two.sees({ [ada.id]: "connected", [ben.id]: "room" }, 2);
  await one.sees({ [ada.id]: "connected", [ben.id]: "room" }, 2);
  bens[1]?.vanish();
  await one.sees({ [ada.id]: "connected", [ben.id]: "connected" }, 2);
  await bens[0]?.close();
  const cleos = await connect(nodes.node(0), cleo);
  for (const each of [one, two]) await each.sees({ [ada.id]: "connected", [cleo.id]: "connected" }, 2);
  two.socket.close();
  await one.sees({ [ada.id]: "connected", [cleo.id]: "connected" }, 1);
  await cleos.close();
  adas.close();
  await one.sees({}, 1);
  one.socket.close();
});

test("LO7 of a node that is gone nobody is there, and nobody looks", async () => {
  const built = await school(nodes.node(0), 1);
  const { teacher, classId } = built;
  const ada = student(built, 0);
  const mortal = await nodes.add();
  const here = await looker(nodes.node(0), teacher, classId);
  await V1Socket.ready(mortal, { token: ada.token });
  await looker(mortal, teacher, classId);
  await here.sees({ [ada.id]: "connected" }, 2);
  await mortal.stop();
  nodes.nodes.pop();
  await here.sees({}, 1);
  here.socket.close();
});

test("LO7 news that is lost, doubled, late or out of order comes right with the next time", async () => {
  const openBus = unruly(createMemoryBus(), { lost: 0.3, twice: 0.3, lateMs: 30 });
  const shaky = await TestNodes.start({ count: 2, openBus, env });
  const built = await school(shaky.node(0), 4);
  const { teacher, classId, students } = built;
  const one = await looker(shaky.node(0), teacher, classId);
  const sockets = [];
  for (const { token } of students) sockets.push(await V1Socket.ready(shaky.node(1), { token }));
  await one.sees(Object.fromEntries(students.map(({ id }) => [id, "connected"])), 1);
  for (const socket of sockets.slice(1)) socket.close();
  await one.sees({ [students[0]?.id ?? ""]: "connected" }, 1);
  for (const socket of [one.socket, ...sockets]) socket.close();
  await shaky.end();
});
