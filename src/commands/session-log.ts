import { ok, type Result, refuse } from "../core/errors.ts";
import type { UserId } from "../core/ids.ts";
import type { Session } from "../core/session/state.ts";
import type { LoadedLog } from "../log/load.ts";
import { loadLog } from "../log/load.ts";
import type { SessionHead } from "../ports/store.ts";
import type { Context } from "./context.ts";

/** The session's whole log; an ended one's is kept for those who ask again. */
export async function readLog(context: Context, head: SessionHead): Promise<Result<LoadedLog>> {
  try {
    const { endedLogs, store } = context;
    return ok(await (head.endedAt === null ? loadLog(store.sessions, head.id) : endedLogs.get(head.id)));
  } catch (error) {
    context.troubled(`the log of session ${head.id} could not be read`, error);
    return refuse("log-damaged");
  }
}

/** Everyone whom the session is about: the roll in its order, then whoever was marked and withdrawn. */
export const attendees = ({ roster, marks }: Readonly<Session>): UserId[] => [
  ...new Set([...roster, ...marks.keys()]),
];
