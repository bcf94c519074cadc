import type { ServerFrame, VisibleEvent } from "../../protocol/v1.ts";
import type { SessionId } from "../../src/core/ids.ts";

type EventsFrame = Extract<ServerFrame, { type: "events" }>;
type Snapshot = Extract<ServerFrame, { type: "snapshot" }>;

/** A session as a client of rollcall.v1 knows it. */
export interface View {
  /** The last event that it knows. */
  seq: number;
  ended: boolean;
  readonly marks: Map<string, string>;
}

/** Every session that a client was told of. Notes a fault where what it is told has a gap, or comes twice. */
export class Views {
  readonly sessions = new Map<SessionId, View>();
  readonly faults: string[] = [];

  /** For the hello: up to which event it knows which running session. */
  get after(): Record<string, number> {
    const running = [...this.sessions].filter(([, { ended }]) => !ended);
    return Object.fromEntries(running.map(([id, { seq }]) => [id, seq]));
  }

  replace({ session, seq, endedAt, marks }: Snapshot): void {
    const known = new Map(marks.map(({ student, status }) => [student, status] as const));
    this.sessions.set(session, { seq, ended: endedAt !== null, marks: known });
  }

  add({ session, from, to, events }: EventsFrame): void {
    const view = this.sessions.get(session) ?? { seq: 0, ended: false, marks: new Map() };
    this.sessions.set(session, view);
    if (from !== view.seq + 1)
      this.faults.push(`session ${session}: told ${from} to ${to} and knew it up to ${view.seq}`);
    for (const event of events) fold(view, event);
    view.seq = to;
  }
}

function fold(view: View, event: VisibleEvent): void {
  const { marks } = view;
  if (event.type === "marked") marks.set(event.student, event.status);
  else if (event.type === "markedMany")
    for (const student of event.students) marks.set(student, event.status);
  else if (event.type === "undone") {
    for (const [student, status] of event.marks) {
      if (status === null) marks.delete(student);
      else marks.set(student, status);
    }
  } else if (event.type === "ended") {
    for (const [student, status] of event.statuses) marks.set(student, status);
    view.ended = true;
  }
}
