import {
  CLOSE,
  type ClientFrame,
  clientFrame,
  helloFrame,
  type ServerFrame,
  SUBPROTOCOL,
  serverFrame,
} from "../../../protocol/v1.ts";
import { ADA, BEN, CLASS, CLEO, EIGHT, ROOM, SESSION, TOKEN } from "./examples.ts";
import { type Dialect, type Message, messagesOf, type Telling } from "./message.ts";

const at = (minutes: number) => EIGHT + minutes * 60_000;
const named = { session: SESSION, class: CLASS };
const stamp = (seq: number) => ({ seq, at: at(seq), by: ADA, via: "v1" });
const events = (from: number, to: number, ...told: readonly unknown[]) => ({
  type: "events",
  ...named,
  from,
  to,
  events: told,
});

const HELLO: Message = {
  name: "hello",
  from: "client",
  party: "anyone",
  description:
    "The first frame: who it is, by a ticket or a token, and in `after` up to which event it knows which session.",
  schema: helloFrame,
  examples: [
    { type: "hello", ticket: "mC0v1gq8c1nJcC3aT2H8k1pXo1qkYx0m5fQm6mPqk3E" },
    { type: "hello", token: TOKEN, after: { [SESSION]: 5 } },
  ],
};

const SENT: Readonly<Record<Exclude<ClientFrame["type"], "hello">, Telling>> = {
  start: {
    party: "a teacher",
    description: "Starts the class's session, or gives the one that runs.",
    examples: [{ type: "start", id: "c-1", class: CLASS }],
  },
  mark: {
    party: "a teacher",
    description: "Marks a student.",
    examples: [{ type: "mark", id: "c-2", session: SESSION, student: BEN, status: "present" }],
  },
  markMany: {
    party: "a teacher",
    description: "Marks everyone, the unmarked, or a list, in one command and one commit.",
    examples: [
      { type: "markMany", id: "c-3", session: SESSION, whom: "all", status: "present" },
      { type: "markMany", id: "c-4", session: SESSION, whom: "rest", status: "absent" },
      { type: "markMany", id: "c-5", session: SESSION, whom: [BEN, CLEO], status: "present" },
    ],
  },
  undo: {
    party: "a teacher",
    description: "Takes back the marks that the event `seq` made and that still stand.",
    examples: [{ type: "undo", id: "c-6", session: SESSION, seq: 2 }],
  },
  end: {
    party: "a teacher",
    description: "Ends the session; the acknowledgement comes once its records stand.",
    examples: [{ type: "end", id: "c-7", session: SESSION }],
  },
  resume: {
    party: "anyone",
    description: "Asks for what came after an event, of a running session or an ended one.",
    examples: [{ type: "resume", session: SESSION, after: 5 }],
  },
  ping: { party: "anyone", description: "Asks whether the server is there.", examples: [{ type: "ping" }] },
};

