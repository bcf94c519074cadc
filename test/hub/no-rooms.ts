import type { RoomParts } from "../../src/hub/room-parts.ts";
import { inEveryDialect } from "../../src/hub/tell-room.ts";
import type { RoomWitness } from "../../src/ports/room-witness.ts";

/** Video rooms, where none are what a test is about. */
export const NO_ROOMS: RoomParts = {
  tell: inEveryDialect([]),
  paces: {
    signals: { perSecond: 1, burst: 1 },
    sayings: { perSecond: 1, burst: 1 },
    shows: { perSecond: 1, burst: 1 },
  },
  pagesMax: 3,
  meshMax: 2,
  now: () => 0,
};

/** Nobody writes down who was there. */
export const NO_WITNESS: RoomWitness = {
  told: () => undefined,
  listed: () => undefined,
  unanswered: () => undefined,
};
