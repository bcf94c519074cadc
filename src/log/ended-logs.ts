import type { SessionId } from "../core/ids.ts";
import type { SessionStore } from "../ports/store.ts";
import { type LoadedLog, loadLog } from "./load.ts";

/** Ended sessions kept: a class that comes back online asks for one and the same. */
const KEPT = 16;

/** Logs of ended sessions, which change no more: read once for all who resume them. */
export class EndedLogs {
  readonly #kept = new Map<SessionId, Promise<LoadedLog>>();

  constructor(private readonly sessions: Pick<SessionStore, "read">) {}

  /** Rejects where the log is broken. */
  get(id: SessionId): Promise<LoadedLog> {
    const found = this.#kept.get(id) ?? loadLog(this.sessions, id);
    // The one asked for last stays longest.
    this.#kept.delete(id);
    this.#kept.set(id, found);
    found.catch(() => this.#kept.delete(id));
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(oldest);
    }
    return found;
  }
}
