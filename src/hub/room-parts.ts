import type { ClassId, SessionId, UserId } from "../core/ids.ts";
import type { Door } from "../core/room/door.ts";
import type { Paces } from "./pace.ts";
import type { Passed } from "./passage.ts";
import type { Named, Shown } from "./room.ts";
import type { TellRoom } from "./tell-room.ts";

/** Who must know that a room has changed. */
export interface RoomChanges {
  /** Who is in it, on whichever node. */
  changed(classId: ClassId): void;
  /** Who is in it from here. */
  changedHere(classId: ClassId): void;
  /** A socket of this node came in or left. */
  readonly passed?: Passed | undefined;
}

/** What rooms go by. */
export interface RoomParts {
  readonly tell: TellRoom;
  readonly told?: RoomChanges;
  /** What one socket may do. */
  readonly paces: Paces;
  /** Peers that are connected each to each, at most. */
  readonly meshMax: number;
  /** By how many sockets one person is in a room, at most. */
  readonly pagesMax: number;
  /** What carries rooms that are larger; left out where nothing does. */
  readonly calls?: CallOrders | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What a media server is to do, whenever it can. */
export interface CallOrders {
  remove(session: SessionId, user: UserId): void;
  /** One page, where its user has others. */
  hangUp(session: SessionId, peer: string): void;
  end(session: SessionId): void;
}

/** A socket at the door: `device` names its page among those of its user. */
export interface Entering {
  readonly classId: ClassId;
  readonly session: SessionId;
  readonly door: Door;
  /** Of those whom the door keeps out, where they were looked up. */
  readonly removed?: readonly Named[];
  readonly keepsChat?: boolean;
  /** Whether there is a call already, which nobody here knew of. */
  readonly isCall?: boolean;
  readonly device?: string | undefined;
  readonly shown?: Partial<Shown>;
}
