import type { UserId } from "../core/ids.ts";
import { sha256 } from "../log/seal.ts";
import type { Connection } from "./connection.ts";
import type { FarMember, Room } from "./room.ts";

/** The same user's same page is the same peer, on whichever node; nobody else can be it. */
export const peerIdOf = (user: UserId, device: string): string => sha256(`${user}\n${device}`).slice(0, 20);

export const socketsOf = ({ here }: Room): Connection[] =>
  [...here.values()].map(({ connection }) => connection);

export const without = (connection: Connection, room: Room): Connection[] =>
  socketsOf(room).filter((other) => other !== connection);

export const othersThan = (user: UserId, { here }: Room): Connection[] =>
  [...here.values()].flatMap(({ peer, connection }) => (peer.user === user ? [] : connection));

/** V1: of two on different nodes, the one who came first hears of the other, whenever their nodes do. */
export function earlierThan({ peer, socket }: FarMember, { here }: Room): Connection[] {
  return [...here.values()].flatMap(({ peer: own, connection }) => {
    const isEarlier = own.place < peer.place || (own.place === peer.place && connection.id < socket);
    return own.user !== peer.user && isEarlier ? connection : [];
  });
}
