import type { ClassId, SessionId, UserId } from "../core/ids.ts";
import type { Door } from "../core/room/door.ts";
import type { LiveSession } from "../log/live-session.ts";
import type { Saying } from "./room.ts";

/** The other nodes: what they must hear of that no log tells them. News is a hint; they ask the store. */
export interface Neighbours {
  /** Resolves once news of the class comes to this node; null where it does already. */
  hear(classId: ClassId): Promise<void> | null;
  /** A session was started; resolves once they know, or will ask the store before they answer. */
  started(live: LiveSession): Promise<void>;
  /** The user's place in the class may be another now; resolves as above. */
  membership(classId: ClassId, user: UserId): Promise<void>;
  /** The class was archived; resolves as above. */
  archived(classId: ClassId): Promise<void>;
  /** Who may come into the room of the class's session is another than before. */
  doorChanged(classId: ClassId, session: SessionId, door: Door): void;
  /** Somebody said something in the room of the class's session. */
  said(classId: ClassId, session: SessionId, saying: Saying): void;
  /** Something by which the user's sockets came in has ended. */
  accessEnded(user: UserId): void;
  /** A summary was told to the sockets of the class here. */
  summarised(live: LiveSession): void;
}

/** For a server that is alone. */
export const NO_NEIGHBOURS: Neighbours = {
  hear: () => null,
  started: async () => undefined,
  membership: async () => undefined,
  archived: async () => undefined,
  said: () => undefined,
  doorChanged: () => undefined,
  accessEnded: () => undefined,
  summarised: () => undefined,
};
