import type { Room } from "../../client/room.ts";

/** The room as the server has it. */
export type RoomNow = Room & {
  readonly locked?: boolean;
  readonly keepsChat?: boolean;
  /** Whom the teacher has removed; told to teachers. */
  readonly removed?: readonly { readonly user: string; readonly name: string | null }[];
};

export interface Said {
  readonly id: string;
  readonly at: number;
  readonly user: string;
  readonly name: string | null;
  readonly text: string;
}
