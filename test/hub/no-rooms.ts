import type { RoomParts } from "../../src/hub/rooms.ts";
import { inEveryDialect } from "../../src/hub/tell-room.ts";

/** Video rooms, where none are what a test is about. */
export const NO_ROOMS: RoomParts = {
  tell: inEveryDialect([]),
  signals: { perSecond: 1, burst: 1 },
  meshMax: 2,
  now: () => 0,
};
