import { ok, type Result, refuse } from "../core/errors.ts";
import { isUserId } from "../core/ids.ts";
import type { Connection, News } from "../hub/connection.ts";
import type { Reachable } from "../hub/room.ts";
import type { Context } from "./context.ts";

export type SignalEvent = Extract<News["event"], `WEBRTC_${string}`>;
type Data = Readonly<Record<string, unknown>>;

/** V4, V6, V8: a WebRTC signal goes to the target's newest socket in the sender's room; a sender in no room has no peers. */
export function relay({ hub }: Context, sender: Connection, event: SignalEvent, raw: unknown): Result<void> {
  if (!isRecord(raw) || typeof raw.targetId !== "string" || raw.targetId === "")
    return refuse("missing-target");
  const to = isUserId(raw.targetId) ? hub.rooms.newestOf(sender, raw.targetId) : undefined;
  return pass({ hub }, sender, to, event, named(sender, raw));
}

/** RO4: a signal from peer to peer; one that knows no peers is told who sent it as such dialects say it. */
export function relayToPeer(
  { hub }: Pick<Context, "hub">,
  sender: Connection,
  { to: id, event, data }: { readonly to: string; readonly event: SignalEvent; readonly data: Data },
): Result<void> {
  const to = hub.rooms.peer(sender, id);
  const said = to?.peer.plain ? named(sender, { ...data, targetId: to.peer.user }) : data;
  return pass({ hub }, sender, to, event, said);
}

/** Who sent it is the server's word, whatever the client said. */
const named = ({ actor }: Connection, data: Data): Data => ({
  ...data,
  fromId: actor.id,
  fromRole: actor.role,
});

/** RO5: whoever sends more than SIGNALS_PER_S is cut off like anyone who floods, and their peers hear no more of it. */
function pass(
  { hub }: Pick<Context, "hub">,
  sender: Connection,
  to: Reachable | undefined,
  event: SignalEvent,
  data: Data,
): Result<void> {
  if (sender.room !== null && !hub.rooms.pace.may("signals", sender)) {
    sender.wire.close(POLICY_VIOLATION, "too many signals");
    return ok(undefined);
  }
  const own = hub.rooms.ownPeer(sender);
  if (!to || !own || sender.room === null) return refuse("peer-not-connected");
  to.tell({ event, data, classId: sender.room, peer: own.id });
  return ok(undefined);
}

const POLICY_VIOLATION = 1008;

const isRecord = (raw: unknown): raw is Record<string, unknown> =>
  typeof raw === "object" && raw !== null && !Array.isArray(raw);
