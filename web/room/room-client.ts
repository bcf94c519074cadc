import type { Room } from "../../client/room.ts";

/** The room as the server has it. */
export type RoomNow = Room;

export interface Said {
  readonly id: string;
  readonly at: number;
  readonly user: string;
  readonly name: string | null;
  readonly text: string;
}
