import { type CSSProperties, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { chief, columnsFor, type Tile, tilesOf, tileWidth } from "./layout.ts";
import css from "./stage.module.css";
import { TileOf } from "./tile.tsx";
import { useView } from "./use-room.ts";

export type Layout = "grid" | "speaker";

/** Everyone in the room. A shared screen stands large in either layout. */
export function Stage({ layout }: { readonly layout: Layout }) {
  const { t } = useTranslation();
  const { others, self } = useView();
  const tiles = tilesOf(others, self);
  const last = useRef<string | null>(null);
  const large =
    layout === "speaker" || tiles.some(({ isScreen }) => isScreen) ? chief(tiles, last.current) : null;
  useEffect(() => {
    if (large && !large.isScreen) last.current = large.key;
  }, [large]);
  if (!large || tiles.length === 1)
    return (
      <div className={css.stage} data-stage>
        <Grid tiles={tiles} label={t("room.everyone")} />
      </div>
    );
  return (
    <div className={css.stage} data-stage data-large>
      <ul className={css.large} aria-label={t("room.large")}>
        <TileOf key={large.key} tile={large} isLarge />
      </ul>
      <ul className={css.strip} aria-label={t("room.everyone")}>
        {tiles.flatMap((tile) => (tile.key === large.key ? [] : <TileOf key={tile.key} tile={tile} />))}
      </ul>
    </div>
  );
}

function Grid({ tiles, label }: { readonly tiles: readonly Tile[]; readonly label: string }) {
  const place = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(place);
  const columns = columnsFor(tiles.length, width, height);
  const style: CSSProperties & Record<`--${string}`, string> = {
    "--columns": String(columns),
    "--tile": `${tileWidth(tiles.length, columns, width, height)}px`,
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is scrolled must be reached by keyboard
    <div ref={place} className={css.place} tabIndex={0}>
      <ul className={css.grid} style={style} aria-label={label}>
        {tiles.map((tile) => (
          <TileOf key={tile.key} tile={tile} />
        ))}
      </ul>
    </div>
  );
}

/** The size of an element, kept up with. */
function useSize(element: React.RefObject<HTMLElement | null>) {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => {
      const box = entry?.contentRect;
      if (box) setSize({ width: box.width, height: box.height });
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return size;
}
