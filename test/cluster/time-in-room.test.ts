import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { sessionIdSchema } from "../../protocol/ids.ts";
import { loadLog } from "../../src/log/load.ts";
import { verify } from "../../src/log/verify.ts";
import type { Store } from "../../src/ports/store.ts";
import { endSession, school, startSession, student } from "../e2e/people.ts";
import { connect, connectAll } from "../e2e/plain-client.ts";
import { enterRoom, presenceOf, presenceOfStudent, until } from "../e2e/time-in-room.ts";
import { TestNodes } from "./nodes.ts";

setDefaultTimeout(60_000);
let nodes: TestNodes;
beforeAll(async () => {
  nodes = await TestNodes.start({ count: 2 });
});
afterAll(() => nodes.end());

/** A node that is dead beats every two seconds until then: so exactly its end is known, in ms. */
const EXACT_MS = 2500;

/** A store of which a node hears nothing more from a moment on, as if it were killed then. */
function mortal(store: Store) {
  let dead = false;
  const { promise: never, reject } = Promise.withResolvers<never>();
  never.catch(() => undefined);
  const dying: Store = {
    ...store,
    nodes: {
      ...store.nodes,
      beat: (...given) => (dead ? never : store.nodes.beat(...given)),
      leave: (id) => (dead ? never : store.nodes.leave(id)),
    },
    sessions: {
      ...store.sessions,
      append: (batches) => (dead ? batches.map(() => never) : store.sessions.append(batches)),
    },
  };
  const die = () => {
    dead = true;
  };
  return { dying, die, bury: () => reject(new Error("it is dead")) };
}

test("PR1 who is in the room by several nodes at once is there once, from the first in to the last out", async () => {
  const { teacher, classId, ...built } = await school(nodes.node(0), 1);
  const { sessionId } = await startSession(nodes.node(0), teacher, classId);
  const ada = student({ teacher, classId, ...built }, 0);
  const [one, other] = [await connect(nodes.node(0), ada), await connect(nodes.node(1), ada)];
  await enterRoom(one, classId);
  await enterRoom(other, classId);
  const asked = () => presenceOfStudent(nodes.node(0), teacher, sessionId, ada);
  // Each node writes down what it knows before it answers.
  expect(await presenceOfStudent(nodes.node(1), teacher, sessionId, ada)).toMatchObject({ here: true });
  const both = await until("there", asked, ({ here }) => here);
  await one.close();
  expect(await asked()).toMatchObject({
    here: true,
    intervals: [{ from: both.intervals[0]?.from, to: null }],
  });
  await other.close();
  const gone = await until("gone", asked, ({ here }) => !here);
  expect(gone.intervals).toHaveLength(1);
});

test("PR10 two hundred who come in at once are all there from that moment, in few commits", async () => {
  const { teacher, classId, students } = await school(nodes.node(0), 200);
  const { sessionId } = await startSession(nodes.node(0), teacher, classId);
  const sockets = await connectAll(nodes.node(0), students);
  const before = Date.now();
  await Promise.all(sockets.map((socket) => enterRoom(socket, classId)));
  const after = Date.now();
  const told = await presenceOf(nodes.node(0), teacher, sessionId, "?limit=200");
  expect(told.students).toHaveLength(200);
  for (const { here, since } of told.students) {
    const at = Date.parse(since ?? "");
    expect([here, at >= before && at <= after]).toEqual([true, true]);
  }
  const batches = await nodes.store.sessions.read(sessionIdSchema.parse(sessionId), 1);
  expect(batches.length).toBeLessThan(1 + (after - before) / 40);
  await Promise.all(sockets.map((socket) => socket.close()));
});

test("PR11 whoever was there by a node that died is seen out at its last beat, also where nobody else hears of the class", async () => {
  const { dying, die, bury } = mortal(nodes.store);
  const dead = await nodes.add(dying);
  const [watched, alone] = [await school(nodes.node(0), 2), await school(nodes.node(0), 1)];
  const begun = [watched, alone].map(({ teacher, classId }) => startSession(dead, teacher, classId));
  const [first, second] = await Promise.all(begun);
  if (!first || !second) throw new Error("two sessions");
  const [ada, ben, cleo] = [student(watched, 0), student(watched, 1), student(alone, 0)];
  await enterRoom(await connect(dead, ada), watched.classId);
  await enterRoom(await connect(nodes.node(0), ben), watched.classId);
  await enterRoom(await connect(dead, cleo), alone.classId);
  const asked = (who: typeof ada) => presenceOfStudent(nodes.node(1), watched.teacher, first.sessionId, who);
  for (const who of [ada, ben])
    await until(
      "there",
      () => asked(who),
      ({ here }) => here,
    );
  const stayOf = async () => {
    const { session } = await loadLog(nodes.store.sessions, sessionIdSchema.parse(second.sessionId));
    return [...session.stays.values()].flat()[0];
  };
  await until("in the log", stayOf, (stay) => stay !== undefined);
  die();
  const died = Date.now();
  const gone = await until(
    "seen out",
    () => asked(ada),
    ({ here }) => !here,
  );
  expect(gone.intervals).toMatchObject([{ toBy: "last-sign-of-life" }]);
  expect(Math.abs(Date.parse(gone.intervals[0]?.to ?? "") - died)).toBeLessThan(EXACT_MS);
  expect(await asked(ben)).toMatchObject({ here: true });
  const stay = await until("seen out, unheard", stayOf, (one) => one?.to !== null);
  expect(Math.abs((stay?.to ?? 0) - died)).toBeLessThan(EXACT_MS);
  await endSession(nodes.node(1), watched.teacher, watched.classId);
  expect((await verify(nodes.store)).faults).toEqual([]);
  bury();
});
