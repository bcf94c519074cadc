import { frame as frameSchema, type ServerFrame } from "../../protocol/plain.ts";
import type { Context } from "../commands/context.ts";
import { endSession } from "../commands/end-session.ts";
import { joinRoom } from "../commands/join-room.ts";
import { leaveRoom } from "../commands/leave-room.ts";
import { mark } from "../commands/mark.ts";
import { myStatus } from "../commands/my-status.ts";
import { relay } from "../commands/relay.ts";
import { findByClass, type SessionCommand } from "../commands/session-command.ts";
import { summarise } from "../commands/summarise.ts";
import { frameText, type RefusalCode } from "../core/errors.ts";
import type { UserId } from "../core/ids.ts";
import type { Actor } from "../core/people.ts";
import type { Status } from "../core/session/events.ts";
import type { Connection, Handling, SocketDialect } from "../hub/connection.ts";
import type { Door } from "../hub/door.ts";
import type { Encoder } from "../hub/hub.ts";
import type { Told } from "../log/live-session.ts";

/** Frames in, frames out: the plain dialect knows names and shapes, and no rules. */
export const plainEncoder: Encoder = {
  name: "plain",
  windowed: true,
  encode: (_session, told) => {
    const frames = told.items.flatMap(framesOf);
    return { teacher: frames, student: frames };
  },
};

/** The broadcasts that an item stands for. M5: back to unmarked is not told here, for this dialect has no word for it. */
function framesOf(item: Told["items"][number]): string[] {
  switch (item.type) {
    case "marked":
      return [marked(item.student, item.status)];
    case "markedMany":
      return item.students.map((student) => marked(student, item.status));
    case "undone":
      return item.marks.flatMap(([student, status]) => (status === null ? [] : marked(student, status)));
    case "summary":
      return [text({ event: "TODAY_SUMMARY", data: item.figures })];
    case "ended": {
      const { present, absent } = item;
      const data = { message: "Attendance persisted", present, absent, total: present + absent } as const;
      return [text({ event: "DONE", data })];
    }
    default:
      return [];
  }
}

const marked = (studentId: UserId, status: Status): string =>
  text({ event: "ATTENDANCE_MARKED", data: { studentId, status } });

type Verb = (context: Context, connection: Connection, data: unknown) => Handling | null;

/** A verb that runs a command and tells the sender its outcome: `answer` where it was done, else the error. */
function verb<T>(command: SessionCommand<T>, answer: (value: T, connection: Connection) => void): Verb {
  return (context, connection, data) => {
    const started = command.execute(context, { connection, via: "plain", find: findByClass }, data);
    if (!("outcome" in started)) return fail(connection, started.code);
    const before = connection.underway;
    const finished = started.outcome.then(async (result) => {
      if (before) await before;
      if (result.ok) answer(result.value, connection);
      else sendError(connection, result.code);
    });
    return follow(connection, { finished, blocking: started.blocking });
  };
}

/** P24: answers come in the order of the questions, so one that is known at once waits for those under way. */
function inTurn(connection: Connection, answer: () => void): Handling | null {
  if (connection.underway)
    return follow(connection, { finished: connection.underway.then(answer), blocking: false });
  answer();
  return null;
}

function follow(connection: Connection, handling: Handling): Handling {
  const { finished } = handling;
  connection.underway = finished;
  const forget = () => {
    if (connection.underway === finished) connection.underway = null;
  };
  finished.then(forget, forget);
  return handling;
}

/** The class hears of it by the broadcast, the sender's own sockets among them. */
const silently = () => undefined;

const signal =
  (event: "WEBRTC_OFFER" | "WEBRTC_ANSWER" | "WEBRTC_ICE_CANDIDATE"): Verb =>
  (context, connection, data) => {
    const relayed = relay(context, connection, data);
    if (!relayed.ok) return fail(connection, relayed.code);
    relayed.value.peer.wire.send(JSON.stringify({ event, data: relayed.value.data }));
    return null;
  };

