import type { ClassId, SessionId, UserId } from "../core/ids.ts";

/** One page of somebody's in a session's call. */
export interface Caller {
  readonly session: SessionId;
  readonly classId: ClassId;
  readonly user: UserId;
  /** The peer that the page is in the room. */
  readonly peer: string;
}

/** Lets one page connect, until `expiresAt` in milliseconds since the epoch; who is connected stays, and may come again. */
export interface CallPass {
  readonly url: string;
  readonly token: string;
  readonly expiresAt: number;
}

/** What a media server says of a caller, and when it happened, in milliseconds since the epoch. */
export interface CallNews extends Caller {
  /** The media server's own id of the page's presence, another each time it comes. */
  readonly device: string;
  readonly kind: "entered" | "left";
  readonly when: number;
}

/** The media server did answer, that of this call it cannot do what it was asked: it may of others. */
export class CallFault extends Error {
  override readonly name = "CallFault";
}

/** A server that carries the sound and pictures of rooms too large for a mesh: one call for each session. Its promises reject where it cannot. */
export interface Calls {
  /** Where browsers reach it, by ws: or wss:. */
  readonly url: string;
  pass(caller: Caller, name: string | null): Promise<CallPass>;
  /** Puts out every page of the user. A pass of before, or one that LiveKit has renewed since, lets them in again: it is looked for. */
  remove(session: SessionId, user: UserId): Promise<void>;
  /** Puts out one page. */
  hangUp(session: SessionId, peer: string): Promise<void>;
  /** Silences what these pages send of sound; it may be turned on again there. */
  mute(session: SessionId, peers: readonly string[]): Promise<void>;
  /** Puts out everybody. Nothing where there is no call. */
  end(session: SessionId): Promise<void>;
  /** Who is in the call, and since when. */
  callers(session: SessionId): Promise<CallNews[]>;
  /** What a webhook says: null where it is not signed by the media server, "nothing" where it is of nobody's coming or going. */
  heard(body: string, signature: string): Promise<CallNews | "nothing" | null>;
}
