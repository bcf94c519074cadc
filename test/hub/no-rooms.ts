import { inEveryDialect, type RoomParts } from "../../src/hub/rooms.ts";

/** Video rooms, where none are what a test is about. */
export const NO_ROOMS: RoomParts = {
  tell: inEveryDialect([]),
  signals: { perSecond: 1, burst: 1 },
  meshMax: 2,
  now: () => 0,
};
