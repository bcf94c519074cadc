import { ok, type Result, refuse } from "../core/errors.ts";
import { isUserId } from "../core/ids.ts";
import type { Connection } from "../hub/connection.ts";
import type { Context } from "./context.ts";

/** A signal as it is passed on: who sent it is the server's word, whatever the client said. */
export interface Signal {
  readonly peer: Pick<Connection, "tell">;
  readonly data: Readonly<Record<string, unknown>>;
}

/** V4, V6, V8: a WebRTC signal goes to the target's newest socket in the sender's room; a sender in no room has no peers. */
export function relay({ hub }: Context, sender: Connection, raw: unknown): Result<Signal> {
  if (!isRecord(raw) || typeof raw.targetId !== "string" || raw.targetId === "")
    return refuse("missing-target");
  const peer = isUserId(raw.targetId) ? hub.rooms.peer(sender, raw.targetId) : undefined;
  if (!peer) return refuse("peer-not-connected");
  return ok({ peer, data: { ...raw, fromId: sender.actor.id, fromRole: sender.actor.role } });
}

const isRecord = (raw: unknown): raw is Record<string, unknown> =>
  typeof raw === "object" && raw !== null && !Array.isArray(raw);
