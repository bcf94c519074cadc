import type { CommandFrame } from "../../protocol/v1.ts";
import type { SessionId } from "../../src/core/ids.ts";
import type { LoggedEvent } from "../../src/core/session/events.ts";
import { replay } from "../../src/core/session/state.ts";
import { loadLog } from "../../src/log/load.ts";
import type { StoreReader } from "../../src/store/sqlite/index.ts";
import type { StormFigures } from "./figures.ts";
import type { Report } from "./ledger.ts";
import type { Place, V1Client } from "./v1-client.ts";
import type { V1Lane } from "./v1-lane.ts";

const PAGE = 500;

/** The event that a command comes to, by its type. */
const EVENT_OF = {
  start: "started",
  mark: "marked",
  markMany: "markedMany",
  undo: "undone",
  end: "ended",
} as const satisfies Record<CommandFrame["type"], LoggedEvent["type"]>;

/** Holds the logs of a class against the commands of its lane: each is there once, where it was acknowledged. */
export class V1Ledger {
  /** Where each command was found. */
  readonly #found = new Map<string, Place>();
  /** The logs of sessions that were running when they were last looked at. */
  readonly #logs = new Map<SessionId, readonly LoggedEvent[]>();
  #lastId: SessionId | null = null;
  #counted = 0;

  constructor(readonly lane: V1Lane) {}

  /** After a kill and a restart: nothing acknowledged is lost, nothing is twice, nothing unasked, in the order of sending. */
  async check(reader: StoreReader, figures: StormFigures, report: Report): Promise<void> {
    const { client, sent, listener } = this.lane;
    figures.sent += sent.size - this.#counted;
    this.#counted = sent.size;
    figures.acknowledged += client.news.length;
    figures.resent += client.resent;
    client.resent = 0;
    for (const id of await this.#unsettled(reader)) await this.#checkLog(reader, id, report);
    for (const id of client.news.splice(0)) this.#checkAcknowledged(id, client.acknowledged.get(id), report);
    for (const [id, code] of client.refused) report("lost", `command ${id} was refused: ${code}`);
    client.refused.clear();
    for (const one of [client, listener]) this.#checkViews(one, report);
    for (const [id, log] of this.#logs) if (log.at(-1)?.type === "ended") this.#logs.delete(id);
  }

  /** Once everything is acknowledged: every command that was ever sent is in a log. */
  checkAll(report: Report): void {
    for (const id of this.lane.sent.keys())
      if (!this.#found.has(id)) report("lost", `command ${id} was acknowledged and is in no log`);
  }

  /** The class's sessions that are new, or ran when they were last looked at. */
  async #unsettled(reader: StoreReader): Promise<SessionId[]> {
    const ids = [...this.#logs.keys()];
    for (;;) {
      const page = await reader.sessions.page(this.#lastId, PAGE);
      ids.push(...page.filter(({ classId }) => classId === this.lane.cls.id).map(({ id }) => id));
      this.#lastId = page.at(-1)?.id ?? this.#lastId;
      if (page.length < PAGE) return ids;
    }
  }

  async #checkLog(reader: StoreReader, id: SessionId, report: Report): Promise<void> {
    const { log } = await loadLog(reader.sessions, id);
    const before = this.#logs.get(id)?.length ?? 0;
    if (log.length < before) report("lost", `session ${id} had ${before} events and has ${log.length}`);
    this.#logs.set(id, log);
    let last = 0;
    for (const event of log) last = this.#checkEvent(id, event, last, report);
  }

  /** Gives the number of the event's command, which must be above that of the command before. */
  #checkEvent(session: SessionId, event: LoggedEvent, last: number, report: Report): number {
    const { command, seq, by, via, type } = event;
    const frame = command && this.lane.sent.get(command.id);
    const asked = by === this.lane.cls.teacher.id && via === "v1" && frame && EVENT_OF[frame.type] === type;
    if (!command || !asked) {
      report("unsent", `nobody asked for ${JSON.stringify(event).slice(0, 200)}`);
      return last;
    }
    const found = this.#found.get(command.id);
    if (found && (found.session !== session || found.seq !== seq))
      report("duplicated", `command ${command.id} is at ${found.session} ${found.seq} and ${session} ${seq}`);
    this.#found.set(command.id, { session, seq });
    if (Number(command.id) <= last) report(null, `command ${command.id} follows command ${last}`);
    return Number(command.id);
  }

  #checkAcknowledged(id: string, place: Place | undefined, report: Report): void {
    const found = this.#found.get(id);
    if (found && Bun.deepEquals(found, place)) return;
    report(
      "lost",
      `command ${id} was acknowledged at ${JSON.stringify(place)} and is at ${JSON.stringify(found)}`,
    );
  }

  /** What a client was told is what the log says up to there, however often it was cut off. */
  #checkViews({ views }: V1Client, report: Report): void {
    for (const fault of views.faults.splice(0)) report("gaps", fault);
    for (const [id, { seq, marks }] of views.sessions) {
      const log = this.#logs.get(id);
      if (!log) continue;
      const told = replay(id, log.slice(0, seq));
      const wanted = new Map([...told.marks].map(([student, { status }]) => [student, status]));
      if (seq > log.length) report("lost", `session ${id}: told up to ${seq} of ${log.length}`);
      if (!Bun.deepEquals(wanted, marks))
        report("gaps", `session ${id}: a client knows other marks at ${seq}`);
    }
    for (const [id, { ended }] of views.sessions) if (ended) views.sessions.delete(id);
  }
}
