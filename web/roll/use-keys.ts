import { type RefObject, useEffect } from "react";
import type { Desk } from "./desk.ts";
import type { Standing } from "./roll.tsx";

interface Parts {
  readonly desk: Desk;
  readonly search: RefObject<HTMLInputElement | null>;
  readonly tiles: RefObject<HTMLDivElement | null>;
  readonly standing: Standing;
  readonly setStanding: (standing: Standing) => void;
}

/** The keys that work wherever the focus is, but where somebody writes or is asked something; P and A on a tile alone. */
export function useKeys({ desk, search, tiles, standing, setStanding }: Parts): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (standing !== null || event.defaultPrevented || isWriting(event.target)) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const act = actionOf(event);
      if (!act) return;
      event.preventDefault();
      act();
    };
    const actionOf = ({ key, code, target }: KeyboardEvent): (() => void) | null => {
      if (key === "/") return () => search.current?.focus();
      if (key === "?") return () => setStanding("keys");
      // By its place on the keyboard too: not every language writes in these letters.
      if (key.toLowerCase() === "u" || code === "KeyU") return () => desk.undo();
      const student = studentAt(target);
      if (student === null) return key.startsWith("Arrow") ? () => firstOf(tiles)?.focus() : null;
      if (key.toLowerCase() === "p" || code === "KeyP") return () => desk.mark(student, "present");
      if (key.toLowerCase() === "a" || code === "KeyA") return () => desk.mark(student, "absent");
      return null;
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [desk, search, tiles, standing, setStanding]);
}

const firstOf = (tiles: RefObject<HTMLDivElement | null>) =>
  tiles.current?.querySelector<HTMLElement>("[data-student][tabindex='0']");

const studentAt = (target: EventTarget | null): string | null =>
  (target instanceof HTMLElement && target.closest<HTMLElement>("[data-of]")?.dataset.of) || null;

const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.closest(
    "input:not([type=radio]):not([type=checkbox]), textarea, select, dialog, [contenteditable]",
  ) !== null;
