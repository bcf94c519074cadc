import type { Kind } from "./devices.ts";

const STORED = { microphone: "rollcall-microphone-off", camera: "rollcall-camera-off" } as const;

/** Whether it was turned off last in this tab: whoever has done so is not on air again by a reload, or by another way in. */
export const isTurnedOff = (kind: Kind): boolean => sessionStorage.getItem(STORED[kind]) !== null;

/** Remembers until the tab is closed whether it was turned on or off. */
export function rememberTurned(kind: Kind, on: boolean): void {
  if (on) sessionStorage.removeItem(STORED[kind]);
  else sessionStorage.setItem(STORED[kind], "");
}
