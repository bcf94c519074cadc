import type { Tracks } from "./link.ts";
import type { Media, Peer } from "./media.ts";
import { Mesh } from "./mesh.ts";
import { Sfu } from "./sfu.ts";

interface CallParts {
  readonly mesh: () => Mesh;
  readonly sfu: () => Sfu;
  readonly tracks: () => Tracks;
  readonly changed: () => void;
  readonly silenced: (isSilenced: boolean) => void;
}

/** How the room's call goes now, and how it moves from a mesh to LiveKit. */
export class Call {
  #media: Media | null = null;
  /** Where the room moves to. */
  #next: Sfu | null = null;
  #stops: readonly (() => void)[] = [];

  constructor(private readonly parts: CallParts) {}

  get media(): Media | null {
    return this.#media;
  }

  /** Who is in the room, and by what it goes: whoever is in a mesh stays there until LiveKit has let them in. */
  setPeers(kind: "mesh" | "livekit", peers: readonly Peer[], anew: boolean): void {
    if (kind === "mesh") this.#toMesh();
    else this.#toLiveKit();
    this.#media?.setPeers(peers, anew);
    this.#next?.setPeers(peers);
  }

  sends(tracks: Tracks): void {
    this.#media?.sends(tracks);
    this.#next?.sends(tracks);
  }

  close(): void {
    this.#dropNext();
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#media?.close();
    this.#media = null;
  }

  #toMesh(): void {
    this.#dropNext();
    if (!(this.#media instanceof Mesh)) this.#use(this.parts.mesh());
  }

  #toLiveKit(): void {
    if (this.#media instanceof Sfu || this.#next) return;
    const next = this.parts.sfu();
    if (!this.#media) {
      this.#use(next);
      return;
    }
    this.#next = next;
    next.sends(this.parts.tracks());
    next.isUp.subscribe(() => {
      if (this.#next !== next) return;
      this.#next = null;
      this.#use(next);
    });
  }

  #dropNext(): void {
    this.#next?.close();
    this.#next = null;
  }

  #use(media: Media): void {
    for (const stop of this.#stops) stop();
    this.#media?.close();
    this.#media = media;
    media.sends(this.parts.tracks());
    this.#stops = [
      media.remotes.subscribe(this.parts.changed),
      media.isSilenced.subscribe(() => this.parts.silenced(media.isSilenced.get())),
    ];
    this.parts.silenced(media.isSilenced.get());
    this.parts.changed();
  }
}
