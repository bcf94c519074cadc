import type { Stay } from "../core/presence/intervals.ts";
import type { Session } from "../core/session/state.ts";

/** The name in the log of a socket, which its node tells from its others by `id`. */
export const socketDevice = (node: string, id: string): string => `socket ${node} ${id}`;

/** The name in the log of a participant of whoever carries the media. */
export const carriedDevice = (id: string): string => `carried ${id}`;

/** Whether it is such a participant's. */
export const isCarried = (device: string): boolean => device.startsWith("carried ");

/** The node that holds the socket; null where it is none. */
export const nodeOf = (device: string): string | null => {
  const [kind, node = null] = device.split(" ");
  return kind === "socket" ? node : null;
};

/** The peers that are in the session's room by a socket, by its log. */
export const pagesIn = ({ stays }: Readonly<Session>): ReadonlySet<string> =>
  new Set([...stays.values()].flatMap((ofUser) => ofUser.flatMap((stay) => pageOf(stay) ?? [])));

function pageOf({ device, to }: Stay): string | null {
  const [kind, , peer = null] = device.split(" ");
  return kind === "socket" && to === null ? peer : null;
}

/** Whether somebody may be in the session's call by its log: whose leaving its carrier has not told may still be there. */
export const hasCaller = ({ stays }: Readonly<Session>): boolean =>
  [...stays.values()].some((ofUser) =>
    ofUser.some(({ device, to, toBy }) => (to === null || toBy === "last-sign-of-life") && isCarried(device)),
  );
