import type { Soon } from "./desk.ts";

/** With the next picture, or within a quarter of a second where the page is hidden and has none. */
export const nextPicture: Soon = (run) => {
  if (document.hidden) setTimeout(run, 250);
  else requestAnimationFrame(run);
};
