import { defaultRangeExtractor, useWindowVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useLayoutEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty } from "../parts/empty.tsx";
import type { Desk } from "./desk.ts";
import type { Pupil } from "./pupils.ts";
import { Row } from "./row.tsx";
import { Tile } from "./tile.tsx";
import css from "./tiles.module.css";
import { useFocus } from "./use-focus.ts";
import type { View } from "./use-view.ts";

interface TilesProps {
  readonly desk: Desk;
  readonly pupils: readonly Pupil[];
  /** How many there are, shown or not. */
  readonly everyone: number;
  readonly view: View;
  readonly tiles: RefObject<HTMLDivElement | null>;
  readonly clock: (at: number) => string;
}

/** In pixels at a text size of 16: how high a line is, the gap around, and how narrow one may be. */
const SIZES = {
  grid: { line: 132, gap: 8, width: 168 },
  list: { line: 57, gap: 0, width: 360 },
} as const;
/** Between the columns of the list, so that no target is far from its name. */
const BETWEEN = { grid: 8, list: 24 } as const;
/** What the bars at the top and at the bottom cover. */
const COVERED = { start: 120, end: 104 };

/** Everyone who is shown; only those in sight are in the page, and whoever has the focus. */
export function Tiles({ desk, pupils, everyone, view, tiles, clock }: TilesProps) {
  const { t } = useTranslation();
  const { columns, top, scale } = useMeasures(tiles, view);
  const lineOf = (at: number) => Math.floor(at / columns);
  const focus = useFocus({ pupils, columns, tiles, reach: (at) => lines.scrollToIndex(lineOf(at)) });
  const size = SIZES[view].line * scale;
  const between = BETWEEN[view];
  const lines = useWindowVirtualizer({
    count: Math.ceil(pupils.length / columns),
    estimateSize: () => size,
    overscan: 3,
    scrollMargin: top,
    scrollPaddingStart: COVERED.start,
    scrollPaddingEnd: COVERED.end,
    rangeExtractor: (range) => {
      const inSight = defaultRangeExtractor(range);
      const own = lineOf(focus.at);
      return inSight.includes(own) || focus.at < 0 ? inSight : [...inSight, own].sort((a, b) => a - b);
    },
  });
  useLayoutEffect(() => {
    if (size > 0) lines.measure();
  }, [lines, size]);
  const One = view === "grid" ? Tile : Row;
  const placed = lines.getVirtualItems().flatMap((line) => {
    const from = line.index * columns;
    return pupils.slice(from, from + columns).map((pupil, column) => ({ pupil, column, line }));
  });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrows move between the buttons in it
    <div
      ref={tiles}
      className={css.tiles}
      data-view={view}
      onKeyDown={focus.onKeyDown}
      onFocus={focus.onFocus}
    >
      {pupils.length === 0 && (
        <Empty level={2} title={t("roll.noneShown")}>
          {t(everyone === 0 ? "roll.nobodyNext" : "roll.noneShownNext")}
        </Empty>
      )}
      <ul aria-label={t("roll.list")} style={{ height: lines.getTotalSize() }}>
        {placed.map(({ pupil, column, line }) => (
          <li
            key={pupil.id}
            className={css.place}
            aria-setsize={pupils.length}
            aria-posinset={line.index * columns + column + 1}
            data-of={pupil.id}
            style={{
              top: line.start - top,
              height: line.size - SIZES[view].gap,
              insetInlineStart: `calc(${column} * (100% + ${between}px) / ${columns})`,
              width: `calc((100% - ${columns - 1} * ${between}px) / ${columns})`,
            }}
          >
            <One {...{ desk, pupil, clock }} isActive={pupil.id === focus.active} />
          </li>
        ))}
      </ul>
    </div>
  );
}

interface Measures {
  readonly columns: number;
  /** How far down the page the tiles begin, in pixels. */
  readonly top: number;
  /** How much larger than usual the person has their text. */
  readonly scale: number;
}

function useMeasures(tiles: RefObject<HTMLDivElement | null>, view: View): Measures {
  const [measures, setMeasures] = useState<Measures>({ columns: 1, top: 0, scale: 1 });
  useLayoutEffect(() => {
    const element = tiles.current;
    if (!element) return;
    const measure = () => {
      const scale = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;
      const between = BETWEEN[view];
      const fit = Math.floor((element.clientWidth + between) / (SIZES[view].width * scale + between));
      const columns = Math.max(1, fit);
      const top = Math.round(element.getBoundingClientRect().top + scrollY);
      setMeasures((before) =>
        before.columns === columns && before.top === top && before.scale === scale
          ? before
          : { columns, top, scale },
      );
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [tiles, view]);
  return measures;
}
