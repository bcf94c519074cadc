import type { ServerFrame, VisibleEvent } from "../protocol/v1.ts";

export type Status = "present" | "absent";
export type SnapshotFrame = Extract<ServerFrame, { type: "snapshot" }>;
export type EventsFrame = Extract<ServerFrame, { type: "events" }>;

/** The mark of a student that counts. */
export interface Mark {
  readonly status: Status;
  /** The event that made it: what `undo` names. */
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Who made it, null for the server itself; told to teachers alone. */
  readonly by?: string | null;
}

/** A session as far as it is known here. A new object after every frame, whose maps are the same ones. */
export interface SessionState {
  readonly session: string;
  readonly class: string;
  /** The last event that is known. */
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly room: string;
  readonly teacher: string;
  /** The roll; null for students, who are not told. */
  readonly roster: ReadonlySet<string> | null;
  readonly marks: ReadonlyMap<string, Mark>;
  /** How many of the marks say so. */
  readonly present: number;
  readonly absent: number;
}

interface Draft extends SessionState {
  seq: number;
  endedAt: number | null;
  readonly roster: Set<string> | null;
  readonly marks: Map<string, Mark>;
}

/** Each session as its frames tell it. */
export class Sessions {
  readonly #drafts = new Map<string, Draft>();

  /** The sessions by their ids. */
  get all(): ReadonlyMap<string, SessionState> {
    return this.#drafts;
  }

  /** For the hello: up to which event which running session is known, the newest of them, as many as a hello may name. */
  get after(): Record<string, number> {
    const running = [...this.#drafts.values()].filter(({ endedAt }) => endedAt === null);
    return Object.fromEntries(running.slice(-AFTER_MAX).map(({ session, seq }) => [session, seq]));
  }

  /** The whole session in the place of whatever was known of it. */
  replace(frame: SnapshotFrame): void {
    const { type: _, marks, roster, ...rest } = frame;
    const told = new Map<string, Mark>(marks.map(({ student, ...mark }) => [student, mark]));
    this.#keep({ ...rest, roster: roster ? new Set(roster) : null, marks: told, present: 0, absent: 0 });
  }

  /**
   * Takes in a range of events: gives those that are new, or null where there is a gap before them and the session
   * must be resumed. What is known already is passed over.
   */
  fold(frame: EventsFrame): VisibleEvent[] | null {
    const known = this.#drafts.get(frame.session);
    if (frame.from > (known?.seq ?? 0) + 1) return null;
    const fresh = frame.events.filter(({ seq }) => seq > (known?.seq ?? 0));
    const [first, ...rest] = fresh;
    const draft = known ?? (first?.type === "started" ? begin(frame, first) : null);
    if (!draft) return null;
    for (const event of known ? fresh : rest) apply(draft, event);
    draft.seq = Math.max(draft.seq, frame.to);
    this.#keep(draft);
    return fresh;
  }

  /** Forgets the session; false where it was not known. */
  forget(session: string): boolean {
    return this.#drafts.delete(session);
  }

  #keep(draft: Draft): void {
    let present = 0;
    for (const { status } of draft.marks.values()) if (status === "present") present++;
    this.#drafts.set(draft.session, { ...draft, present, absent: draft.marks.size - present });
  }
}

const AFTER_MAX = 100;

function begin(frame: EventsFrame, { at, room, teacher, roster }: Started): Draft {
  return {
    session: frame.session,
    class: frame.class,
    seq: 1,
    startedAt: at,
    endedAt: null,
    room,
    teacher,
    roster: roster ? new Set(roster) : null,
    marks: new Map(),
    present: 0,
    absent: 0,
  };
}

type Started = Extract<VisibleEvent, { type: "started" }>;

/** Folds one event in; one of a kind that is not known here changes nothing. */
function apply(draft: Draft, event: VisibleEvent): void {
  switch (event.type) {
    case "enrolled":
      draft.roster?.add(event.student);
      break;
    case "withdrawn":
      draft.roster?.delete(event.student);
      break;
    case "marked":
      draft.marks.set(event.student, made(event, event.status));
      break;
    case "markedMany":
      for (const student of event.students) draft.marks.set(student, made(event, event.status));
      break;
    case "undone":
      for (const [student, status] of event.marks) {
        if (status === null) draft.marks.delete(student);
        else draft.marks.set(student, made(event, status));
      }
      break;
    case "ended":
      for (const [student, status] of event.statuses) {
        if (!draft.marks.has(student)) draft.marks.set(student, made(event, status));
      }
      draft.endedAt = event.at;
      break;
  }
}

const made = ({ seq, at, by }: VisibleEvent, status: Status): Mark => ({
  status,
  seq,
  at,
  ...(by !== undefined && { by }),
});
