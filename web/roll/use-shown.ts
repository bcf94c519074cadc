import { useMemo, useRef, useSyncExternalStore } from "react";
import type { Desk } from "./desk.ts";
import { type Filter, type Pupil, shownOf } from "./pupils.ts";

const NOBODY: ReadonlySet<string> = new Set();
const always = () => 0;

interface Last {
  readonly key: string;
  readonly shown: readonly Pupil[];
}

/**
 * Those who are shown, the same array until they change. While somebody marks, whoever leaves the filter by that stays:
 * the next tile must not slide under the finger.
 */
export function useShown(
  desk: Desk,
  pupils: readonly Pupil[],
  text: string,
  filter: Filter,
): readonly Pupil[] {
  const version = useSyncExternalStore(desk.subscribe, filter === "all" ? always : desk.version);
  const last = useRef<Last>({ key: "", shown: [] });
  return useMemo(() => {
    const key = `${filter} ${text} ${version < 0}`;
    const stays = last.current.key === key && desk.isBusy;
    const lingering = stays ? new Set(last.current.shown.map(({ id }) => id)) : NOBODY;
    const next = shownOf(pupils, text, filter, desk.statuses(), lingering);
    const before = last.current.shown;
    const isSame = next.length === before.length && next.every((pupil, at) => pupil === before[at]);
    last.current = { key, shown: isSame ? before : next };
    return last.current.shown;
  }, [desk, pupils, text, filter, version]);
}
