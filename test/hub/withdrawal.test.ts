import { expect, test } from "bun:test";
import type { UserId } from "../../src/core/ids.ts";
import type { LoggedEvent, SessionEvent } from "../../src/core/session/events.ts";
import { begin } from "../../src/core/session/state.ts";
import { plainEncoder } from "../../src/dialects/plain.ts";
import { v1Encoder } from "../../src/dialects/v1/frames.ts";
import type { Connection, DialectName } from "../../src/hub/connection.ts";
import { Hub } from "../../src/hub/hub.ts";
import { SmallSet } from "../../src/hub/small-set.ts";
import { beginning, classId, NOON, teacher, userId } from "../contracts/batches.ts";
import { NO_ROOMS } from "./no-rooms.ts";

const [ada, ben] = [userId(1), userId(2)];
const course = classId(7);

/** Sockets that keep what is published to the topics that they listen to. */
function house() {
  const listening = new Map<string, Set<string[]>>();
  const encoders = [plainEncoder, v1Encoder];
  const publish = (topic: string, frame: string) => {
    for (const heard of listening.get(topic) ?? []) heard.push(frame);
  };
  const hub = new Hub({
    encoders,
    studentWindowMs: 1000,
    socketsPerUser: 9,
    hears: () => true,
    presence: { everyMs: 1, encode: () => "" },
    room: NO_ROOMS,
    publish,
  });
  const enter = (id: UserId, dialect: DialectName): string[] => {
    const heard: string[] = [];
    const wire: Connection["wire"] = {
      send: () => {},
      close: () => {},
      trust: () => {},
      subscribe: (topic) => void listening.set(topic, (listening.get(topic) ?? new Set()).add(heard)),
      unsubscribe: (topic) => void listening.get(topic)?.delete(heard),
    };
    const actor = {
      id,
      role: id === teacher ? "teacher" : "student",
      name: "",
      tokensFrom: 0,
      browser: null,
    } as const;
    const state = { room: null, looking: null, closed: false, underway: null, hooks: {}, tell: () => {} };
    hub.add({ id: `${id}`, actor, dialect, wire, classes: new SmallSet([course]), ...state });
    return heard;
  };
  return { hub, enter };
}

test("K5 of one commit the withdrawn hear what stands before, the others all of it, in every dialect", () => {
  const { hub, enter } = house();
  const started = beginning(1, course).first.events[0];
  if (!started) throw new Error("a first event");
  const session = begin(beginning(1, course).head.id, started);
  const sockets = [ada, ben, teacher].map((who) => [enter(who, "plain"), enter(who, "v1")]);
  const events: SessionEvent[] = [
    { type: "marked", student: ben, status: "present" },
    { type: "withdrawn", student: ada },
    { type: "marked", student: ben, status: "absent" },
  ];
  const items = events.map((event, index): LoggedEvent => {
    return { ...event, seq: 2 + index, at: NOON, by: teacher, via: "plain" };
  });
  hub.publish(session, { items, range: [2, 4] });
  hub.flush();
  const told = sockets.map((pair) => pair.map((heard) => heard.map((frame) => JSON.parse(frame))));
  const mark = (status: string) => ({ event: "ATTENDANCE_MARKED", data: { studentId: ben, status } });
  const plain = told.map(([frames]) => frames);
  expect(plain).toEqual([
    [mark("present")],
    [mark("present"), mark("absent")],
    [mark("present"), mark("absent")],
  ]);
  const ranges = told.map(([, frames]) => frames?.map(({ from, to }) => [from, to]));
  expect(ranges).toEqual([
    [[2, 3]],
    [
      [2, 3],
      [4, 4],
    ],
    [
      [2, 3],
      [4, 4],
    ],
  ]);
});
