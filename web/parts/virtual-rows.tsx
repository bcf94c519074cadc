import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import css from "./list.module.css";

/** Up to so many rows are simply there. */
const PLAIN_MAX = 60;
const ROW_PX = 73;

interface VirtualRowsProps<T> {
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  /** The inside of a row. */
  readonly children: (item: T) => ReactNode;
  /** Called when the last rows come into sight. */
  readonly onEnd?: () => void;
}

/** Rows with lines between them, of which only those in sight are in the page: a roll may be of thousands. */
export function VirtualRows<T>(props: VirtualRowsProps<T>) {
  return props.items.length <= PLAIN_MAX ? <PlainRows {...props} /> : <LongRows {...props} />;
}

function PlainRows<T>({ items, keyOf, children, onEnd }: VirtualRowsProps<T>) {
  useEffect(() => onEnd?.(), [onEnd]);
  return (
    <ul className={css.rows}>
      {items.map((item) => (
        <li key={keyOf(item)}>{children(item)}</li>
      ))}
    </ul>
  );
}

function LongRows<T>({ items, keyOf, children, onEnd }: VirtualRowsProps<T>) {
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop((list.current?.getBoundingClientRect().top ?? 0) + scrollY), []);
  const rows = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => ROW_PX,
    overscan: 8,
    scrollMargin: top,
    getItemKey: (index) => keyAt(items, index, keyOf),
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const isAtEnd = last >= items.length - 1;
  useEffect(() => {
    if (isAtEnd) onEnd?.();
  }, [isAtEnd, onEnd]);
  return (
    <ul ref={list} className={css.rows} style={{ position: "relative", height: rows.getTotalSize() }}>
      {shown.map(({ index, key, start }) => (
        <li
          key={key}
          ref={rows.measureElement}
          data-index={index}
          aria-setsize={items.length}
          aria-posinset={index + 1}
          className={css.placed}
          style={{ transform: `translateY(${start - top}px)` }}
        >
          {items.slice(index, index + 1).map(children)}
        </li>
      ))}
    </ul>
  );
}

function keyAt<T>(items: readonly T[], index: number, keyOf: (item: T) => string): string | number {
  const item = items[index];
  return item === undefined ? index : keyOf(item);
}
