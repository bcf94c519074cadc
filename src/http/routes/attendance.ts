import { endedAnswer, recordAnswer, startedAnswer } from "../../../protocol/http.ts";
import { endNamedSession } from "../../commands/end-session.ts";
import { myRecord } from "../../commands/my-record.ts";
import { startSession } from "../../commands/start-session.ts";
import { CLASS, EIGHT, ROOM, SESSION } from "../docs/examples.ts";
import { alsoAt, type Route, route } from "../route.ts";

const starting = route({
  method: "POST",
  path: "/attendance/start",
  tag: "Attendance",
  summary: "Start a session",
  description:
    "Starts the class's session with its roll of this moment. Where one runs already, it answers the running one and no mark is dropped: a class has at most one. A teacher may run several classes at once.",
  command: startSession,
  status: 200,
  answer: startedAnswer,
  example: {
    body: { classId: CLASS },
    data: {
      classId: CLASS,
      startedAt: new Date(EIGHT).toISOString(),
      roomId: ROOM,
      sessionId: SESSION,
      seq: 1,
    },
  },
});

const ending = route({
  method: "POST",
  path: "/attendance/end",
  tag: "Attendance",
  summary: "End a session",
  description:
    "Makes the unmarked absent, persists everything, broadcasts `DONE` and answers its figures. The same as `DONE` over a socket.",
  command: endNamedSession,
  status: 200,
  answer: endedAnswer,
  example: {
    body: { classId: CLASS },
    data: {
      message: "Attendance persisted",
      present: 1,
      absent: 1,
      total: 2,
      classId: CLASS,
      sessionId: SESSION,
    },
  },
});

const reading = route({
  method: "GET",
  path: "/class/:classId/my-attendance",
  tag: "Attendance",
  summary: "My attendance on record",
  description:
    "The asking student's final status in the class's last ended session that has one for them. It stays readable when the class is archived.",
  command: myRecord,
  status: 200,
  answer: recordAnswer,
  example: { data: { classId: CLASS, status: "present" } },
});

export const attendanceRoutes: readonly Route[] = [
  starting,
  ending,
  reading,
  alsoAt("/attendance/:classId/my-attendance", reading),
  alsoAt("/attendance/class/:classId/my-attendance", reading),
];
