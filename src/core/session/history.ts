import type { UserId } from "../ids.ts";
import type { LoggedEvent, Source, Status } from "./events.ts";

/** A change of one student's status. */
export interface Change {
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly event: "marked" | "markedMany" | "undone" | "ended";
  /** What it left the student with; null is unmarked. */
  readonly status: Status | null;
  /** Whose command it was; null where the server itself acted. */
  readonly by: UserId | null;
  readonly via: Source;
}

/** The changes of some students' statuses, in the order of the log. */
export type Histories = ReadonlyMap<UserId, Change[]>;

/** HI2: adds what an event changed to the histories that it is about. */
export function follow(histories: Histories, event: LoggedEvent): void {
  const add = (student: UserId, status: Status | null, kind: Change["event"]) => {
    const { seq, at, by, via } = event;
    histories.get(student)?.push({ seq, at, event: kind, status, by, via });
  };
  switch (event.type) {
    case "marked":
      add(event.student, event.status, "marked");
      return;
    case "markedMany":
      for (const student of event.students) add(student, event.status, "markedMany");
      return;
    case "undone":
      for (const [student, status] of event.marks) add(student, status, "undone");
      return;
    case "ended":
      // The end repeats the statuses that stood; it changes those of whoever had none.
      for (const [student, status] of event.statuses)
        if (!(histories.get(student)?.at(-1)?.status ?? null)) add(student, status, "ended");
      return;
    case "started":
    case "startedAgain":
    case "enrolled":
    case "withdrawn":
    case "entered":
    case "left":
      return;
    default:
      event satisfies never;
  }
}

/** How many students the event is about: the work of following it. */
export function breadthOf(event: LoggedEvent): number {
  switch (event.type) {
    case "markedMany":
      return event.students.length;
    case "undone":
      return event.marks.length;
    case "ended":
      return event.statuses.length;
    default:
      return 1;
  }
}
