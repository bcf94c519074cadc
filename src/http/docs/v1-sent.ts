import type { RoomClientFrame } from "../../../protocol/room.ts";
import { type ClientFrame, helloFrame } from "../../../protocol/v1.ts";
import { BEN, CLASS, CLEO, SESSION, TOKEN } from "./examples.ts";
import type { Message, Telling } from "./message.ts";

/** The first frame, which stands apart from the others. */
export const HELLO: Message = {
  name: "hello",
  from: "client",
  party: "anyone",
  description:
    "The first frame: who it is, by a ticket, a token or the cookie of the upgrade, and in `after` up to which event it knows which session.",
  schema: helloFrame,
  examples: [
    { type: "hello", ticket: "mC0v1gq8c1nJcC3aT2H8k1pXo1qkYx0m5fQm6mPqk3E" },
    { type: "hello", token: TOKEN, after: { [SESSION]: 5 } },
    { type: "hello", cookie: true },
  ],
};

/** What a client sends once it has said hello. */
export const SENT: Readonly<
  Record<Exclude<ClientFrame["type"], "hello" | RoomClientFrame["type"]>, Telling>
> = {
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
  look: {
    party: "a teacher",
    description:
      "Looks at a class of the own ones, at none else, and is told who of it is there; null ends that. A socket that is not a teacher's of the class gets an `error`.",
    examples: [
      { type: "look", class: CLASS },
      { type: "look", class: null },
    ],
  },
  ping: { party: "anyone", description: "Asks whether the server is there.", examples: [{ type: "ping" }] },
};
