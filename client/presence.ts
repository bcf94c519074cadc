import type { ServerFrame } from "../protocol/v1.ts";

type PresenceFrame = Extract<ServerFrame, { type: "presence" }>;

/** Who of a class is there. A new object after every frame. */
export interface Presence {
  readonly class: string;
  /** Who has a socket open, and whether one is in the video room; whoever has none is not in it. */
  readonly students: ReadonlyMap<string, "connected" | "room">;
  /** Every socket that looks at the class; one of them is this client's, by the name of `Client.socket`. */
  readonly looking: PresenceFrame["looking"];
}

/** Who is there after a frame that says so. */
export function presenceAfter(before: Presence | null, frame: PresenceFrame): Presence {
  const students = new Map(frame.whole || before?.class !== frame.class ? [] : before.students);
  for (const [student, where] of frame.students) {
    if (where === "away") students.delete(student);
    else students.set(student, where);
  }
  return { class: frame.class, students, looking: frame.looking };
}
