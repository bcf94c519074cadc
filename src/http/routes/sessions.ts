import { chatAnswer } from "../../../protocol/chat.ts";
import { csvAnswer, historyAnswer, sessionAnswer, sessionsAnswer } from "../../../protocol/http.ts";
import { myPresenceAnswer, presenceAnswer } from "../../../protocol/presence.ts";
import { listMySessions, listSessions } from "../../commands/list-sessions.ts";
import { myHistory } from "../../commands/my-history.ts";
import { myPresence } from "../../commands/my-presence.ts";
import { chatCsv, showChat } from "../../commands/session-chat.ts";
import { CSV_HEADER, sessionCsv } from "../../commands/session-csv.ts";
import { showPresence } from "../../commands/show-presence.ts";
import { showSession } from "../../commands/show-session.ts";
import { ADA, BEN_SHOWN, CLASS, CLASS_SHOWN, EIGHT, SESSION } from "../docs/examples.ts";
import { type Route, route } from "../route.ts";

const iso = (minutes: number) => new Date(EIGHT + minutes * 60_000).toISOString();
const TIME = {
  inRoomMs: 38 * 60_000,
  intervals: [
    {
      from: iso(1),
      fromBy: "socket",
      to: iso(39),
      toBy: "socket",
      bridged: [{ from: iso(20), to: iso(20.5) }],
    },
  ],
} as const;
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
  `\ufeff${CSV_HEADER.join()}`,
  `Ben,ben@school.test,present,${iso(2)},Ada,v1,${BEN_SHOWN._id},38.00,${iso(1)},${iso(39)},${iso(1)}/${iso(39)},,present`,
  "",
].join("\r\n");

/** A session as its teacher sees it. */
export const SHOWN = {
  ...HELD,
  className: CLASS_SHOWN.className,
  proposedBy: { kind: "share", percent: 80, sessionMs: 45 * 60_000, neededMs: 36 * 60_000 },
  students: [
    {
      ...BEN_SHOWN,
      status: "present",
      proposal: "present",
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
      ...TIME,
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
    "Each student's status and every change that led there, read from the log: when, by whom, by which way; and the time in the video room. Students come in the order of the roll, in pages.",
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

/** What was said in the room of a session. */
export const SAID = {
  messages: [
    {
      id: "3f0c2a5e-8f1d-4b6a-9d37-0d7a4c1b2e90",
      at: iso(12),
      user: { _id: BEN_SHOWN._id, name: BEN_SHOWN.name },
      text: "Which page?",
    },
  ],
  next: null,
} as const;

const reading = route({
  method: "GET",
  path: "/sessions/:sessionId/chat",
  tag: "Attendance",
  summary: "What was said in the room",
  description:
    "What everyone wrote in the session's video room, where the class keeps it (`keepsChat`): the first first, in pages. It goes when its session does, and what a person wrote when that person is erased. Students read along in the room and find their own words in `GET /account/data`.",
  command: showChat,
  query: ["after", "limit"],
  status: 200,
  answer: chatAnswer,
  example: { data: SAID },
});

const savingChat = route({
  method: "GET",
  path: "/sessions/:sessionId/chat.csv",
  tag: "Attendance",
  summary: "What was said in the room, as a file",
  description: "For spreadsheets, as the list of the session is.",
  command: chatCsv,
  status: 200,
  answer: csvAnswer,
  example: {
    data: {
      name: "chat-2026-01-05.csv",
      text: `\ufeffTime,Name,Text,User ID\r\n${iso(12)},Ben,Which page?,${BEN_SHOWN._id}\r\n`,
    },
  },
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
          ...TIME,
        },
      ],
      next: null,
    },
  },
});

const watching = route({
  method: "GET",
  path: "/sessions/:sessionId/presence",
  tag: "Attendance",
  summary: "Who is in the room",
  description:
    "Each student's time in the session's video room: whether they are there now and since when, all intervals with what each end is known by, and, where the class's rule proposes marks, what it would make of that now, or made of it at the end, beside the mark that stands. Marking is done as ever: nothing here changes anything.",
  command: showPresence,
  query: ["after", "limit"],
  status: 200,
  answer: presenceAnswer,
  example: {
    data: {
      sessionId: SESSION,
      classId: CLASS,
      startedAt: iso(0),
      endedAt: null,
      at: iso(40),
      sessionMs: 40 * 60_000,
      bridgeMs: 60_000,
      rule: { kind: "share", percent: 80, apply: "propose", neededMs: 32 * 60_000 },
      proposedBy: null,
      setBy: null,
      students: [{ ...BEN_SHOWN, status: null, here: false, since: null, ...TIME, proposal: "present" }],
      next: null,
    },
  },
});

const watchingMine = route({
  method: "GET",
  path: "/class/:classId/my-presence",
  tag: "Attendance",
  summary: "My time in the room",
  description:
    "The asking student's own time in the video room of the class's running session. That of ended sessions is in `my-history`.",
  command: myPresence,
  status: 200,
  answer: myPresenceAnswer,
  example: {
    data: {
      classId: CLASS,
      session: {
        sessionId: SESSION,
        startedAt: iso(0),
        at: iso(40),
        sessionMs: 40 * 60_000,
        here: false,
        since: null,
        ...TIME,
      },
    },
  },
});

export const sessionRoutes: readonly Route[] = [
  listing,
  listingMine,
  showing,
  watching,
  watchingMine,
  saving,
  reading,
  savingChat,
  remembering,
];
