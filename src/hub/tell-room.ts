import type { ClassId } from "../core/ids.ts";
import type { Connection } from "./connection.ts";
import type { Parting, Peer, RoomChange, Saying, WholeRoom } from "./room.ts";

/** Tells the sockets of a room here, each in its dialect, what happens in it. */
export interface TellRoom {
  /** The socket is in, and this is what it finds. */
  entered(who: Connection, found: WholeRoom): void;
  /** The socket is in the room no more. */
  out(who: Connection, classId: ClassId, why: Parting): void;
  /** A user's socket came in; of the dialects that know users. */
  joined(who: Peer, others: readonly Connection[]): void;
  /** A user's last socket is gone; of the dialects that know users. */
  left(who: Peer, others: readonly Connection[]): void;
  /** Somebody said something. */
  said(classId: ClassId, sayings: readonly Saying[], to: readonly Connection[]): void;
  /** What is new; of the dialects that know peers. */
  changed(classId: ClassId, change: RoomChange, others: readonly Connection[]): void;
}

/** Each of them tells those who speak its dialect. */
export function inEveryDialect(dialects: readonly TellRoom[]): TellRoom {
  const each = (tell: (one: TellRoom) => void) => {
    for (const one of dialects) tell(one);
  };
  return {
    entered: (...news) => each((one) => one.entered(...news)),
    out: (...news) => each((one) => one.out(...news)),
    joined: (...news) => each((one) => one.joined(...news)),
    left: (...news) => each((one) => one.left(...news)),
    said: (...news) => each((one) => one.said(...news)),
    changed: (...news) => each((one) => one.changed(...news)),
  };
}
