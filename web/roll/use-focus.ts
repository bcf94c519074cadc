import {
  type FocusEvent,
  type KeyboardEvent,
  type RefObject,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import type { Pupil } from "./pupils.ts";

interface Parts {
  readonly pupils: readonly Pupil[];
  readonly columns: number;
  readonly tiles: RefObject<HTMLDivElement | null>;
  /** Brings the pupil at this place into sight. */
  readonly reach: (at: number) => void;
}

interface Focus {
  /** Whose tile the tabulator comes to; it stays in the page wherever the person scrolls. */
  readonly active: string | null;
  /** Their place among those shown; -1 where nobody is. */
  readonly at: number;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocus: (event: FocusEvent) => void;
}

/** One tile is reached by the tabulator, and the arrows move from there. */
export function useFocus({ pupils, columns, tiles, reach }: Parts): Focus {
  const [chosen, setChosen] = useState<string | null>(null);
  const wanted = useRef<string | null>(null);
  const found = pupils.findIndex(({ id }) => id === chosen);
  const at = found === -1 ? Math.min(0, pupils.length - 1) : found;
  // A tile that was out of sight is in the page only once it has been drawn.
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    const tile = tiles.current?.querySelector<HTMLElement>(`[data-student="${CSS.escape(wanted.current)}"]`);
    if (!tile) return;
    tile.focus({ preventScroll: true });
    wanted.current = null;
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = moved(event.key, at, columns, pupils.length);
    if (to === null) return;
    event.preventDefault();
    const next = pupils[to];
    if (!next) return;
    wanted.current = next.id;
    setChosen(next.id);
    reach(to);
  };
  const onFocus = ({ target }: FocusEvent) => {
    const student = target instanceof HTMLElement && target.closest<HTMLElement>("[data-of]")?.dataset.of;
    if (student) setChosen(student);
  };
  return { active: pupils[at]?.id ?? null, at, onKeyDown, onFocus };
}

/** Where a key leads from there; null for one that leads nowhere. */
function moved(key: string, at: number, columns: number, count: number): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    PageUp: -columns * 5,
    PageDown: columns * 5,
    Home: -count,
    End: count,
  };
  const step = steps[key];
  if (step === undefined) return null;
  const to = at + step;
  const isLine = key === "ArrowUp" || key === "ArrowDown";
  // An arrow that would leave the roll stays where it is, in its column.
  if (isLine && (to < 0 || to >= count)) return at;
  return Math.max(0, Math.min(count - 1, to));
}
