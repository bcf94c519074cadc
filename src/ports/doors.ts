import type { SessionId } from "../core/ids.ts";
import type { Door } from "../core/room/door.ts";

/** The doors of sessions' video rooms. They go with their sessions. */
export interface DoorStore {
  /** Null where it was never written, or there is no such session. */
  read(session: SessionId): Promise<Door | null>;
  /** Writes it whole; of two the higher version holds. Nothing where there is no such session. */
  write(session: SessionId, door: Door): Promise<void>;
}
