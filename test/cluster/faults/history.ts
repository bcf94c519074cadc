import type { CommandFrame, ServerFrame } from "../../../protocol/v1.ts";
import type { SessionId, UserId } from "../../../src/core/ids.ts";
import type { LoggedEvent } from "../../../src/core/session/events.ts";

/** A command as its client knew it. Times are on the clock of performance.now(). */
export interface Asked {
  readonly client: string;
  readonly author: UserId;
  readonly frame: CommandFrame;
  readonly sentAt: number;
  ackedAt: number | null;
  place: { readonly session: SessionId; readonly seq: number } | null;
  /** How often it was refused, could-not-save aside: then it was done with. */
  refused: string | null;
  /** How often it could not be saved, and was sent again. */
  unsaved: number;
}

/** When a client was told how far a session had come. */
interface Told {
  readonly client: string;
  readonly session: SessionId;
  readonly to: number;
  readonly at: number;
}

/** Everything that clients asked, were promised and were told, as it happened. */
export class History {
  /** By client and id. */
  readonly asked = new Map<string, Asked>();
  readonly told: Told[] = [];

  sent(client: string, author: UserId, frame: CommandFrame): void {
    this.asked.set(`${client}\n${frame.id}`, {
      client,
      author,
      frame,
      sentAt: performance.now(),
      ackedAt: null,
      place: null,
      refused: null,
      unsaved: 0,
    });
  }

  heard(client: string, frame: ServerFrame): void {
    const at = performance.now();
    if (frame.type === "events") this.told.push({ client, session: frame.session, to: frame.to, at });
    if (frame.type === "snapshot") this.told.push({ client, session: frame.session, to: frame.seq, at });
    if (frame.type !== "ack" && frame.type !== "refused") return;
    const asked = this.asked.get(`${client}\n${frame.id}`);
    if (!asked) return;
    if (frame.type === "ack") {
      asked.ackedAt ??= at;
      asked.place ??= { session: frame.session, seq: frame.seq };
    } else if (frame.code === "could-not-save") asked.unsaved++;
    else asked.refused = frame.code;
  }

  /** Acknowledgements within a stretch of time. */
  acknowledgedBetween(from: number, to: number): number {
    return [...this.asked.values()].filter(
      ({ ackedAt }) => ackedAt !== null && ackedAt > from && ackedAt < to,
    ).length;
  }

  /** Commands that could not be saved at least once. */
  get unsaved(): number {
    return [...this.asked.values()].filter(({ unsaved }) => unsaved > 0).length;
  }

  /** How old the oldest screen was, in ms, for what was acknowledged in a stretch of time: how long after that it was shown. */
  oldestScreen(from: number, to: number, clients: ReadonlySet<string>): number {
    const told = new Map<string, Told[]>();
    for (const one of this.told) {
      const key = `${one.client} ${one.session}`;
      told.set(key, [...(told.get(key) ?? []), one]);
    }
    let oldest = 0;
    for (const { ackedAt, place } of this.asked.values()) {
      if (ackedAt === null || place === null || ackedAt < from || ackedAt > to) continue;
      for (const client of clients) {
        const shown = told.get(`${client} ${place.session}`)?.find((one) => one.to >= place.seq);
        if (shown) oldest = Math.max(oldest, shown.at - ackedAt);
      }
    }
    return oldest;
  }
}

type Logs = ReadonlyMap<SessionId, readonly LoggedEvent[]>;

export interface Findings {
  readonly lost: string[];
  readonly twice: string[];
  readonly other: string[];
}

const EVENT_OF = {
  start: ["started", "startedAgain"],
  mark: ["marked"],
  markMany: ["markedMany"],
  undo: ["undone"],
  end: ["ended", "enrolled", "withdrawn"],
} as const satisfies Record<CommandFrame["type"], readonly LoggedEvent["type"][]>;

/** Holds the logs against the history: what was acknowledged is there, where and once, in an order that time allows. */
export function check({ asked }: History, logs: Logs): Findings {
  const findings: Findings = { lost: [], twice: [], other: [] };
  const places = placesIn(logs, findings);
  const byAuthor = new Map([...asked.values()].map((one) => [`${one.author}\n${one.frame.id}`, one]));
  for (const one of asked.values()) checkAsked(one, places, logs, findings);
  for (const [key, { event, session }] of places) {
    const one = byAuthor.get(key);
    const allowed: readonly string[] = one ? EVENT_OF[one.frame.type] : [];
    if (!allowed.includes(event.type))
      findings.other.push(`nobody asked for ${event.type} ${event.seq} of ${session}`);
  }
  checkTimes([...asked.values()], findings);
  return findings;
}

interface Found {
  readonly session: SessionId;
  readonly event: LoggedEvent;
}

function placesIn(logs: Logs, findings: Findings): Map<string, Found> {
  const places = new Map<string, Found>();
  for (const [session, log] of logs) {
    for (const event of log) {
      if (event.by === null) continue;
      if (!event.command) continue;
      const key = `${event.by}\n${event.command.id}`;
      const before = places.get(key);
      if (before)
        findings.twice.push(
          `${event.command.id} is at ${before.session} ${before.event.seq} and ${session} ${event.seq}`,
        );
      places.set(key, { session, event });
    }
  }
  return places;
}

function checkAsked(one: Asked, places: ReadonlyMap<string, Found>, logs: Logs, findings: Findings): void {
  const { frame, author, place, refused } = one;
  const found = places.get(`${author}\n${frame.id}`);
  if (refused !== null && found)
    findings.other.push(`${frame.id} was refused (${refused}) and is in the log`);
  if (!place) return;
  if (found && found.session === place.session && found.event.seq === place.seq) return;
  const end = logs.get(place.session)?.at(-1)?.seq ?? 0;
  findings.lost.push(
    `${frame.id}, acknowledged at ${place.session} ${place.seq}, is not there; the log ends at ${end}`,
  );
}

/** Whatever was acknowledged before something else was sent stands before it: no order in the log denies the order of time. */
function checkTimes(all: readonly Asked[], findings: Findings): void {
  const bySession = Map.groupBy(
    all.filter(({ place }) => place !== null),
    ({ place }) => place?.session,
  );
  for (const commands of bySession.values()) {
    const acked = commands.toSorted((a, b) => (a.ackedAt ?? 0) - (b.ackedAt ?? 0));
    let at = 0;
    let highest = 0;
    for (const one of commands.toSorted((a, b) => a.sentAt - b.sentAt)) {
      for (let next = acked[at]; next && (next.ackedAt ?? 0) < one.sentAt; next = acked[++at])
        highest = Math.max(highest, next.place?.seq ?? 0);
      if ((one.place?.seq ?? 0) < highest)
        findings.other.push(
          `${one.frame.id} was sent after ${highest} was acknowledged and stands at ${one.place?.seq}`,
        );
    }
  }
}
