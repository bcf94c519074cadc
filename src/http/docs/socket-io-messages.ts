import { z } from "zod";
import { clientEvent, type ServerEvent, SOCKET_IO_PATH, serverEvent } from "../../../protocol/socket-io.ts";
import { ADA, BEN, CLASS, CLEO } from "./examples.ts";
import { type Dialect, type Message, messagesOf, type Telling } from "./message.ts";
import { SIGNALS, TOKEN_IN_QUERY } from "./plain-messages.ts";

const further = (event: string, telling: Omit<Telling, "examples">, data?: unknown): Telling => ({
  ...telling,
  examples: [data === undefined ? [event] : [event, data]],
});

const signal = (event: keyof typeof SIGNALS): Telling => ({
  party: "anyone",
  description: "From a member of the room, to the newest socket that `targetId` has there.",
  examples: [[event, { targetId: ADA, ...SIGNALS[event] }]],
});

const relayed = (event: keyof typeof SIGNALS): Telling => ({
  party: "the room",
  description: "A signal as its sender gave it, with `fromId` and `fromRole` of the server's own knowledge.",
  examples: [[event, { targetId: ADA, ...SIGNALS[event], fromId: BEN, fromRole: "student" }]],
});

const SENT: Readonly<Record<z.input<typeof clientEvent>["event"], Telling>> = {
  MARK_ATTENDANCE: {
    party: "a teacher",
    description: "Marks a student, `present` unless a status is given; stored, then broadcast to the class.",
    examples: [
      ["MARK_ATTENDANCE", { studentId: BEN }],
      ["MARK_ATTENDANCE", { studentId: BEN, status: "absent", classId: CLASS }],
    ],
  },
  GET_TODAY_SUMMARY: {
    party: "a teacher",
    description: "Asks who is present so far.",
    examples: [["GET_TODAY_SUMMARY"], ["GET_TODAY_SUMMARY", { classId: CLASS }]],
  },
  CHECK_MY_STATUS: {
    party: "a student",
    description: "Asks for the own status.",
    examples: [["CHECK_MY_STATUS"]],
  },
  DONE: {
    party: "a teacher",
    description:
      "Ends the session: the unmarked become absent, everything is persisted, then it is broadcast.",
    examples: [["DONE"], ["DONE", { classId: CLASS }]],
  },
  ATTENDANCE_MARKED: further(
    "ATTENDANCE_MARKED",
    { party: "a teacher", description: "The plain dialect's name for MARK_ATTENDANCE." },
    { studentId: BEN, status: "present" },
  ),
  TODAY_SUMMARY: further("TODAY_SUMMARY", {
    party: "a teacher",
    description: "The plain dialect's name for GET_TODAY_SUMMARY.",
  }),
  MY_ATTENDANCE: further("MY_ATTENDANCE", {
    party: "a student",
    description: "The plain dialect's name for CHECK_MY_STATUS.",
  }),
  PING: further("PING", { party: "anyone", description: "Asks whether the server is there." }),
  JOIN_ROOM: further(
    "JOIN_ROOM",
    {
      party: "anyone",
      description: "Enters the video room of the class, for its members, while its session runs.",
    },
    { classId: CLASS },
  ),
  LEAVE_ROOM: further("LEAVE_ROOM", { party: "anyone", description: "Leaves the video room." }),
  WEBRTC_OFFER: signal("WEBRTC_OFFER"),
  WEBRTC_ANSWER: signal("WEBRTC_ANSWER"),
  WEBRTC_ICE_CANDIDATE: signal("WEBRTC_ICE_CANDIDATE"),
};

const TOLD: Readonly<Record<ServerEvent["event"], Telling>> = {
  ATTENDANCE_MARKED: {
    party: "the class",
    description: "A student was marked, in whatever dialect; the mark is on disk.",
    examples: [["ATTENDANCE_MARKED", { studentId: BEN, status: "present" }]],
  },
  TODAY_SUMMARY: {
    party: "the asker",
    description: "Who is present so far.",
    examples: [["TODAY_SUMMARY", { presentCount: 1, presentStudentIds: [BEN] }]],
  },
  MY_STATUS: {
    party: "the asker",
    description: "The own status; null before a mark.",
    examples: [
      ["MY_STATUS", { status: "present" }],
      ["MY_STATUS", { status: null }],
    ],
  },
  SESSION_ENDED: {
    party: "the class",
    description:
      "The session has ended, and its records can be read: the final status of everyone on the roll.",
    examples: [
      [
        "SESSION_ENDED",
        {
          classId: CLASS,
          totalStudents: 2,
          presentCount: 1,
          attendance: [
            { studentId: BEN, status: "present" },
            { studentId: CLEO, status: "absent" },
          ],
        },
      ],
    ],
  },
  PONG: { party: "the asker", description: "The answer to PING.", examples: [["PONG"]] },
  PEER_JOINED: {
    party: "the room",
    description: "Somebody has entered the video room.",
    examples: [["PEER_JOINED", { userId: BEN, role: "student", name: "Ben" }]],
  },
  PEER_LEFT: {
    party: "the room",
    description: "Somebody's last socket has left the video room.",
    examples: [["PEER_LEFT", { userId: BEN }]],
  },
  WEBRTC_OFFER: relayed("WEBRTC_OFFER"),
  WEBRTC_ANSWER: relayed("WEBRTC_ANSWER"),
  WEBRTC_ICE_CANDIDATE: relayed("WEBRTC_ICE_CANDIDATE"),
  ERROR: {
    party: "the asker",
    description: "Why nothing was done, in the plain dialect's texts.",
    examples: [["ERROR", { message: "No active attendance session" }]],
  },
};

/** What `emit` takes and `on` hears: the event's name, and its data where it has any. */
function asArguments(message: Message): Message {
  const data = message.schema instanceof z.ZodObject ? message.schema.shape.data : undefined;
  const name = z.literal(message.name);
  return { ...message, schema: data instanceof z.ZodType ? z.tuple([name, data]) : z.tuple([name]) };
}

/** Socket.IO: the same core under the names that its clients have always used. */
export const socketIoReference = (): Dialect => ({
  id: "socketIo",
  title: "Socket.IO",
  address: SOCKET_IO_PATH,
  opening: { query: TOKEN_IN_QUERY },
  about: [
    `Connect a Socket.IO client (Engine.IO 4, polling or WebSocket) with the token in \`auth.token\` or \`query.token\`; it is served at \`${SOCKET_IO_PATH}\`. A bad token is a \`connect_error\` with the message \`Unauthorized or invalid token\`.`,
    "A payload here is what `emit` takes and `on` hears: the event's name, and one argument where it has any. A mark made in any dialect is seen in all.",
  ],
  messages: [...messagesOf("client", clientEvent, SENT), ...messagesOf("server", serverEvent, TOLD)].map(
    asArguments,
  ),
});
