import { frame as frameSchema, type ServerFrame } from "../../protocol/plain.ts";
import { plainFrame } from "../../protocol/shortcuts.ts";
import type { Context } from "../commands/context.ts";
import { endSession } from "../commands/end-session.ts";
import { mark } from "../commands/mark.ts";
import { myStatus } from "../commands/my-status.ts";
import { summarise } from "../commands/summarise.ts";
import { frameText } from "../core/errors.ts";
import type { UserId } from "../core/ids.ts";
import type { Actor } from "../core/people.ts";
import type { Status } from "../core/session/events.ts";
import type {
  Connection,
  Endpoint,
  Handling,
  News,
  OpenSocket,
  SocketDialect,
  Wire,
} from "../hub/connection.ts";
import type { Door, Guest } from "../hub/door.ts";
import type { Encoder } from "../hub/hub.ts";
import type { Told } from "../log/live-session.ts";
import { marksOf } from "./marks.ts";
import { ROOM_VERBS, sayable } from "./room-verbs.ts";
import { fail, ping, silently, type Verb, verb } from "./verbs.ts";

/** Frames in, frames out: the plain dialect knows names and shapes, and no rules. */
export const plainEncoder: Encoder = {
  name: "plain",
  windowed: true,
  encode: (_session, told) => {
    const frames: string[] = [];
    for (const item of told.items)
      if (item.type === "marked") frames.push(markedFrame(item.student, item.status));
      else frames.push(...framesOf(item));
    return { teacher: frames, student: frames };
  },
};

/** The broadcasts that an item stands for. */
function framesOf(item: Told["items"][number]): string[] {
  switch (item.type) {
    case "summary":
      return [text({ event: "TODAY_SUMMARY", data: item.figures })];
    case "ended": {
      const { present, absent } = item;
      const data = { message: "Attendance persisted", present, absent, total: present + absent } as const;
      return [text({ event: "DONE", data })];
    }
    default:
      return marksOf(item).map(({ studentId, status }) => markedFrame(studentId, status));
  }
}

const markedFrame = (studentId: UserId, status: Status): string =>
  text({ event: "ATTENDANCE_MARKED", data: { studentId, status } });

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
  ["PING", ping],
  ...ROOM_VERBS,
]);

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
    const parsed: unknown = JSON.parse(raw);
    return plainFrame(parsed) ?? frameSchema.safeParse(parsed).data ?? null;
  } catch {
    return null;
  }
}

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
export const plainDialect = (parts: PlainParts): SocketDialect => ({
  name: "plain",
  subprotocol: null,
  prepare: async ({ url }) => {
    const { door, authenticate } = parts;
    const actor = await authenticate(url.searchParams.get("token"));
    return opening(parts, actor && (await door.invite(actor)));
  },
});

/** Apart from `prepare`, so that what opens a socket does not hold on to its URL. */
function opening({ context, door, refused }: PlainParts, guest: Guest | null): OpenSocket {
  return (wire, id) => {
    const connection =
      guest &&
      door.enter({
        guest,
        wire,
        id,
        dialect: "plain",
        words: sayPlainly,
      });
    if (connection) return new PlainEndpoint(context, door, connection);
    if (!guest) {
      refused("unauthorized");
      wire.send(unauthorizedFrame);
      wire.close(POLICY_VIOLATION, "unauthorized");
    }
    return null;
  };
}

function sayPlainly(wire: Wire, news: News): void {
  const said = sayable(news);
  if (said) wire.send(JSON.stringify(said));
}

class PlainEndpoint implements Endpoint<string | Uint8Array> {
  constructor(
    private readonly context: Context,
    private readonly door: Door,
    private readonly connection: Connection,
  ) {}

  receive(frame: string | Uint8Array): Handling | null {
    return receivePlain(this.context, this.connection, frame);
  }

  gone(): void {
    this.door.leave(this.connection);
  }
}

const POLICY_VIOLATION = 1008;
