/** Who must know in which elements a track is shown. */
interface Shower {
  attach(element: HTMLMediaElement): unknown;
  detach(element: HTMLMediaElement): unknown;
}

/** Of the tracks that are sent only as large as they are shown, by whom. */
export const shownBy = new WeakMap<MediaStreamTrack, Shower>();
