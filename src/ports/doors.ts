import type { SessionId } from "../core/ids.ts";
import type { Door } from "../core/room/door.ts";

/** The doors of sessions' video rooms. They go with their sessions. */
export interface DoorStore {
  /** Null where it was never written, or there is no such session. */
  read(session: SessionId): Promise<Door | null>;
  /**
   * Writes it whole, where the one that it was made of still stands: that of the version before. False where another
   * change was first, or there is no such session; then nothing is written.
   */
  write(session: SessionId, door: Door): Promise<boolean>;
}
