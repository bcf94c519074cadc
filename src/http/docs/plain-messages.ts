import { type ClientFrame, clientFrame, type ServerFrame, serverFrame } from "../../../protocol/plain.ts";
import { ADA, BEN, CLASS } from "./examples.ts";
import { type Dialect, messagesOf, type Telling } from "./message.ts";

const offer = { type: "offer", sdp: "v=0 …" };

/** What goes between two peers of the room, the same in every dialect that has names for events. */
export const SIGNALS = {
  WEBRTC_OFFER: { sdp: offer },
  WEBRTC_ANSWER: { sdp: { type: "answer", sdp: "v=0 …" } },
  WEBRTC_ICE_CANDIDATE: { candidate: { candidate: "candidate:1 1 UDP …", sdpMid: "0" } },
} as const;

const signal = (event: keyof typeof SIGNALS): Telling => ({
  party: "anyone",
  description:
    "From a member of the room, to the newest socket that `targetId` has there. Whatever else `data` holds is passed on.",
  examples: [{ event, data: { targetId: ADA, ...SIGNALS[event] } }],
});

const relayed = (event: keyof typeof SIGNALS): Telling => ({
  party: "the room",
  description: "A signal as its sender gave it, with `fromId` and `fromRole` of the server's own knowledge.",
  examples: [{ event, data: { targetId: ADA, ...SIGNALS[event], fromId: BEN, fromRole: "student" } }],
});

const SENT: Readonly<Record<ClientFrame["event"], Telling>> = {
  ATTENDANCE_MARKED: {
    party: "a teacher",
    description: "Marks a student; stored, then broadcast to the class.",
    examples: [
      { event: "ATTENDANCE_MARKED", data: { studentId: BEN, status: "present" } },
      { event: "ATTENDANCE_MARKED", data: { classId: CLASS, studentId: BEN, status: "absent" } },
    ],
  },
  TODAY_SUMMARY: {
    party: "a teacher",
    description: "Asks for the figures of those marked so far; they are broadcast.",
    examples: [{ event: "TODAY_SUMMARY" }],
  },
  MY_ATTENDANCE: {
    party: "a student",
    description: "Asks for the own status.",
    examples: [{ event: "MY_ATTENDANCE" }],
  },
  DONE: {
    party: "a teacher",
    description:
      "Ends the session: the unmarked become absent, everything is persisted, then it is broadcast.",
    examples: [{ event: "DONE" }, { event: "DONE", data: { classId: CLASS } }],
  },
  PING: { party: "anyone", description: "Asks whether the server is there.", examples: [{ event: "PING" }] },
  JOIN_ROOM: {
    party: "anyone",
    description: "Enters the video room of the class, for its members, while its session runs.",
    examples: [{ event: "JOIN_ROOM", data: { classId: CLASS } }],
  },
  LEAVE_ROOM: { party: "anyone", description: "Leaves the video room.", examples: [{ event: "LEAVE_ROOM" }] },
  WEBRTC_OFFER: signal("WEBRTC_OFFER"),
  WEBRTC_ANSWER: signal("WEBRTC_ANSWER"),
  WEBRTC_ICE_CANDIDATE: signal("WEBRTC_ICE_CANDIDATE"),
};

const TOLD: Readonly<Record<ServerFrame["event"], Telling>> = {
  ATTENDANCE_MARKED: {
    party: "the class",
    description: "A student was marked; the mark is on disk.",
    examples: [{ event: "ATTENDANCE_MARKED", data: { studentId: BEN, status: "present" } }],
  },
  TODAY_SUMMARY: {
    party: "the class",
    description: "The figures of those marked so far; `total` is their number.",
    examples: [{ event: "TODAY_SUMMARY", data: { present: 1, absent: 0, total: 1 } }],
  },
  MY_ATTENDANCE: {
    party: "the asker",
    description: "The own status.",
    examples: [
      { event: "MY_ATTENDANCE", data: { status: "present" } },
      { event: "MY_ATTENDANCE", data: { status: "not yet updated" } },
    ],
  },
  DONE: {
    party: "the class",
    description: "The session has ended, and its records can be read. The figures are of the whole roll.",
    examples: [{ event: "DONE", data: { message: "Attendance persisted", present: 1, absent: 1, total: 2 } }],
  },
  PONG: { party: "the asker", description: "The answer to PING.", examples: [{ event: "PONG" }] },
  PEER_JOINED: {
    party: "the room",
    description: "Somebody has entered the video room.",
    examples: [{ event: "PEER_JOINED", data: { userId: BEN, role: "student", name: "Ben" } }],
  },
  PEER_LEFT: {
    party: "the room",
    description: "Somebody's last socket has left the video room.",
    examples: [{ event: "PEER_LEFT", data: { userId: BEN } }],
  },
  ERROR: {
    party: "the asker",
    description: "Why nothing was done. It closes nothing.",
    examples: [{ event: "ERROR", data: { message: "No active attendance session" } }],
  },
  WEBRTC_OFFER: relayed("WEBRTC_OFFER"),
  WEBRTC_ANSWER: relayed("WEBRTC_ANSWER"),
  WEBRTC_ICE_CANDIDATE: relayed("WEBRTC_ICE_CANDIDATE"),
};

/** The token of a login, in the URL. */
export const TOKEN_IN_QUERY = {
  type: "object",
  properties: { token: { type: "string", description: "The token of `POST /auth/login`." } },
} as const;

/** The plain dialect: what existing clients speak. */
export const plainReference = (): Dialect => ({
  id: "plain",
  title: "Plain WebSocket",
  address: "/ws",
  opening: { query: TOKEN_IN_QUERY },
  about: [
    "Connect to `/ws` with the token of a login in the URL and no subprotocol. The server says nothing on connecting; a bad or missing token is told so and closed.",
    "Frames are texts of JSON. Which session: the one of `data.classId` where given, else the teacher's most recently started; for a student, that of a class they are enrolled in.",
    "Broadcasts reach every socket of the class's teacher and enrolled students in the order of the log, the teachers' first. A frame over 64 KiB closes the socket with 1009, a flood with 1008.",
  ],
  messages: [...messagesOf("client", clientFrame, SENT), ...messagesOf("server", serverFrame, TOLD)],
});
