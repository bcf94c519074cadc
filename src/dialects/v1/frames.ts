import { z } from "zod";
import { v1Mark } from "../../../protocol/shortcuts.ts";
import { clientFrame, commandId, type ServerFrame, type VisibleEvent } from "../../../protocol/v1.ts";
import type { LoggedEvent } from "../../core/session/events.ts";
import type { Session } from "../../core/session/state.ts";
import type { Encoder, Side } from "../../hub/hub.ts";
import type { PresenceNews } from "../../hub/presence.ts";

/** The text of a frame that the server sends. */
export const text = (frame: ServerFrame): string => JSON.stringify(frame);

/** How rollcall.v1 tells a class what happened: one frame for each commit, its range of numbers whole. */
export const v1Encoder: Encoder = {
  name: "v1",
  windowed: false,
  encode: (session, { items, range }) => {
    if (!range) return { teacher: [], student: [] };
    const events = items.filter((item) => item.type !== "summary");
    const frame = (side: Side) => [eventsFrame(session, range, events, side)];
    return { teacher: frame("teacher"), student: frame("student") };
  },
};

/** The events of a range as one side may see them; the range covers the hidden ones too. */
export const eventsFrame = (
  session: Readonly<Session>,
  [from, to]: readonly [number, number],
  events: readonly LoggedEvent[],
  side: Side,
): string =>
  text({
    type: "events",
    session: session.id,
    class: session.classId,
    from,
    to,
    events: events.flatMap((event) => visible(event, side)),
  });

/** C6: a student is not told who is enrolled or withdrawn, nor by whom and by which way a mark was made. */
function visible(event: LoggedEvent, side: Side): VisibleEvent[] {
  const { seq, at, by, via } = event;
  const stamp = side === "teacher" ? { seq, at, by, via } : { seq, at };
  switch (event.type) {
    case "started": {
      const { roomId: room, teacherId: teacher, roster } = event;
      return [
        { type: "started", room, teacher, ...(side === "teacher" && { roster: [...roster] }), ...stamp },
      ];
    }
    case "enrolled":
    case "withdrawn":
      return side === "teacher" ? [{ type: event.type, student: event.student, ...stamp }] : [];
    case "entered":
    case "left": {
      const { type, user, device, when, witness } = event;
      return side === "teacher" ? [{ type, user, device, when, witness, ...stamp }] : [];
    }
    case "startedAgain":
      return side === "teacher" ? [{ type: "startedAgain", ...stamp }] : [];
    case "marked":
      return [{ type: "marked", student: event.student, status: event.status, ...stamp }];
    case "markedMany":
      return [{ type: "markedMany", students: [...event.students], status: event.status, ...stamp }];
    case "undone":
      return [
        { type: "undone", of: event.of, marks: event.marks.map(([who, status]) => [who, status]), ...stamp },
      ];
    case "ended": {
      const statuses = event.statuses.map(([who, status]): [typeof who, typeof status] => [who, status]);
      return [{ type: "ended", statuses, present: event.present, absent: event.absent, ...stamp }];
    }
    default:
      event satisfies never;
      return [];
  }
}

/** The whole session as it stands, for who cannot be told event by event. */
export function snapshotFrame(session: Readonly<Session>, side: Side): string {
  const teacher = side === "teacher";
  return text({
    type: "snapshot",
    session: session.id,
    class: session.classId,
    seq: session.headSeq,
    startedAt: session.startedAt,
    endedAt: session.endedAt,
    room: session.roomId,
    teacher: session.teacherId,
    ...(teacher && { roster: [...session.roster] }),
    marks: [...session.marks].map(([student, { status, seq, at, by }]) => ({
      student,
      status,
      seq,
      at,
      ...(teacher && { by }),
    })),
  });
}

/** LO1: who is there, for those who look. */
export const presenceFrame = ({ classId, whole, students, looking }: PresenceNews): string =>
  text({
    type: "presence",
    class: classId,
    whole,
    students: students.map(([user, where]) => [user, where]),
    looking: looking.map(({ socket, user, name }) => ({ socket, user, name })),
  });

/** What a client sent after its hello: a frame, or none and the id by which it waits for an answer, where it gave one. */
export function decode(raw: string | Uint8Array): Decoded {
  const parsed = parseJson(raw);
  const data = v1Mark(parsed) ?? clientFrame.safeParse(parsed).data;
  if (data) return { frame: data, id: null };
  return { frame: null, id: named.safeParse(parsed).data?.id ?? null };
}

type Decoded =
  | { readonly frame: z.output<typeof clientFrame>; readonly id: null }
  | { readonly frame: null; readonly id: string | null };

const named = z.object({ id: commandId });

/** The JSON of a text frame; undefined where it is none. */
export function parseJson(raw: string | Uint8Array): unknown {
  if (typeof raw !== "string") return undefined;
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}
