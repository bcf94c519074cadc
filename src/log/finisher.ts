import type { LogPosition } from "../core/batch.ts";
import type { ClassId, SessionId } from "../core/ids.ts";
import { recordsOf } from "../core/records.ts";
import type { LoggedEvent } from "../core/session/events.ts";
import type { Session } from "../core/session/state.ts";
import type { Store } from "../ports/store.ts";
import type { AuditLog } from "./audit.ts";
import { loadLog } from "./load.ts";
import type { Ender } from "./surroundings.ts";

/** When the records of another node's end are looked for, in ms after the time before: in all it has a second. */
const FINISHED_MS = [0, 10, 20, 40, 80, 150, 300, 400];

interface Parts {
  readonly store: Pick<Store, "sessions" | "records">;
  readonly audit: AuditLog;
  readonly troubled: (what: string, id: SessionId, error: unknown) => void;
}

/** E3: what follows an end: its head into the audit chain, its records into the store. Doing it again changes nothing. */
export class Finisher {
  constructor(private readonly parts: Parts) {}

  /**
   * `log` must hold the `ended` event. Another node's end is finished by that node, unless it does not come to it.
   * Rejects where it could not be written.
   */
  async finish(
    session: Session,
    log: readonly LoggedEvent[],
    position: LogPosition,
    by: Ender = "this",
  ): Promise<void> {
    const { audit, store } = this.parts;
    if (by === "other" && (await this.#finishedElsewhere(session))) return;
    await audit.recordHead(session.id, position);
    await store.records.project(session.id, recordsOf(session, log), session.headSeq);
    audit.forget(session.id);
  }

  async #finishedElsewhere({ id, headSeq }: Session): Promise<boolean> {
    for (const wait of FINISHED_MS) {
      await Bun.sleep(wait);
      const head = await this.parts.store.sessions.head(id);
      if (head && head.projectedSeq >= headSeq) return true;
    }
    return false;
  }

  /** Finishes ended sessions whose records are behind, those of one class or all; one that cannot be does not stop the others. */
  async finishBehind(of?: ClassId): Promise<void> {
    for (const head of await this.parts.store.sessions.unprojected()) {
      if (of !== undefined && head.classId !== of) continue;
      try {
        const { session, position, log } = await loadLog(this.parts.store.sessions, head.id);
        await this.finish(session, log, position);
      } catch (error) {
        this.parts.troubled("the records of an ended session could not be written", head.id, error);
      }
    }
  }
}
