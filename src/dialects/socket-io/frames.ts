import type { ServerEvent } from "../../../protocol/socket-io.ts";
import type { ClassId } from "../../core/ids.ts";
import type { Encoder } from "../../hub/hub.ts";
import type { Told } from "../../log/live-session.ts";
import { marksOf } from "../marks.ts";
import type { Said } from "../room-verbs.ts";

/** How Socket.IO clients are told what happened: the names and shapes that they have always heard. */
export const socketIoEncoder: Encoder = {
  name: "socket-io",
  windowed: true,
  encode: (session, told) => {
    const frames = told.items.flatMap((item) => framesOf(session.classId, item));
    return { teacher: frames, student: frames };
  },
};

/** The broadcasts that an item stands for; a summary is told to its asker alone. */
function framesOf(classId: ClassId, item: Told["items"][number]): string[] {
  if (item.type !== "ended") return marksOf(item).map((data) => packet({ event: "ATTENDANCE_MARKED", data }));
  const { statuses, present, absent } = item;
  const attendance = statuses.map(([studentId, status]) => ({ studentId, status }));
  const data = { classId, totalStudents: present + absent, presentCount: present, attendance };
  return [packet({ event: "SESSION_ENDED", data })];
}

/**
 * An Engine.IO message (4) with an event of Socket.IO's default namespace (2): its name and its one argument as JSON.
 * Written out here because it goes to all WebSockets of a topic at once, past the engine.
 */
export const packet = (told: ServerEvent | Said): string =>
  `42${JSON.stringify("data" in told ? [told.event, told.data] : [told.event])}`;
