import { csvAnswer, historyAnswer, sessionAnswer, sessionsAnswer } from "../../../protocol/http.ts";
import { listMySessions, listSessions } from "../../commands/list-sessions.ts";
import { myHistory } from "../../commands/my-history.ts";
import { sessionCsv } from "../../commands/session-csv.ts";
import { showSession } from "../../commands/show-session.ts";
import { ADA, BEN_SHOWN, CLASS, CLASS_SHOWN, EIGHT, SESSION } from "../docs/examples.ts";
import { type Route, route } from "../route.ts";

const iso = (minutes: number) => new Date(EIGHT + minutes * 60_000).toISOString();
export const HELD = {
  sessionId: SESSION,
  classId: CLASS,
  startedAt: iso(0),
  endedAt: iso(45),
  present: 1,
  absent: 1,
  total: 2,
};
const CSV = [
  "\ufeffName,Email,Status,Since,Marked by,By way of,Student ID",
  `Ben,ben@school.test,present,${iso(2)},Ada,v1,${BEN_SHOWN._id}`,
  "",
].join("\r\n");

/** A session as its teacher sees it. */
export const SHOWN = {
  ...HELD,
  className: CLASS_SHOWN.className,
  students: [
    {
      ...BEN_SHOWN,
      status: "present",
      history: [
        {
          seq: 2,
          at: iso(2),
          event: "marked",
          status: "present",
          by: { _id: ADA, name: "Ada" },
          via: "v1",
        },
      ],
    },
  ],
  next: null,
} as const;

const listing = route({
  method: "GET",
  path: "/class/:classId/sessions",
  tag: "Attendance",
  summary: "The sessions of a class",
  description:
    "The last started first, in pages; a running one with what is marked so far. `next` goes into `before` for the page that follows.",
  command: listSessions,
  query: ["before", "limit"],
  status: 200,
  answer: sessionsAnswer,
  example: { data: { sessions: [HELD], next: null } },
});

const listingMine = route({
  method: "GET",
  path: "/sessions",
  tag: "Attendance",
  summary: "My sessions",
  description: "Those of all the asking teacher's classes, archived ones too, as a class's are listed.",
  command: listMySessions,
  query: ["before", "limit"],
  status: 200,
  answer: sessionsAnswer,
  example: { data: { sessions: [HELD], next: null } },
});

const showing = route({
  method: "GET",
  path: "/sessions/:sessionId",
  tag: "Attendance",
  summary: "Show a session",
  description:
    "Each student's status and every change that led there, read from the log: when, by whom, by which way. Students come in the order of the roll, in pages.",
  command: showSession,
  query: ["after", "limit"],
  status: 200,
  answer: sessionAnswer,
  example: { data: SHOWN },
});

const saving = route({
  method: "GET",
  path: "/sessions/:sessionId/attendance.csv",
  tag: "Attendance",
  summary: "A session as a file",
  description:
    "The list for spreadsheets: CSV by RFC 4180 in UTF-8 with a byte order mark. A cell that a spreadsheet would take for a formula begins with an apostrophe.",
  command: sessionCsv,
  status: 200,
  answer: csvAnswer,
  example: { data: { name: "attendance-2026-01-05.csv", text: CSV } },
  file: { type: "text/csv; charset=utf-8", of: (value) => csvAnswer.parse(value) },
});

const remembering = route({
  method: "GET",
  path: "/class/:classId/my-history",
  tag: "Attendance",
  summary: "My history in a class",
  description:
    "The asking student's status in each ended session of the class that has one, the last started first: since when, and whether a teacher, the student or the system gave it. It stays readable when the class is archived.",
  command: myHistory,
  query: ["before", "limit"],
  status: 200,
  answer: historyAnswer,
  example: {
    data: {
      sessions: [
        {
          sessionId: SESSION,
          startedAt: iso(0),
          endedAt: iso(45),
          status: "present",
          since: iso(2),
          by: "teacher",
        },
      ],
      next: null,
    },
  },
});

export const sessionRoutes: readonly Route[] = [listing, listingMine, showing, saving, remembering];
