import { useState, useSyncExternalStore } from "react";

export type View = "grid" | "list";

const CHOICE = "rollcall-roll-view";
const PHONE = "(max-width: 37.5em)";

/** Grid or list, as it was chosen on this device; on a phone there are rows alone. */
export function useView(): readonly [View, (view: View) => void] {
  const isPhone = useMatches(PHONE);
  const [chosen, setChosen] = useState<View>(localStorage.getItem(CHOICE) === "list" ? "list" : "grid");
  const choose = (view: View) => {
    localStorage.setItem(CHOICE, view);
    setChosen(view);
  };
  return [isPhone ? "list" : chosen, choose];
}

function useMatches(query: string): boolean {
  const subscribe = (listener: () => void) => {
    const media = matchMedia(query);
    media.addEventListener("change", listener);
    return () => media.removeEventListener("change", listener);
  };
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}
