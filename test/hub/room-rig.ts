import type { UserId } from "../../src/core/ids.ts";
import { OPEN_DOOR } from "../../src/core/room/door.ts";
import type { Connection, DialectName, News } from "../../src/hub/connection.ts";
import type { Parting, RoomChange } from "../../src/hub/room.ts";
import type { CallOrders, Entering, RoomParts } from "../../src/hub/room-parts.ts";
import { Rooms } from "../../src/hub/rooms.ts";
import { SmallSet } from "../../src/hub/small-set.ts";
import { newClassId, newSessionId } from "../../src/ids.ts";
import { NO_ROOMS } from "./no-rooms.ts";

const CLASS = newClassId();
const SESSION = newSessionId();
const NO_CALLS: CallOrders = { remove: () => undefined, hangUp: () => undefined, end: () => undefined };

/** A socket that writes down what it is told. */
export interface Guest extends Connection {
  readonly news: News[];
}

/** Rooms whose sockets are none, and what each of them was told of changes and of its own being out. */
export function rooms(parts: Partial<RoomParts> = {}, hasCalls = false) {
  const changes = new Map<Connection, RoomChange[]>();
  const out = new Map<Connection, Parting>();
  const made = new Rooms({
    ...NO_ROOMS,
    meshMax: 6,
    now: () => 1,
    tell: {
      entered: () => undefined,
      out: (who, _classId, why) => void out.set(who, why),
      joined: () => undefined,
      left: () => undefined,
      said: () => undefined,
      changed: (_classId, change, others) => {
        for (const one of others) changes.set(one, [...(changes.get(one) ?? []), change]);
      },
    },
    ...(hasCalls && { calls: NO_CALLS }),
    ...parts,
  });
  const enter = (connection: Connection, more: Partial<Entering> = {}) =>
    made.join(connection, { classId: CLASS, session: SESSION, door: OPEN_DOOR, ...more });
  const peers = () => made.ofClass(CLASS)?.peers() ?? [];
  return { rooms: made, enter, peers, out, classId: CLASS, session: SESSION, told: changesOf(changes) };
}

const changesOf = (changes: ReadonlyMap<Connection, RoomChange[]>) => (one: Connection) =>
  changes.get(one) ?? [];

let count = 0;

/** A socket of somebody's. */
export function guest(
  id: UserId,
  dialect: DialectName = "v1",
  role: "teacher" | "student" = "student",
): Guest {
  const news: News[] = [];
  return {
    id: `socket ${++count}`,
    actor: { id, role, name: null, tokensFrom: 0, browser: null },
    dialect,
    wire: { send() {}, close() {}, subscribe() {}, unsubscribe() {}, trust() {} },
    tell: (one) => void news.push(one),
    classes: new SmallSet([]),
    room: null,
    looking: null,
    closed: false,
    underway: null,
    hooks: {},
    news,
  };
}
