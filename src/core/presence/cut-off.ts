import type { Stay } from "./intervals.ts";

/** For so long, in ms, a carrier of media names whose network is cut, and longer only whom it has heard of since. */
export const PATIENCE_MS = 45_000;

/** The last sign of a socket's life may be so much older than the cut, in ms: it is asked for one every two seconds. */
export const SIGN_MS = 3000;

/** A stay that has ended. */
interface Over extends Stay {
  readonly to: number;
}

/**
 * PR61: a person's stays by what is known afterwards. Whose network is cut is so for the carrier of the media too, which
 * may notice later than it happened and sooner than our server does: what it then says ended with the last sign of life,
 * the socket's or their coming into the call, unless the person had another socket meanwhile.
 */
export function cutShort(stays: readonly Stay[]): readonly Stay[] {
  const sockets = stays.filter(({ fromBy }) => fromBy === "socket");
  const cuts = sockets.filter((stay): stay is Over => stay.to !== null && stay.toBy === "last-sign-of-life");
  if (cuts.length === 0) return stays;
  const signs = new Map<Stay, number>(cuts.map((cut) => [cut, cut.to]));
  const cutBy = new Map<Stay, Stay>();
  for (const stay of stays) {
    const cut = cuts.find((socket) => endsWith(stay, socket, sockets));
    if (!cut) continue;
    cutBy.set(stay, cut);
    signs.set(cut, Math.max(signs.get(cut) ?? cut.to, stay.from));
  }
  return stays.map((stay) => {
    const cut = cutBy.get(stay) ?? stay;
    const to = signs.get(cut);
    return to === undefined ? stay : { ...stay, to, toBy: cut.toBy };
  });
}

/** Whether the carrier's stay was over when the socket was. */
function endsWith({ from, to, fromBy, toBy }: Stay, socket: Over, sockets: readonly Stay[]): boolean {
  if (to === null || fromBy === "socket" || toBy === "end") return false;
  const isAfterglow = from <= socket.to + SIGN_MS && socket.to < to && to - socket.to <= PATIENCE_MS;
  const isElsewhere = (other: Stay) => other.from <= to && (other.to === null || other.to > socket.to);
  return isAfterglow && !sockets.some(isElsewhere);
}
