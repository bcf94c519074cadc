import { watchLevel } from "./level.ts";

/** Of the meter's scale: louder is speech. */
const SPEECH = 0.12;

/** Tells whether one's own microphone hears speech. */
export class OwnVoice {
  isSpeaking = false;
  #watched: MediaStreamTrack | null = null;
  #stop: () => void = () => undefined;

  constructor(private readonly changed: () => void) {}

  /** Listens to this track from now on, or to none. */
  watch(track: MediaStreamTrack | null): void {
    if (track === this.#watched) return;
    this.#stop();
    this.#stop = () => undefined;
    this.#watched = track;
    this.isSpeaking = false;
    if (!track) return;
    this.#stop = watchLevel(track, (level) => {
      if (level > SPEECH === this.isSpeaking) return;
      this.isSpeaking = level > SPEECH;
      this.changed();
    });
  }
}
