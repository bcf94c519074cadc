import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, type RefObject, useLayoutEffect, useRef, useState } from "react";
import css from "./proposals.module.css";

interface Item {
  readonly id: string;
}

interface TableRows {
  readonly table: RefObject<HTMLTableElement | null>;
  /** For the table's body, whose columns must not go by what is in them. */
  readonly rows: ReactNode;
}

const ROW_PX = 61;
/** The header is the first row. */
const FIRST_ROW = 2;

/**
 * Rows of a table in a dialog, of which only those in sight are in the page, and whichever has the focus; `cells` gives
 * the inside of one.
 */
export function useTableRows<T extends Item>(items: readonly T[], cells: (item: T) => ReactNode): TableRows {
  const table = useRef<HTMLTableElement>(null);
  const [top, setTop] = useState(0);
  const [focused, setFocused] = useState<string | null>(null);
  const own = focused === null ? -1 : items.findIndex(({ id }) => id === focused);
  const lines = useVirtualizer({
    count: items.length,
    getScrollElement: () => scrollerOf(table.current),
    estimateSize: () => ROW_PX,
    overscan: 8,
    scrollMargin: top,
    getItemKey: (at) => items[at]?.id ?? at,
    rangeExtractor: (range) => {
      const inSight = defaultRangeExtractor(range);
      return own < 0 || inSight.includes(own) ? inSight : [...inSight, own].sort((a, b) => a - b);
    },
  });
  // What stands above the rows may be of any height.
  useLayoutEffect(() => setTop(topOf(table.current)));
  const rows: ReactNode[] = [];
  let below = top;
  for (const { index, key, start, end } of lines.getVirtualItems()) {
    if (start > below) rows.push(<Gap key={`before ${key}`} height={start - below} />);
    below = end;
    const [item] = items.slice(index, index + 1);
    if (item)
      rows.push(
        <tr
          key={key}
          ref={lines.measureElement}
          data-index={index}
          aria-rowindex={index + FIRST_ROW}
          onFocus={() => setFocused(item.id)}
          onBlur={() => setFocused(null)}
        >
          {cells(item)}
        </tr>,
      );
  }
  const rest = lines.getTotalSize() + top - below;
  if (rest > 0) rows.push(<Gap key="rest" height={rest} />);
  return { table, rows };
}

/** The room of rows that are out of sight. */
const Gap = ({ height }: { readonly height: number }) => (
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row takes no focus
  <tr className={css.gap} aria-hidden="true">
    <td colSpan={3} style={{ height }} />
  </tr>
);

const scrollerOf = (table: HTMLTableElement | null): HTMLElement | null =>
  table?.closest<HTMLElement>("[data-scrolls]") ?? null;

/** How far down in what scrolls the rows begin, in pixels. */
function topOf(table: HTMLTableElement | null): number {
  const [body, scroller] = [table?.tBodies[0], scrollerOf(table)];
  if (!body || !scroller) return 0;
  return Math.round(
    body.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop,
  );
}
