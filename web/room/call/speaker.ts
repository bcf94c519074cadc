import { Told } from "./told.ts";

/** Plays the sound of everyone else, each by an element of its own that is in no page. */
export class Speaker {
  readonly isSilenced = new Told(false);
  readonly #playing = new Map<string, HTMLAudioElement>();

  /** Plays the track as that of this peer; nothing where there is none, or where nothing is to be heard of it. */
  play(peer: string, track: MediaStreamTrack | null, isMuted: boolean): void {
    if (!track) {
      this.forget(peer);
      return;
    }
    const element = this.#playing.get(peer) ?? new Audio();
    this.#playing.set(peer, element);
    element.muted = isMuted;
    const [playing] = element.srcObject instanceof MediaStream ? element.srcObject.getTracks() : [];
    if (playing === track) return;
    element.srcObject = new MediaStream([track]);
    this.#start(element);
  }

  /** The peer is gone. */
  forget(peer: string): void {
    const element = this.#playing.get(peer);
    if (element) element.srcObject = null;
    this.#playing.delete(peer);
  }

  /** Plays what the browser has kept back; for a click. */
  unsilence(): void {
    this.isSilenced.set(false);
    for (const element of this.#playing.values()) this.#start(element);
  }

  /** Plays nothing any more. */
  close(): void {
    for (const peer of [...this.#playing.keys()]) this.forget(peer);
  }

  #start(element: HTMLAudioElement): void {
    element.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === "NotAllowedError") this.isSilenced.set(true);
    });
  }
}
