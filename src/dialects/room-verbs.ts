import { joinRoom } from "../commands/join-room.ts";
import { leaveRoom } from "../commands/leave-room.ts";
import { relay, type SignalEvent } from "../commands/relay.ts";
import type { Connection, News } from "../hub/connection.ts";
import type { TellRoom } from "../hub/tell-room.ts";
import { fail, silently, type Verb, verb } from "./verbs.ts";

/** The target may speak another dialect than the sender: it hears the signal in its own. */
const signal =
  (event: SignalEvent): Verb =>
  (context, connection, data) => {
    const relayed = relay(context, connection, event, data);
    return relayed.ok ? null : fail(connection, relayed.code);
  };

/** V1, V2: what happens in a room, for the dialects that know users and no peers. */
export const tellOfUsers: TellRoom = {
  entered: () => undefined,
  out: () => undefined,
  said: () => undefined,
  changed: () => undefined,
  joined({ user: userId, role, name }, others) {
    for (const other of others.filter(knowsUsers))
      other.tell({ event: "PEER_JOINED", data: { userId, role, name } });
  },
  left({ user: userId }, others) {
    for (const other of others.filter(knowsUsers)) other.tell({ event: "PEER_LEFT", data: { userId } });
  },
};

const knowsUsers = ({ dialect }: Connection): boolean => dialect !== "v1";

type UserNews = Exclude<News, { event: "ASKED" | SignalEvent }>;
export type Said =
  | UserNews
  | { readonly event: SignalEvent; readonly data: Readonly<Record<string, unknown>> };

/** News as a frame of the dialects that know no peers; null where they have no words for it. */
export function sayable(news: News): Said | null {
  if (news.event === "ASKED") return null;
  return "peer" in news ? { event: news.event, data: news.data } : news;
}

/** The video room, in the names that dialects share. */
export const ROOM_VERBS: readonly (readonly [string, Verb])[] = [
  ["JOIN_ROOM", verb(joinRoom, silently)],
  ["LEAVE_ROOM", verb(leaveRoom, silently)],
  ["WEBRTC_OFFER", signal("WEBRTC_OFFER")],
  ["WEBRTC_ANSWER", signal("WEBRTC_ANSWER")],
  ["WEBRTC_ICE_CANDIDATE", signal("WEBRTC_ICE_CANDIDATE")],
];
