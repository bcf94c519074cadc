import { joinRoom } from "../commands/join-room.ts";
import { leaveRoom } from "../commands/leave-room.ts";
import { relay } from "../commands/relay.ts";
import type { News } from "../hub/connection.ts";
import type { TellRoom } from "../hub/rooms.ts";
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

/** V1, V2: each hears it in its own dialect, at the moment at which it happens. */
export const tellRoom: TellRoom = {
  joined({ id: userId, role, name }, others) {
    if (role === "admin") return;
    for (const other of others) other.tell({ event: "PEER_JOINED", data: { userId, role, name } });
  },
  left({ id: userId }, others) {
    for (const other of others) other.tell({ event: "PEER_LEFT", data: { userId } });
  },
};

/** The video room, in the names that dialects share. */
export const ROOM_VERBS: readonly (readonly [string, Verb])[] = [
  ["JOIN_ROOM", verb(joinRoom, silently)],
  ["LEAVE_ROOM", verb(leaveRoom, silently)],
  ["WEBRTC_OFFER", signal("WEBRTC_OFFER")],
  ["WEBRTC_ANSWER", signal("WEBRTC_ANSWER")],
  ["WEBRTC_ICE_CANDIDATE", signal("WEBRTC_ICE_CANDIDATE")],
];
