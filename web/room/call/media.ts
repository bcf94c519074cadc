import type { LinkState, Tracks } from "./link.ts";
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
