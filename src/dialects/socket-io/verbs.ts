import type { Context } from "../../commands/context.ts";
import { endSession } from "../../commands/end-session.ts";
import { mark } from "../../commands/mark.ts";
import { myStatus } from "../../commands/my-status.ts";
import { whoIsPresent } from "../../commands/who-is-present.ts";
import type { Connection, Handling } from "../../hub/connection.ts";
import { ROOM_VERBS } from "../room-verbs.ts";
import { fail, ping, silently, type Verb, verb } from "../verbs.ts";
import { packet } from "./frames.ts";

/** An event of a client's: its name and its first argument, as they came. */
export interface Call {
  readonly connection: Connection;
  readonly event: unknown;
  readonly data: unknown;
}

const plainMark = verb(mark, silently);

/** A mark says present unless it says otherwise. */
const markPresent: Verb = (context, connection, data) =>
  plainMark(context, connection, isRecord(data) ? { status: "present", ...data } : data);

const summary = verb(whoIsPresent, (present, { wire }) =>
  wire.send(
    packet({
      event: "TODAY_SUMMARY",
      data: { presentCount: present.length, presentStudentIds: [...present] },
    }),
  ),
);

const status = verb(myStatus, (now, { wire }) =>
  wire.send(packet({ event: "MY_STATUS", data: { status: now } })),
);

/** The dialect's own names, and the plain ones as further names for the same. */
const VERBS: ReadonlyMap<unknown, Verb> = new Map([
  ["MARK_ATTENDANCE", markPresent],
  ["ATTENDANCE_MARKED", plainMark],
  ["GET_TODAY_SUMMARY", summary],
  ["TODAY_SUMMARY", summary],
  ["CHECK_MY_STATUS", status],
  ["MY_ATTENDANCE", status],
  ["DONE", verb(endSession, silently)],
  ["PING", ping],
  ...ROOM_VERBS,
]);

/** Does what an event asks, checked in the order of the plain dialect: a name, a known one, then the command. */
export function perform(context: Context, { connection, event, data }: Call): Handling | null {
  if (typeof event !== "string" || holdsBinary(data)) return fail(connection, "invalid-schema");
  const known = VERBS.get(event);
  return known ? known(context, connection, data) : fail(connection, "unknown-event");
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether there are attachments in the data: what goes on to other dialects must be JSON. Not recursive: it may be deep. */
function holdsBinary(data: unknown): boolean {
  const left = [data];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value !== "object" || value === null) continue;
    if (ArrayBuffer.isView(value)) return true;
    left.push(...Object.values(value));
  }
  return false;
}
