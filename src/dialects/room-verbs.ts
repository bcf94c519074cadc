import { joinRoom } from "../commands/join-room.ts";
import { leaveRoom } from "../commands/leave-room.ts";
import { relay } from "../commands/relay.ts";
import type { UserId } from "../core/ids.ts";
import type { Connection, News } from "../hub/connection.ts";
import { fail, silently, type Verb, verb } from "./verbs.ts";

type Signal = Extract<News["event"], `WEBRTC_${string}`>;

/** The target may speak another dialect than the sender: it hears the signal in its own. */
const signal =
  (event: Signal): Verb =>
  (context, connection, data) => {
    const relayed = relay(context, connection, data);
    if (!relayed.ok) return fail(connection, relayed.code);
    relayed.value.peer.tell({ event, data: relayed.value.data });
    return null;
  };

function tellOfArrival(others: readonly Connection[], { actor }: Connection): void {
  if (actor.role === "admin") return;
  const { id: userId, role, name } = actor;
  for (const other of others) other.tell({ event: "PEER_JOINED", data: { userId, role, name } });
}

/** Tells the others in a room that a user has left it. */
export function tellOfDeparture(userId: UserId, others: readonly Connection[]): void {
  for (const other of others) other.tell({ event: "PEER_LEFT", data: { userId } });
}

/** The video room, in the names that dialects share. */
export const ROOM_VERBS: readonly (readonly [string, Verb])[] = [
  ["JOIN_ROOM", verb(joinRoom, tellOfArrival)],
  ["LEAVE_ROOM", verb(leaveRoom, silently)],
  ["WEBRTC_OFFER", signal("WEBRTC_OFFER")],
  ["WEBRTC_ANSWER", signal("WEBRTC_ANSWER")],
  ["WEBRTC_ICE_CANDIDATE", signal("WEBRTC_ICE_CANDIDATE")],
];
