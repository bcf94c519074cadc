import type { LinkState, Tracks } from "./link.ts";
import { LANES } from "./local-media.ts";
import type { Quality } from "./quality.ts";
import type { Signal } from "./signal.ts";
import type { Told } from "./told.ts";

/** Somebody else's page in the room, as the server names it. */
export interface Peer {
  /** The same for as long as the page is open. */
  readonly id: string;
  /** When it came in; another where it had to come in again. */
  readonly since: number;
  /** One that speaks the plain dialect knows offer, answer and candidate, and nothing of what is only ours. */
  readonly isPlain: boolean;
  /** Whether its microphone is on, as the server has it: where it is not, nothing of it is heard. */
  readonly isMuted: boolean;
}

/** What comes of a peer. */
export interface Remote {
  readonly state: LinkState;
  readonly tracks: Tracks;
  readonly isSpeaking: boolean;
  readonly quality: Quality | null;
}

/** All that comes in, by peers. */
export type Remotes = ReadonlyMap<string, Remote>;

/** How sound and pictures go between the peers of a room: from each to each, or by a server. */
export interface Media {
  readonly remotes: Told<Remotes>;
  /** The browser plays no sound before the person has clicked. */
  readonly isSilenced: Told<boolean>;
  /** Who is in the room now; `anew` where this page had to come in again, and others may still have to. */
  setPeers(peers: readonly Peer[], anew: boolean): void;
  take(from: string, signal: Signal): void;
  /** What one sends from now on. */
  sends(tracks: Tracks): void;
  /** The network is another one. */
  restart(): void;
  /** Plays what was silenced; for a click. */
  unsilence(): void;
  close(): void;
}

/** Tells what comes in where anything of it has changed: a peer of whom nothing has stays as it was, and is not drawn anew. */
export function tellRemotes(told: Told<Remotes>, found: Remotes): void {
  const before = told.get();
  const now = new Map([...found].map(([id, remote]) => [id, kept(before.get(id), remote)]));
  const isSame = now.size === before.size && [...now].every(([id, remote]) => before.get(id) === remote);
  if (!isSame) told.set(now);
}

function kept(before: Remote | undefined, now: Remote): Remote {
  const isSame =
    before?.state === now.state &&
    before.isSpeaking === now.isSpeaking &&
    before.quality === now.quality &&
    LANES.every((lane) => before.tracks[lane] === now.tracks[lane]);
  return before && isSame ? before : now;
}
