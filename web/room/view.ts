import type { Own, Person } from "./person.ts";
import type { RoomNow, Said } from "./room-client.ts";

/** Where one is: before the room, in it, or why not any more. */
export type Phase =
  | { readonly at: "lobby" }
  | { readonly at: "entering" }
  | { readonly at: "in" }
  | { readonly at: "refused"; readonly code: string; readonly max: number | null }
  | { readonly at: "over"; readonly reason: string };

/** The room as a screen shows it. */
export interface View {
  readonly phase: Phase;
  readonly room: RoomNow | null;
  readonly self: Person;
  /** Everyone else, by when they came. */
  readonly others: readonly Person[];
  readonly chat: readonly Said[];
  /** What the teacher asked of this person last, until they have answered or put it aside. */
  readonly asked: "mute" | "unmute" | "lowerHand" | null;
  /** Something that was tried in the room and is not done, by its code; `cut` where it could not even be sent. */
  readonly refused: string | null;
  /** The socket is cut: sound and pictures go on, what the others show of themselves is old. */
  readonly isCut: boolean;
  readonly own: Own | null;
  /** The browser plays no sound before a click. */
  readonly isSilenced: boolean;
}

/** Of whoever is not in a room, or not yet. */
export const OUTSIDE = {
  room: null,
  others: [],
  asked: null,
  refused: null,
  isCut: false,
  own: null,
  isSilenced: false,
} as const;