const TOLD: Readonly<Record<ServerFrame["type"], Telling>> = {
  hello: {
    party: "the asker",
    description:
      "The answer to the first frame: who it is, the server's clock, and the running sessions with their last event.",
    examples: [
      {
        type: "hello",
        version: 1,
        time: at(9),
        socket: "1f",
        user: { id: ADA, name: "Ada", role: "teacher" },
        sessions: [{ ...named, seq: 8 }],
        pingAfter: 15_000,
        silenceMax: 40_000,
      },
    ],
  },
  snapshot: {
    party: "the asker",
    description:
      "A session whole, for who cannot be told event by event. The roll and who marked are for teachers alone.",
    examples: [
      {
        type: "snapshot",
        ...named,
        seq: 2,
        startedAt: at(0),
        endedAt: null,
        room: ROOM,
        teacher: ADA,
        roster: [BEN, CLEO],
        marks: [{ student: BEN, status: "present", seq: 2, at: at(2), by: ADA }],
      },
    ],
  },
  events: {
    party: "the class",
    description:
      "What happened, from the first to the last number that it covers, those included that this receiver may not see: whoever has all the numbers is complete. Students are told no enrolments, and not by whom.",
    examples: [
      events(1, 1, { type: "started", room: ROOM, teacher: ADA, roster: [BEN, CLEO], ...stamp(1) }),
      events(2, 2, { type: "marked", student: BEN, status: "present", ...stamp(2) }),
      events(2, 3, { type: "marked", student: BEN, status: "present", seq: 2, at: at(2) }),
      events(
        4,
        5,
        { type: "enrolled", student: CLEO, ...stamp(4) },
        { type: "withdrawn", student: CLEO, ...stamp(5) },
      ),
      events(
        6,
        7,
        { type: "markedMany", students: [BEN, CLEO], status: "absent", ...stamp(6) },
        {
          type: "undone",
          of: 6,
          marks: [
            [BEN, "present"],
            [CLEO, null],
          ],
          ...stamp(7),
        },
      ),
      events(8, 8, { type: "startedAgain", ...stamp(8) }),
      events(9, 9, {
        type: "ended",
        statuses: [
          [BEN, "present"],
          [CLEO, "absent"],
        ],
        present: 1,
        absent: 1,
        ...stamp(9),
      }),
    ],
  },
  ready: {
    party: "the asker",
    description: "Everything that was missing has been told; what comes now is news.",
    examples: [{ type: "ready" }],
  },
  ack: {
    party: "the asker",
    description: "The command is on disk, as the event `seq`; a resend of its id is answered with the same.",
    examples: [{ type: "ack", id: "c-2", session: SESSION, seq: 2 }],
  },
  refused: {
    party: "the asker",
    description: "The command was refused and changed nothing; sent again, it is decided anew.",
    examples: [
      {
        type: "refused",
        id: "c-6",
        code: "nothing-to-undo",
        message: "Nothing to undo, the mark has been replaced or was never made",
      },
    ],
  },
  error: {
    party: "the asker",
    description: "A frame that is no command could not be followed. It closes nothing.",
    examples: [
      { type: "error", code: "bad-frame", message: "Not a frame of rollcall.v1" },
      {
        type: "error",
        code: "unknown-session",
        message: "There is no such session among your classes",
        session: SESSION,
      },
    ],
  },
  member: {
    party: "the asker",
    description: "You have become a member of a class, or are one no more.",
    examples: [{ type: "member", class: CLASS, joined: false }],
  },
  pong: {
    party: "the asker",
    description: "The answer to a ping.",
    examples: [{ type: "pong", time: at(9) }],
  },
};

const CLOSES: Readonly<Record<keyof typeof CLOSE, string>> = {
  badFirstFrame: "the first frame is no hello",
  unauthorized: "the ticket or token is unknown, used or expired",
  unknownVersion: "a version that this server does not speak",
  noFirstFrame: "no hello within 10 seconds",
};
const closes = () =>
  Object.entries(CLOSE)
    .map(([name, code]) => `${code}: ${Object.entries(CLOSES).find(([of]) => of === name)?.[1]}`)
    .join("; ");

/** rollcall.v1: what our own client speaks, and anyone who wants certainty. */
export const v1Reference = (): Dialect => ({
  id: "v1",
  title: SUBPROTOCOL,
  address: "/ws",
  opening: {
    headers: {
      type: "object",
      required: ["Sec-WebSocket-Protocol"],
      properties: { "Sec-WebSocket-Protocol": { type: "string", const: SUBPROTOCOL } },
    },
  },
  about: [
    `Connect to \`/ws\` with the subprotocol \`${SUBPROTOCOL}\`, nothing in the URL, and say hello first. docs/PROTOCOL.md specifies this dialect so that anyone can implement it.`,
    "Every command has an id of the client's choice and is acknowledged once it is on disk; a resend does no harm. Every broadcast says which numbers it covers, so that a receiver always knows whether it is complete.",
    `Close codes of its own: ${closes()}.`,
  ],
  messages: [HELLO, ...messagesOf("client", clientFrame, SENT), ...messagesOf("server", serverFrame, TOLD)],
});
