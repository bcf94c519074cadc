import { ok, type Result, refuse } from "../core/errors.ts";
import type { SessionId } from "../core/ids.ts";
import type { Connection } from "../hub/connection.ts";
import type { Reachable, Shown } from "../hub/room.ts";
import type { Context } from "./context.ts";

/** What a teacher may want of peers. */
type Wish = "mute" | "unmute" | "lowerHand";

/** RO3, RO66: what the sender's own peer shows. */
export function show({ hub }: Context, sender: Connection, shown: Partial<Shown>): Result<void> {
  if (!hub.rooms.pace.may("shows", sender)) return refuse("too-fast");
  return hub.rooms.show(sender, shown) ? ok(undefined) : refuse("not-in-room");
}

/** RO6, RO7: the teacher in the room wants this of one peer, or, by null, of all students. */
export function askPeers(context: Context, sender: Connection, what: Wish, id: string | null): Result<void> {
  const { hub } = context;
  const by = sender.actor;
  if (by.role !== "teacher") return refuse("teacher-only");
  const classId = sender.room;
  if (classId === null) return refuse("not-in-room");
  const asked =
    id === null ? hub.rooms.peersBeside(sender).filter(isAskedWithAll) : [hub.rooms.peer(sender, id)];
  if (id !== null && !asked[0]) return refuse("peer-not-connected");
  for (const one of asked) one?.tell({ event: "ASKED", classId, data: { what, by: by.id } });
  const room = hub.rooms.roomOf(sender);
  if (what === "mute" && room?.isCall)
    void muteInCall(
      context,
      room.session,
      asked.flatMap((one) => one?.peer.id ?? []),
    );
  return ok(undefined);
}

/** A page that does not do what it is asked is silenced on the media server all the same. */
async function muteInCall(
  { calls, troubled }: Context,
  session: SessionId,
  peers: readonly string[],
): Promise<void> {
  await calls?.mute(session, peers).catch((error: unknown) => troubled("LiveKit did not mute a page", error));
}

const isAskedWithAll = ({ peer }: Reachable): boolean => peer.role === "student";
