import { type FarMember, isSame, type Peer, type Room } from "./room.ts";

interface FarDifference {
  /** Pages from here that have come back by the other node. */
  readonly back: readonly string[];
  /** Sockets that were not there before. */
  readonly arrived: readonly FarMember[];
  /** Peers that are new, or show another thing than before. */
  readonly changed: readonly Peer[];
  /** Whoever is muted since, or not any more. */
  readonly hushed: readonly Peer[];
}

/** What is new of a room where another node has these in it `now`, which the room knows already, and had those `before`. */
export function farDifference(
  room: Room,
  before: readonly FarMember[],
  now: readonly FarMember[],
): FarDifference {
  const known = new Map(before.map(({ peer }) => [peer.id, peer]));
  const peers = now.map(({ peer }) => peer);
  return {
    back: peers.flatMap(({ id, place }) => ((room.here.get(id)?.peer.place ?? place) < place ? id : [])),
    arrived: now.filter(({ socket }) => !before.some((one) => one.socket === socket)),
    changed: peers.filter((peer) => {
      const one = known.get(peer.id);
      return room.find(peer.id)?.peer === peer && !(one && isSame(one, peer));
    }),
    hushed: peers.filter((peer) => peer.muted || known.get(peer.id)?.muted),
  };
}