const VERBS: ReadonlyMap<string, Verb> = new Map([
  ["ATTENDANCE_MARKED", verb(mark, silently)],
  ["TODAY_SUMMARY", verb(summarise, silently)],
  [
    "MY_ATTENDANCE",
    verb(myStatus, (status, { wire }) =>
      wire.send(text({ event: "MY_ATTENDANCE", data: { status: status ?? "not yet updated" } })),
    ),
  ],
  ["DONE", verb(endSession, silently)],
  ["JOIN_ROOM", verb(joinRoom, tellOfArrival)],
  ["LEAVE_ROOM", verb(leaveRoom, silently)],
  ["WEBRTC_OFFER", signal("WEBRTC_OFFER")],
  ["WEBRTC_ANSWER", signal("WEBRTC_ANSWER")],
  ["WEBRTC_ICE_CANDIDATE", signal("WEBRTC_ICE_CANDIDATE")],
  ["PING", (_context, connection) => inTurn(connection, () => connection.wire.send(text({ event: "PONG" })))],
]);

function tellOfArrival(others: readonly Connection[], { actor }: Connection): void {
  if (actor.role === "admin") return;
  const joined = text({
    event: "PEER_JOINED",
    data: { userId: actor.id, role: actor.role, name: actor.name },
  });
  for (const { wire } of others) wire.send(joined);
}

/** Tells the others in a room that a user has left it. */
export function tellOfDeparture(userId: Connection["actor"]["id"], others: readonly Connection[]): void {
  const left = text({ event: "PEER_LEFT", data: { userId } });
  for (const { wire } of others) wire.send(left);
}

/** Does what a frame asks. Checks in the contract's order: JSON object with an event's name, known event, then the command. */
function receivePlain(context: Context, connection: Connection, raw: string | Uint8Array): Handling | null {
  const frame = decode(raw);
  const known = frame && VERBS.get(frame.event);
  if (known) return known(context, connection, frame.data);
  const code = frame ? "unknown-event" : "invalid-schema";
  context.refused(code);
  return fail(connection, code);
}

function decode(raw: string | Uint8Array): { event: string; data?: unknown } | null {
  if (typeof raw !== "string") return null;
  try {
    const parsed = frameSchema.safeParse(JSON.parse(raw));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

const fail = (connection: Connection, code: RefusalCode): Handling | null =>
  inTurn(connection, () => sendError(connection, code));

const sendError = ({ wire }: Connection, code: RefusalCode): void =>
  wire.send(text({ event: "ERROR", data: { message: frameText(code) } }));

/** What a socket without a valid token is told before it is closed. */
const unauthorizedFrame = JSON.stringify({
  event: "ERROR",
  data: { message: frameText("unauthorized") },
});

const text = (frame: ServerFrame): string => JSON.stringify(frame);

export interface PlainParts {
  readonly context: Context;
  readonly door: Door;
  readonly authenticate: (token: string | null) => Promise<Actor | null>;
  /** Somebody was turned away: for the metrics. */
  readonly refused: (reason: string) => void;
}

/** The plain dialect: the token stands in the URL, and a bad one is told so over the socket. */
export const plainDialect = ({ context, door, authenticate, refused }: PlainParts): SocketDialect => ({
  name: "plain",
  subprotocol: null,
  prepare: async (url) => {
    const actor = await authenticate(url.searchParams.get("token"));
    const guest = actor && (await door.invite(actor));
    return (wire, id) => {
      const connection = guest && door.enter({ guest, wire, id, dialect: "plain" });
      if (connection)
        return {
          receive: (frame) => receivePlain(context, connection, frame),
          gone: () => door.leave(connection),
        };
      if (!guest) {
        refused("unauthorized");
        wire.send(unauthorizedFrame);
        wire.close(POLICY_VIOLATION, "unauthorized");
      }
      return null;
    };
  },
});

const POLICY_VIOLATION = 1008;
