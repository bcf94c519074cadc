import { useEffect, useRef } from "react";
import { Initials } from "../parts/initials.tsx";
import { shownBy } from "./call/showing.ts";
import css from "./picture.module.css";

interface PictureProps {
  readonly of: string;
  readonly track: MediaStreamTrack | null;
  readonly label: string;
  /** One sees oneself as in a mirror. */
  readonly isMirrored?: boolean;
  /** A screen is shown whole, a face may be cut at its edges. */
  readonly isWhole?: boolean;
}

/** A moving picture, or the letters of a name where there is none. Its sound is played elsewhere. */
export function Picture({ of, track, label, isMirrored = false, isWhole = false }: PictureProps) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element || !track) return;
    const shower = shownBy.get(track);
    if (shower) shower.attach(element);
    else element.srcObject = new MediaStream([track]);
    // A page in the background may keep it back; the browser goes on by itself once it is seen.
    element.play().catch(() => undefined);
    return () => {
      shower?.detach(element);
      element.srcObject = null;
    };
  }, [track]);
  return (
    <div className={css.picture} data-mirrored={isMirrored || undefined} data-whole={isWhole || undefined}>
      {track ? <video ref={video} muted playsInline aria-label={label} /> : <Initials of={of} />}
    </div>
  );
}
