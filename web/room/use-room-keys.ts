import { useEffect } from "react";
import { useClassroom } from "./use-room.ts";

/** M turns the microphone on or off, C the camera, H raises the hand; not where somebody writes. */
export function useRoomKeys(): void {
  const classroom = useClassroom();
  useEffect(() => {
    const { local, view } = classroom;
    const isOn = (lane: "microphone" | "camera") => local.told.get().lanes[lane].state === "on";
    // By their places: not every language writes in these letters.
    const actOf = (code: string): (() => void) | null => {
      if (code === "KeyM") return () => void local.turn("microphone", !isOn("microphone"));
      if (code === "KeyC") return () => void local.turn("camera", !isOn("camera"));
      return code === "KeyH" ? () => classroom.raise(!view.get().self.hand) : null;
    };
    const onKeyDown = (event: KeyboardEvent) => {
      const act = actOf(event.code);
      if (!act || event.repeat || event.ctrlKey || event.metaKey || event.altKey || isBusy(event.target))
        return;
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [classroom]);
}

const isBusy = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest("input, textarea, select, dialog") !== null;
