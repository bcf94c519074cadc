import { expect, test } from "bun:test";
import type { Connection } from "../../src/hub/connection.ts";
import { Presence, type PresenceNews, type Whereabouts } from "../../src/hub/presence.ts";
import { SmallSet } from "../../src/hub/small-set.ts";
import { classId, userId } from "../contracts/batches.ts";

const [maths, ada, ben] = [classId(1), userId(1), userId(2)];

/** Presence over whereabouts that a test sets, with a clock that it turns. */
function desk() {
  const where = new Map<string, Whereabouts>();
  const told: PresenceNews[] = [];
  let due: (() => void)[] = [];
  const presence = new Presence(
    {
      everyMs: 250,
      encode: (news) => {
        told.push(news);
        return "";
      },
      publish: () => undefined,
      after: (ms, run) => {
        expect(ms).toBe(250);
        due.push(run);
      },
    },
    {
      whereabouts: (user) => where.get(user) ?? "away",
      inRoom: () => [ada, ben].filter((user) => where.get(user) === "room"),
    },
  );
  const pass = () => {
    const now = due;
    due = [];
    for (const run of now) run();
  };
  const wire = {
    send: () => {},
    close: () => {},
    subscribe: () => {},
    unsubscribe: () => {},
    trust: () => {},
  };
  const looker = (id: string): Connection => ({
    id,
    actor: { id: userId(9), role: "teacher", name: "Meera", tokensFrom: 0, browser: null },
    dialect: "v1",
    wire,
    tell: () => {},
    classes: new SmallSet([maths]),
    room: null,
    looking: null,
    closed: false,
    underway: null,
    hooks: {},
  });
  const move = (user: typeof ada, to: Whereabouts) => {
    where.set(user, to);
    presence.moved(maths, user);
  };
  return { presence, told, pass, looker, move, where, waiting: () => due.length };
}

test("LO4 what changes meanwhile is told together, once", () => {
  const { presence, told, pass, looker, move, waiting } = desk();
  presence.look(looker("a"), maths, [ada, ben]);
  move(ada, "connected");
  move(ben, "connected");
  move(ada, "room");
  expect(waiting()).toBe(1);
  expect(told).toHaveLength(1);
  pass();
  expect(told.slice(1)).toMatchObject([
    {
      whole: false,
      students: [
        [ada, "room"],
        [ben, "connected"],
      ],
      looking: [{ socket: "a" }],
    },
  ]);
  pass();
  expect(told).toHaveLength(2);
});

test("LO4 where nothing changed in the end nothing is told", () => {
  const { presence, told, pass, looker, move } = desk();
  presence.look(looker("a"), maths, [ada]);
  move(ada, "connected");
  move(ada, "away");
  pass();
  expect(told).toHaveLength(1);
});

test("LO4 who comes later knows what the others know, and nobody is told twice", () => {
  const { presence, told, pass, looker, move } = desk();
  presence.look(looker("a"), maths, [ada, ben]);
  move(ada, "connected");
  presence.look(looker("b"), maths, []);
  expect(told.at(-1)).toMatchObject({ whole: true, students: [[ada, "connected"]] });
  expect(told.at(-2)).toMatchObject({ whole: false, students: [[ada, "connected"]] });
  pass();
  expect(told.slice(3)).toMatchObject([{ students: [], looking: [{ socket: "a" }, { socket: "b" }] }]);
});

test("LO1 a room that changes is looked through as a whole", () => {
  const { presence, told, pass, looker, where } = desk();
  where.set(ada, "room");
  presence.look(looker("a"), maths, [ada, ben]);
  where.set(ada, "connected");
  where.set(ben, "room");
  presence.roomChanged(maths);
  pass();
  expect(told.at(-1)?.students).toEqual([
    [ada, "connected"],
    [ben, "room"],
  ]);
});

test("LO1 for a class that nobody looks at nothing is kept or told", () => {
  const { presence, told, pass, looker, move, waiting } = desk();
  move(ada, "connected");
  expect(waiting()).toBe(0);
  const one = looker("a");
  presence.look(one, maths, [ada]);
  presence.leave(one);
  move(ben, "connected");
  pass();
  expect(told).toHaveLength(1);
  expect(one.looking).toBeNull();
});
