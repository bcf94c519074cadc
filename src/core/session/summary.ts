import type { Session } from "./state.ts";

/** Counts of students; `total` is their sum. */
export interface Figures {
  readonly present: number;
  readonly absent: number;
  readonly total: number;
}

/** Q1: those marked so far. */
export function figures(session: Session): Figures {
  const total = session.marks.size;
  return { present: session.present, absent: total - session.present, total };
}

/** E2: the whole roll and whoever was marked before leaving it; the unmarked are absent. */
export function finalFigures(session: Session): Figures {
  let total = session.marks.size;
  for (const student of session.roster) if (!session.marks.has(student)) total++;
  return { present: session.present, absent: total - session.present, total };
}
