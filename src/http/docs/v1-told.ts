import type { RoomServerFrame } from "../../../protocol/room.ts";
import type { ServerFrame } from "../../../protocol/v1.ts";
import { ADA, BEN, CLASS, CLEO, EIGHT, ROOM, SESSION } from "./examples.ts";
import type { Telling } from "./message.ts";

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

/** What the server tells. */
export const TOLD: Readonly<Record<Exclude<ServerFrame["type"], RoomServerFrame["type"]>, Telling>> = {
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
      events(
        8,
        9,
        { type: "entered", user: BEN, device: "n2.7", when: at(8), witness: "socket", ...stamp(8) },
        { type: "left", user: BEN, device: "n2.7", when: at(9), witness: "socket", ...stamp(9) },
      ),
      events(10, 10, { type: "startedAgain", ...stamp(10) }),
      events(11, 11, {
        type: "ended",
        statuses: [
          [BEN, "present"],
          [CLEO, "absent"],
        ],
        present: 1,
        absent: 1,
        ...stamp(11),
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
  presence: {
    party: "the asker",
    description:
      "Who of the class is there, for teachers who look at it: all of them once, then whoever came and went, a few times a second at most. It stands in no log.",
    examples: [
      {
        type: "presence",
        class: CLASS,
        whole: true,
        students: [
          [BEN, "connected"],
          [CLEO, "room"],
        ],
        looking: [{ socket: "1f", user: ADA, name: "Ada" }],
      },
      {
        type: "presence",
        class: CLASS,
        whole: false,
        students: [[BEN, "away"]],
        looking: [
          { socket: "1f", user: ADA, name: "Ada" },
          { socket: "2c", user: ADA, name: "Ada" },
        ],
      },
    ],
  },
  pong: {
    party: "the asker",
    description: "The answer to a ping.",
    examples: [{ type: "pong", time: at(9) }],
  },
};
