import type { Peer as RoomPeer, Shown } from "../../client/room.ts";
import type { LinkState } from "./call/link.ts";
import type { LocalState } from "./call/local-media.ts";
import type { Remote, Remotes } from "./call/media.ts";
import { best, type Quality } from "./call/quality.ts";

/** Somebody in the room as a tile shows them: one page of one person. */
export interface Person {
  /** The peer's; one's own is `self`. */
  readonly id: string;
  readonly user: string;
  readonly name: string;
  readonly role: "teacher" | "student";
  readonly isSelf: boolean;
  readonly hand: boolean;
  readonly isMicOn: boolean;
  readonly camera: MediaStreamTrack | null;
  readonly screen: MediaStreamTrack | null;
  readonly isSpeaking: boolean;
  readonly state: LinkState;
  readonly quality: Quality | null;
}

export interface Me {
  readonly id: string;
  readonly name: string;
  readonly role: "teacher" | "student";
}

/** What one shows of oneself, by what is on. */
export const shownOf = ({ lanes }: LocalState, hand: boolean): Shown => ({
  hand,
  mic: lanes.microphone.state === "on",
  camera: lanes.camera.state === "on",
  screen: lanes.screen.state === "on",
});

/** Oneself. */
export function selfOf(me: Me, local: LocalState, own: { hand: boolean; isSpeaking: boolean }): Person {
  const { mic } = shownOf(local, own.hand);
  return {
    id: "self",
    user: me.id,
    name: me.name,
    role: me.role,
    isSelf: true,
    hand: own.hand,
    isMicOn: mic,
    camera: local.tracks.camera,
    screen: local.tracks.screen,
    isSpeaking: mic && own.isSpeaking,
    state: "live",
    quality: null,
  };
}

/** Somebody else: what the server says they show, and what comes of it. */
export function personOf(peer: RoomPeer, remote: Remote | undefined): Person {
  const tracks = remote?.tracks;
  return {
    id: peer.peer,
    user: peer.user,
    name: peer.name ?? peer.user,
    role: peer.role,
    isSelf: false,
    hand: peer.hand,
    isMicOn: peer.plain ? Boolean(tracks?.microphone) && !peer.muted : peer.mic,
    camera: (peer.plain || peer.camera ? tracks?.camera : null) ?? null,
    screen: (peer.screen ? tracks?.screen : null) ?? null,
    isSpeaking: remote?.isSpeaking ?? false,
    state: remote?.state ?? "connecting",
    quality: remote?.quality ?? null,
  };
}

/** How many people these pages are of. */
export const headsOf = (pages: readonly Person[]): number => new Set(pages.map(({ user }) => user)).size;

/** Which page of theirs it is, in the order given; null where they have but one. */
export function pageOf({ id, user }: Person, pages: readonly Person[]): number | null {
  const own = pages.filter((one) => one.user === user);
  return own.length > 1 ? own.findIndex((one) => one.id === id) + 1 : null;
}

/** How one's own connection is; null while nothing speaks of it. */
export type Own = Quality | "cut" | "alone";

/** One's own connection is at least as good as the best of those to the others. */
export function ownConnection(isCut: boolean, remotes: Remotes): Own | null {
  const all = [...remotes.values()];
  const wasUp = all.filter(({ state }) => state !== "connecting");
  if (wasUp.length > 0 && wasUp.every(({ state }) => state === "weak" || state === "lost")) return "alone";
  if (isCut) return "cut";
  return best(all.map(({ quality }) => quality));
}
