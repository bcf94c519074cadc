import type { Session } from "./state.ts";

/** Counts of students; `total` is their sum. */
export interface Figures {
  readonly present: number;
  readonly absent: number;
  readonly total: number;
}

/** Q1, E2: those marked so far; of an ended session everyone, for its end marked the rest. */
export function figures(session: Session): Figures {
  const total = session.marks.size;
  return { present: session.present, absent: total - session.present, total };
}
