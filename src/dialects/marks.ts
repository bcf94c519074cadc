import type { UserId } from "../core/ids.ts";
import type { Status } from "../core/session/events.ts";
import type { Told } from "../log/live-session.ts";

/** A student's status as a broadcast names it. */
export interface Marked {
  readonly studentId: UserId;
  readonly status: Status;
}

/**
 * The statuses that an item gives to students, one by one, for dialects that tell each mark by itself. M5: back to
 * unmarked is not among them, for those have no word for it.
 */
export function marksOf(item: Told["items"][number]): Marked[] {
  switch (item.type) {
    case "marked":
      return [{ studentId: item.student, status: item.status }];
    case "markedMany":
      return item.students.map((studentId) => ({ studentId, status: item.status }));
    case "undone":
      return item.marks.flatMap(([studentId, status]) => (status === null ? [] : { studentId, status }));
    default:
      return [];
  }
}
